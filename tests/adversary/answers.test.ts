import type { QueryAnswer } from '@comity/exchange';
import type { View } from '@comity/record';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from '../federation/deadline.ts';
import { ForeignNode } from '../federation/foreign-node.ts';
import { ForeignState, nowSeconds } from '../federation/foreign-state.ts';
import { type FoundedState, recognise } from '../federation/founding.ts';
import type { NodeProcess } from '../federation/node-process.ts';
import { type OneNode, startOneNode } from '../federation/one-node.ts';
import { craftRecord } from './crafted-record.ts';
import { draftOf, holds } from './hostile-peer.ts';

// A recognised peer is asked, and answers with what it should not. What it sent before that is kept, as it was asked for.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const MAX_ANSWERS = 20;

let suite: OneNode;
let founded: FoundedState;
let node: NodeProcess;

beforeAll(async () => {
  suite = await startOneNode({ COMITY_QUERY_MAX_ANSWERS: String(MAX_ANSWERS) });
  ({ founded, node } = suite);
});

afterAll(async () => {
  await suite?.[Symbol.asyncDispose]();
});

interface Outcome {
  readonly outcome: string;
  readonly code: string | null;
  readonly records: readonly { readonly id: string }[];
  readonly more: boolean;
  readonly next: string | null;
}

type Round = () => AsyncIterable<QueryAnswer>;

const answerOf = ({ bytes, disclosures }: View): QueryAnswer => ({
  record: bytes,
  disclosures: [...disclosures.values()],
});

/** Newest first, and of one second the greater id first. */
const inOrder = (views: readonly View[]): View[] =>
  views.toSorted(
    ({ header: one }, { header: other }) =>
      other.issuedAtSeconds - one.issuedAtSeconds || (one.id < other.id ? 1 : -1),
  );

/** Lets a state answer the first question with the first round, and so on, and asks that often. */
async function askedInTurn(
  state: ForeignState,
  rounds: readonly Round[],
  filter: object,
  { hasMoreAnswers = false, limit }: { readonly hasMoreAnswers?: boolean; readonly limit?: number } = {},
): Promise<Outcome[]> {
  await recognise(node, state);
  let asked = 0;
  let over = 0;
  await using peer = await ForeignNode.start(state, founded, {
    hasMoreAnswers,
    answers: async function* () {
      asked += 1;
      try {
        yield* rounds[asked - 1]?.() ?? [];
      } finally {
        over += 1;
      }
    },
  });
  await peer.live();
  const outcomes: Outcome[] = [];
  for (const _ of rounds) {
    const { answers } = await node.call<{ answers: Outcome[] }>('query.ask', {
      peers: [state.code],
      purpose: 'incident-response',
      filter,
      ...(limit !== undefined && { limit }),
    });
    outcomes.push(answers[0] as Outcome);
    // Told that nobody listens any more.
    await until('the peer has stopped answering', () => over === outcomes.length);
  }
  return outcomes;
}

async function askedOf(...[state, answers, filter, options]: [ForeignState, Round, object, object?]) {
  return (await askedInTurn(state, [answers], filter, options))[0] as Outcome;
}

async function* each(views: readonly (View | QueryAnswer)[]): AsyncGenerator<QueryAnswer> {
  for (const view of views) yield 'header' in view ? answerOf(view) : view;
}

test('answers that meet the question are kept, each with its summary', async () => {
  const state = await ForeignState.found('XBA');
  const views = inOrder(
    await Promise.all(
      Array.from({ length: MAX_ANSWERS }, (_, index) => state.issue(draftOf(`wanted ${index}`))),
    ),
  );
  const { outcome, code, records } = await askedOf(state, () => each(views), { text: 'wanted' });
  expect({ outcome, code }).toEqual({ outcome: 'answered', code: null });
  expect(records.map(({ id }) => id)).toEqual(views.map(({ header }) => header.id));
});

test.each([
  ['a record without the text', 'XCA', { text: 'wanted' }, draftOf('something else')],
  ['a record of another type', 'XCB', { types: ['norm'] }, draftOf('wanted')],
  [
    'a record of an exercise',
    'XCC',
    { text: 'wanted' },
    { ...draftOf('wanted in an exercise'), exercise: 'cyber-2026' },
  ],
])('%s ends the answers', async (_kind, peerCode, filter, draft) => {
  const state = await ForeignState.found(peerCode);
  const wanted = 'types' in filter ? [] : [await state.issue(draftOf('wanted'))];
  const unasked = await state.issue(draft);
  const after = await state.issue(draftOf('wanted as well'));
  const { outcome, code, records } = await askedOf(state, () => each([...wanted, unasked, after]), filter);
  expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'query.answer-unasked' });
  expect(records.map(({ id }) => id)).toEqual(wanted.map(({ header }) => header.id));
  expect(await holds(node, unasked.header.id)).toBe(false);
  expect(await holds(node, after.header.id)).toBe(false);
});

