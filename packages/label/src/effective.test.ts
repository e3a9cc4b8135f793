import fc from 'fast-check';
import { expect, test } from 'vitest';

import { effectiveLabel, type Label, successionsOf } from './index.ts';

const secret: Label = { scheme: 'xar-2021', classification: 'secret' };
const chained: Label = {
  ...secret,
  succession: {
    atSeconds: 100,
    label: {
      scheme: 'xar-2021',
      classification: 'restricted',
      succession: { atSeconds: 200, label: { scheme: 'xar-2021', classification: 'unclassified' } },
    },
  },
};

function chainOf(dates: readonly number[]): Label {
  return dates.reduceRight<Label>(
    (label, atSeconds, index) => ({
      scheme: 's',
      classification: `l${index}`,
      succession: { atSeconds, label },
    }),
    { scheme: 's', classification: `l${dates.length}` },
  );
}

test('a succession applies from its date on', () => {
  expect(effectiveLabel(chained, 0)).toBe(chained);
  expect(effectiveLabel(chained, 99).classification).toBe('secret');
  expect(effectiveLabel(chained, 100).classification).toBe('restricted');
  expect(effectiveLabel(chained, 199).classification).toBe('restricted');
  expect(effectiveLabel(chained, 200).classification).toBe('unclassified');
  expect(effectiveLabel(chained, 1e12).classification).toBe('unclassified');
});

test('what is still to come stays with the label', () => {
  expect(effectiveLabel(chained, 150).succession?.atSeconds).toBe(200);
  expect(successionsOf(chained).map(({ atSeconds }) => atSeconds)).toEqual([100, 200]);
  expect(successionsOf(secret)).toEqual([]);
});

test('a review date in the past changes nothing', () => {
  const overdue: Label = { ...secret, reviewAtSeconds: 5 };
  expect(effectiveLabel(overdue, 6)).toBe(overdue);
  expect(effectiveLabel(overdue, 1e12)).toBe(overdue);
});

test('a chain out of order is refused at any time', () => {
  for (const dates of [[100, 100], [200, 100], [1, 2, 2, 3], [Number.NaN], [1, Number.NaN]]) {
    for (const atSeconds of [0, 150, 1e9]) {
      expect(() => effectiveLabel(chainOf(dates), atSeconds), `${dates}`).toThrow(
        expect.objectContaining({ code: 'label.succession-not-later' }),
      );
    }
  }
});

test('four successions are followed, five refused', () => {
  expect(effectiveLabel(chainOf([1, 2, 3, 4]), 9).classification).toBe('l4');
  expect(() => effectiveLabel(chainOf([1, 2, 3, 4, 5]), 0)).toThrow(
    expect.objectContaining({ code: 'label.succession-too-long' }),
  );
});

test('time never goes back along the chain, and looking twice changes nothing', () => {
  const chains = fc
    .uniqueArray(fc.nat(50), { maxLength: 4 })
    .map((dates) => chainOf(dates.sort((a, b) => a - b)));
  fc.assert(
    fc.property(chains, fc.nat(60), fc.nat(60), (label, one, other) => {
      const [early, late] = one < other ? [one, other] : [other, one];
      const depth = (at: number) => Number(effectiveLabel(label, at).classification.slice(1));
      expect(depth(early)).toBeLessThanOrEqual(depth(late));
      expect(effectiveLabel(effectiveLabel(label, early), late)).toBe(effectiveLabel(label, late));
      expect(depth(late)).toBe(successionsOf(label).filter(({ atSeconds }) => atSeconds <= late).length);
    }),
  );
});
