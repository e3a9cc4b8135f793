// Whatever is said of a measure, in whatever order it arrives: its status is what a calendar shows that is turned day by day.

import { signerFromSeed } from '@comity/ed25519';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type MeasureStatus, measureStatus } from './index.ts';
import { day, issued, retraction, STATES, signWith } from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(5)));

const [STARTS, REVIEW_BY, EXPIRES, LAST] = [5, 15, 30, 40];
const english = new Map([['en', 'x']]);

interface Said {
  readonly onDay: number;
  readonly means: 'ends' | 'renews' | 'reviews' | 'nothing';
  readonly view: View;
}

let measure: View;
let said: readonly Said[];

beforeAll(async () => {
  measure = await issued(
    'measure',
    { title: english, startsAt: day(STARTS), reviewBy: day(REVIEW_BY) },
    { subject: 'grid', expiresOnDay: EXPIRES },
  );
  const subject = measure.header.id;
  const review = (status: string, onDay: number, more: object = {}) =>
    issued('review', { status, summary: english }, { subject, onDay, ...more });
  const renewal = (onDay: number, by = 0) =>
    issued('measure', { title: english }, { subject: 'grid', onDay, by, supersedes: [measure] });
  const pool: Said[] = [];
  for (const onDay of [2, 8, 14, 15, 16, 22, 31, 35]) {
    pool.push(
      { onDay, means: 'ends', view: await retraction(measure, onDay) },
      { onDay, means: 'renews', view: await renewal(onDay) },
      { onDay, means: 'reviews', view: await review('adopted', onDay) },
      { onDay, means: 'nothing', view: await retraction(measure, onDay, { by: 1 }) },
      { onDay, means: 'nothing', view: await renewal(onDay, 1) },
      { onDay, means: 'nothing', view: await review('open', onDay) },
      { onDay, means: 'nothing', view: await review('adopted', onDay, { subject: 'grid' }) },
      { onDay, means: 'nothing', view: await review('adopted', onDay, { exercise: 'storm-1' }) },
    );
  }
  said = pool;
});

/** What the calendar shows on a day: turned from the first day on, with what was said until then. */
function turned(
  until: number,
  chosen: readonly Said[],
): Pick<MeasureStatus, 'status' | 'sinceSeconds' | 'reviewOverdue'> {
  let shown: { status: MeasureStatus['status']; sinceSeconds: number } = {
    status: 'proclaimed',
    sinceSeconds: day(0),
  };
  let due = false;
  let reviewed = false;
  for (let today = 0; today <= until; today += 1) {
    const means = new Set(chosen.filter(({ onDay }) => onDay === today).map((each) => each.means));
    const isOver = shown.status !== 'proclaimed' && shown.status !== 'active';
    const ends = means.has('ends')
      ? 'terminated'
      : means.has('renews')
        ? 'renewed'
        : today === EXPIRES
          ? 'expired'
          : undefined;
    if (!isOver && ends !== undefined) shown = { status: ends, sinceSeconds: day(today) };
    else if (!isOver && today === STARTS) shown = { status: 'active', sinceSeconds: day(today) };
    reviewed ||= means.has('reviews');
    if (today === REVIEW_BY) due = shown.status === 'active';
  }
  return { ...shown, reviewOverdue: due && !reviewed };
}

test('is what the calendar shows, whatever was said, in any order and any number of times', () => {
  const seen = new Set<string>();
  const choices = fc.record({
    places: fc.array(fc.nat(63), { maxLength: 6 }),
    until: fc.nat(LAST),
    order: fc.infiniteStream(fc.nat(1_000)),
  });
  fc.assert(
    fc.property(choices, ({ places, until, order }) => {
      const chosen = places.map((place) => said[place] as Said);
      const views = chosen.map(({ view }) => view);
      const expected = turned(until, chosen);
      const { status, sinceSeconds, reviewOverdue, ...rest } = measureStatus(
        { measure, others: views },
        day(until),
      );
      expect({ status, sinceSeconds, reviewOverdue }).toEqual(expected);
      const shuffled = [...views, ...views, measure]
        .map((view) => ({ view, place: order.next().value as number }))
        .sort((a, b) => a.place - b.place)
        .map(({ view }) => view);
      const again = measureStatus({ measure, others: shuffled }, day(until));
      expect(again).toEqual({ status, sinceSeconds, reviewOverdue, ...rest });
      seen.add(`${status} ${reviewOverdue}`);
    }),
    { numRuns: 1_500, seed: 7 },
  );
  expect([...seen].sort()).toEqual(
    ['proclaimed false', 'active false', 'active true', 'expired false', 'expired true']
      .concat(['renewed false', 'renewed true', 'terminated false', 'terminated true'])
      .sort(),
  );
});

test('says who has reviewed it and what renews it', () => {
  const of = (means: Said['means']): Said => said.find((each) => each.means === means) as Said;
  const others = [of('reviews').view, of('renews').view];
  const status = measureStatus({ measure, others }, day(LAST));
  expect(status.reviews).toEqual([
    { id: of('reviews').view.header.id, issuer: STATES[0], issuedAtSeconds: day(2) },
  ]);
  expect(status.renewedBy).toEqual([of('renews').view.header.id]);
});