test('more answers than this node takes are cut off', async () => {
  const state = await ForeignState.found('XCD');
  let sent = 0;
  const { outcome, code, records } = await askedOf(
    state,
    async function* () {
      for (;;) {
        yield answerOf(
          await state.issue(draftOf(`wanted ${sent}`), { atSeconds: nowSeconds() - 10 * (sent + 1) }),
        );
        sent += 1;
      }
    },
    { text: 'wanted' },
  );
  expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'query.too-many-answers' });
  expect(records).toHaveLength(MAX_ANSWERS);
});

test('a smaller number of answers that was asked for binds as well', async () => {
  const state = await ForeignState.found('XDA');
  const views = inOrder(
    await Promise.all([1, 2, 3].map((number) => state.issue(draftOf(`wanted ${number}`)))),
  );
  const { outcome, code, records } = await askedOf(state, () => each(views), {}, { limit: 2 });
  expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'query.too-many-answers' });
  expect(records.map(({ id }) => id)).toEqual(views.slice(0, 2).map(({ header }) => header.id));
});

test.each<[string, string, (views: readonly View[]) => readonly View[]]>([
  ['an older one first', 'XDB', ([newest, older, oldest]) => [newest, oldest, older] as View[]],
  ['the same one twice', 'XDC', ([newest, older]) => [newest, older, older] as View[]],
])('answers out of order (%s) end there', async (_kind, peerCode, arrange) => {
  const state = await ForeignState.found(peerCode);
  const views = await Promise.all(
    [0, 10, 20].map((ago) => state.issue(draftOf(`wanted ${ago}`), { atSeconds: nowSeconds() - ago })),
  );
  const sent = arrange(views);
  const { outcome, code, records, more, next } = await askedOf(
    state,
    () => each(sent),
    {},
    { hasMoreAnswers: true },
  );
  expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'query.answer-out-of-order' });
  expect(records.map(({ id }) => id)).toEqual(sent.slice(0, 2).map(({ header }) => header.id));
  // There is no place from which the rest could be asked for.
  expect({ more, next }).toEqual({ more: false, next: null });
});

test('an answer that does not come after the position in the question was not asked for', async () => {
  const state = await ForeignState.found('XDD');
  const view = await state.issue(draftOf('wanted'));
  const before = `${view.header.issuedAtSeconds}-${view.header.id}`;
  const { outcome, code, records } = await askedOf(state, () => each([view]), { before });
  expect({ outcome, code, records }).toEqual({
    outcome: 'failed',
    code: 'query.answer-unasked',
    records: [],
  });
});

test('more answers are said to be there, and the last one is where the next question begins', async () => {
  const state = await ForeignState.found('XDE');
  const view = await state.issue(draftOf('wanted'));
  const { outcome, code, more, next } = await askedOf(
    state,
    () => each([view]),
    {},
    { hasMoreAnswers: true },
  );
  expect({ outcome, code, more }).toEqual({ outcome: 'answered', code: null, more: true });
  expect(next).toBe(`${view.header.issuedAtSeconds}-${view.header.id}`);
});

test('more answers after none are a fault of the peer, and nothing that is asked for again', async () => {
  const state = await ForeignState.found('XDF');
  const { outcome, code, records, more, next } = await askedOf(
    state,
    () => each([]),
    {},
    { hasMoreAnswers: true },
  );
  expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'query.more-without-answers' });
  expect({ records, more, next }).toEqual({ records: [], more: false, next: null });
});

test('parts that exclude each other end the answers, and what was held stays', async () => {
  const state = await ForeignState.found('XCE');
  const label = {
    scheme: state.scheme.id,
    classification: state.scheme.levels[0]?.id ?? '',
    tlp: 'GREEN',
  } as const;
  const { id, bytes, disclosures } = craftRecord(
    state,
    label,
    ['first', 'second'].map((title) => ({ name: 'title', content: new Map([['en', `wanted ${title}`]]) })),
  );
  const outcomes = await askedInTurn(
    state,
    disclosures.map((disclosure) => () => each([{ record: bytes, disclosures: [disclosure] }])),
    { text: 'wanted' },
  );
  expect(outcomes.map(({ outcome, code }) => ({ outcome, code }))).toEqual([
    { outcome: 'answered', code: null },
    { outcome: 'failed', code: 'node.merge-refused' },
  ]);
  expect(await node.call('record.show', { id })).toMatchObject({ record: { title: 'wanted first' } });
  expect(node.log.map(({ event }) => event)).not.toContain('unexpected-error');
});
