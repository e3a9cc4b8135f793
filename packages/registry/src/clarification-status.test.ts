// Whatever is said about a question, in whatever order it arrives: where it stands is what a calendar shows that is turned day by day.

import { signerFromSeed } from '@comity/ed25519';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type ClarificationStatus, clarificationStatus } from './index.ts';
import { day, type IssuedOptions, issued, retraction, STATES, signWith } from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(6)));

const [ASKS, ASKED, THIRD] = [0, 1, 2];
const [REPLY_BY, LAST] = [10, 30];
const english = new Map([['en', 'x']]);

interface Said {
  readonly onDay: number;
  readonly means: 'acknowledged' | 'answered' | 'declined' | 'withdrawn' | 'nothing';
  readonly view: View;
}

let question: View;
let said: readonly Said[];

beforeAll(async () => {
  const to = STATES[ASKED] as string;
  question = await issued(
    'clarification',
    { kind: 'question', to, text: english, replyBy: day(REPLY_BY) },
    { subject: 'question' },
  );
  const reply = (kind: string, onDay: number, options: IssuedOptions = {}, more: object = {}) =>
    issued(
      'clarification',
      {
        ...{ kind, to: STATES[ASKS] as string, inReplyTo: question.header.id },
        ...(kind === 'answer' && { text: english }),
        ...(kind === 'decline' && { reason: 'defence' }),
        ...more,
      },
      { subject: `${kind}-${onDay}`, by: ASKED, onDay, ...options },
    );
  const pool: Said[] = [];
  for (const onDay of [1, 4, 9, 10, 11, 16, 25]) {
    pool.push(
      { onDay, means: 'acknowledged', view: await reply('acknowledgement', onDay) },
      { onDay, means: 'answered', view: await reply('answer', onDay) },
      { onDay, means: 'declined', view: await reply('decline', onDay) },
      { onDay, means: 'withdrawn', view: await retraction(question, onDay) },
      { onDay, means: 'nothing', view: await retraction(question, onDay, { by: ASKED }) },
      { onDay, means: 'nothing', view: await reply('answer', onDay, { by: THIRD }) },
      { onDay, means: 'nothing', view: await reply('decline', onDay, { exercise: 'storm-1' }) },
      { onDay, means: 'nothing', view: await reply('answer', onDay, {}, { to: STATES[THIRD] }) },
    );
  }
  said = pool;
});

type Shown = Pick<ClarificationStatus, 'status' | 'sinceSeconds' | 'overdue' | 'late'>;

/** What the calendar shows on a day: turned from the first day on, with what was said until then. */
function turned(until: number, chosen: readonly Said[]): Shown {
  let [receivedOn, withdrawnOn, firstReplyOn]: (number | undefined)[] = [];
  let reply: { readonly word: 'answered' | 'declined'; readonly onDay: number } | undefined;
  for (let today = 0; today <= until; today += 1) {
    const heard = chosen.filter(({ onDay }) => onDay === today).toSorted(byId);
    for (const { means } of heard) {
      if (means === 'acknowledged') receivedOn ??= today;
      if (means === 'withdrawn') withdrawnOn ??= today;
      if (means !== 'answered' && means !== 'declined') continue;
      reply = { word: means, onDay: today };
      firstReplyOn ??= today;
    }
  }
  const late = firstReplyOn !== undefined && firstReplyOn > REPLY_BY;
  if (reply !== undefined)
    return { status: reply.word, sinceSeconds: day(reply.onDay), overdue: false, late };
  if (withdrawnOn !== undefined)
    return { status: 'withdrawn', sinceSeconds: day(withdrawnOn), overdue: false, late };
  return {
    status: receivedOn === undefined ? 'open' : 'acknowledged',
    sinceSeconds: day(receivedOn ?? 0),
    overdue: until > REPLY_BY,
    late,
  };
}

const byId = ({ view: a }: Said, { view: b }: Said): number => (a.header.id < b.header.id ? -1 : 1);

test('is what the calendar shows, whatever was said, in any order and any number of times', () => {
  const seen = new Set<string>();
  const choices = fc.record({
    places: fc.array(fc.nat(55), { maxLength: 6 }),
    until: fc.nat(LAST),
    order: fc.infiniteStream(fc.nat(1_000)),
  });
  fc.assert(
    fc.property(choices, ({ places, until, order }) => {
      const chosen = places.map((place) => said[place] as Said);
      const views = chosen.map(({ view }) => view);
      const found = clarificationStatus({ question, others: views }, day(until));
      const { status, sinceSeconds, overdue, late } = found;
      expect({ status, sinceSeconds, overdue, late }).toEqual(turned(until, chosen));
      const shuffled = [...views, ...views, question]
        .map((view) => ({ view, place: order.next().value as number }))
        .sort((a, b) => a.place - b.place)
        .map(({ view }) => view);
      expect(clarificationStatus({ question, others: shuffled }, day(until))).toEqual(found);
      seen.add(`${status}${overdue ? ' overdue' : ''}${late ? ' late' : ''}`);
    }),
    { numRuns: 1_500, seed: 8 },
  );
  expect([...seen].sort()).toEqual(
    ['open', 'open overdue', 'acknowledged', 'acknowledged overdue', 'withdrawn']
      .concat(['answered', 'answered late', 'declined', 'declined late'])
      .sort(),
  );
});

test('says why it was declined, and when the question was received', () => {
  const of = (means: Said['means']): View => said.find((each) => each.means === means)?.view as View;
  const status = clarificationStatus({ question, others: [of('declined'), of('acknowledged')] }, day(LAST));
  expect(status).toMatchObject({
    ...{ to: STATES[ASKED], replyBySeconds: day(REPLY_BY), acknowledgedAtSeconds: day(1), unknown: [] },
    reply: { id: of('declined').header.id, kind: 'decline', reason: 'defence', issuedAtSeconds: day(1) },
  });
});
