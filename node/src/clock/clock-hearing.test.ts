import type { StateId } from '@comity/label';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClockHearing } from './clock-hearing.ts';

const [A, B, C] = ['a', 'b', 'c'] as unknown as [StateId, StateId, StateId];
const KNOWN = 1_000_000;
const NOW = 1_090_000;
const TOLERANCE = 120;
const READING = { atSeconds: NOW, monotonicMs: 5_000 };

const hearing = (): ClockHearing => new ClockHearing({ atSeconds: KNOWN, monotonicMs: 5_000 }, TOLERANCE);

test('of several served states another one than the recipient has to be heard, of a single one that', () => {
  const heard = hearing();
  expect(heard.isHeardFor(A, [A])).toBe(false);
  expect(heard.isHeard([])).toBe(false);
  heard.hear(A, NOW + 3, READING, true);
  expect(heard.isHeardFor(A, [A])).toBe(true);
  expect(heard.isHeardFor(A, [A, B])).toBe(false);
  expect(heard.isHeardFor(B, [A, B])).toBe(true);
  expect(heard.isHeard([A, B])).toBe(false);
  heard.hear(C, NOW, READING, true);
  // The word of a state that is not served counts for nothing.
  expect(heard.isHeard([A, B])).toBe(false);
  heard.hear(B, NOW - TOLERANCE, READING, true);
  expect(heard.isHeard([A, B])).toBe(true);
});

test('what is known goes on with the time, and never past the clock', () => {
  const heard = hearing();
  expect(heard.knownSeconds(READING)).toBe(KNOWN);
  expect(heard.knownSeconds({ atSeconds: NOW + 90, monotonicMs: 95_500 })).toBe(KNOWN + 90);
  expect(heard.knownSeconds({ atSeconds: KNOWN + 1, monotonicMs: 95_000 })).toBe(KNOWN + 1);
});

test('no recipient makes anything go early with the clock alone, whatever it says', () => {
  const words = fc.record({
    peer: fc.constantFrom(A, B, C),
    ahead: fc.integer({ min: -90_000, max: 90_000 }),
    isLive: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(words),
      fc.subarray([A, B, C], { minLength: 1 }),
      fc.constantFrom(A, B, C),
      (said, served, recipient) => {
        const heard = hearing();
        for (const { peer, ahead, isLive } of said) heard.hear(peer, NOW + ahead, READING, isLive);
        const others = said.filter(({ peer }) => peer !== recipient && served.includes(peer));
        const agreeing = others.filter(({ ahead }) => Math.abs(ahead) <= TOLERANCE);
        if (served.some((peer) => peer !== recipient) && agreeing.length === 0)
          expect(heard.isHeardFor(recipient, served)).toBe(false);
        // Of each the last that says anything counts, and one that contradicts the clock is enough.
        const telling = said.filter(({ ahead, isLive }) => isLive || ahead > -TOLERANCE);
        const contradicts = served.some(
          (peer) => Math.abs(telling.findLast((each) => each.peer === peer)?.ahead ?? 0) > TOLERANCE,
        );
        if (contradicts) expect(heard.isHeardFor(recipient, served)).toBe(false);
      },
    ),
    { seed: 7 },
  );
});
