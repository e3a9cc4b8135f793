import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';

import { agreedEquivalence, type Recognition, type VerifiedCharter } from './index.ts';
import {
  ARCADIAN,
  arcadia,
  BOREAL,
  borealis,
  charterOf,
  codeOf,
  levelMap,
  recognitionOf,
} from './sample.test-support.ts';

let ours: VerifiedCharter;
let theirs: VerifiedCharter;
let draft: Recognition;

beforeAll(async () => {
  ours = await charterOf(arcadia);
  theirs = await charterOf(borealis);
  draft = recognitionOf(ours, theirs);
});

test('what both signed alike holds', () => {
  const agreed = agreedEquivalence(draft, recognitionOf(theirs, ours));
  expect(agreed.outbound).toEqual(draft.outbound);
  expect(agreed.inbound).toEqual(draft.inbound);
  expect(agreed.disputed).toEqual([]);
});

test('what only we signed holds, what only they signed does not', () => {
  expect(agreedEquivalence(draft, undefined)).toEqual({
    outbound: draft.outbound,
    inbound: draft.inbound,
    disputed: [],
  });
  const fewer: Recognition = { ...draft, outbound: levelMap(ARCADIAN, BOREAL, { restricted: 'reserved' }) };
  const agreed = agreedEquivalence(fewer, recognitionOf(theirs, ours));
  expect(agreed.outbound.levels).toEqual(new Map([['restricted', 'reserved']]));
  expect(agreed.disputed).toEqual([]);
});

test('a level that both signed differently is not mapped', () => {
  const other: Recognition = {
    ...recognitionOf(theirs, ours),
    inbound: levelMap(ARCADIAN, BOREAL, { restricted: 'secret', confidential: 'secret' }),
    outbound: levelMap(BOREAL, ARCADIAN, { secret: 'secret', reserved: 'restricted' }),
  };
  const agreed = agreedEquivalence(draft, other);
  expect(agreed.outbound.levels.has('restricted')).toBe(false);
  expect(agreed.outbound.levels.get('confidential')).toBe('secret');
  expect(agreed.outbound.levels.get('secret')).toBe('strictly-secret');
  expect(agreed.inbound.levels.has('secret')).toBe(false);
  expect(agreed.inbound.levels.get('reserved')).toBe('restricted');
  expect(agreed.disputed).toEqual(['xar-2021/restricted', 'xbo-2014/secret']);
});

test('maps between other schemes agree on nothing', () => {
  const other: Recognition = { ...recognitionOf(theirs, ours), inbound: levelMap(BOREAL, BOREAL, {}) };
  const agreed = agreedEquivalence(draft, other);
  expect(agreed.outbound.levels.size).toBe(0);
  expect(agreed.disputed).toHaveLength(draft.outbound.levels.size);
});

test('recognitions of other states say nothing here', () => {
  expect(codeOf(() => agreedEquivalence(draft, draft))).toBe('identity.recognitions-unrelated');
  const third: Recognition = { ...recognitionOf(theirs, ours), subject: theirs.state };
  expect(codeOf(() => agreedEquivalence(draft, third))).toBe('identity.recognitions-unrelated');
});

test('the two sides never use a level differently', () => {
  const levels = (from: typeof ARCADIAN, to: typeof ARCADIAN) =>
    fc
      .array(fc.option(fc.constantFrom(...to.levels.map(({ id }) => id))), { minLength: 4, maxLength: 4 })
      .map((mapped) =>
        levelMap(
          from,
          to,
          Object.fromEntries(from.levels.flatMap(({ id }, i) => (mapped[i] ? [[id, mapped[i]]] : []))),
        ),
      );
  const one = fc.record({ outbound: levels(ARCADIAN, BOREAL), inbound: levels(BOREAL, ARCADIAN) });
  const two = fc.record({ outbound: levels(BOREAL, ARCADIAN), inbound: levels(ARCADIAN, BOREAL) });
  fc.assert(
    fc.property(one, two, (a, b) => {
      const own = { ...draft, ...a };
      const other = { ...recognitionOf(theirs, ours), ...b };
      const seenByUs = agreedEquivalence(own, other);
      const seenByThem = agreedEquivalence(other, own);
      for (const [level, mapped] of seenByUs.outbound.levels) {
        expect(own.outbound.levels.get(level)).toBe(mapped);
        expect(seenByThem.inbound.levels.get(level) ?? mapped).toBe(mapped);
      }
      expect(seenByUs.disputed).toEqual(seenByThem.disputed);
    }),
  );
});
