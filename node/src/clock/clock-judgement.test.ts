import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClockHold,
  type ClockReading,
  expectedSeconds,
  followClock,
  hasReturned,
  judgeClock,
  type TrustedTime,
} from './clock-judgement.ts';

const DAY_SECONDS = 86_400;
const LIMITS = { maxJumpSeconds: 120, maxOfflineSeconds: 90 * DAY_SECONDS };
const START_SECONDS = 1_800_000_000;

const followed: TrustedTime = { atSeconds: START_SECONDS, monotonicMs: 0, basis: 'followed' };
const recorded: TrustedTime = { ...followed, basis: 'recorded' };
/** The clock so long after the start, by a clock that is never set, showing so much more than that. */
const after = (elapsedSeconds: number, aheadSeconds = 0): ClockReading => ({
  atSeconds: START_SECONDS + elapsedSeconds + aheadSeconds,
  monotonicMs: elapsedSeconds * 1_000,
});

describe('a clock that is followed', () => {
  test.each([
    ['as expected', 0, undefined],
    ['ahead by all that is allowed', 120, undefined],
    ['ahead by more', 121, 'set-forward'],
    ['a year ahead', 365 * DAY_SECONDS, 'set-forward'],
    ['behind by all that is allowed', -120, undefined],
    ['behind by more', -121, 'set-back'],
  ] as const)('%s', (_what, aheadSeconds, deviation) => {
    expect(judgeClock(followed, after(10, aheadSeconds), LIMITS)).toBe(deviation);
  });

  test('that is set by little, again and again, is found as if it had been set at once', () => {
    let trusted = followed;
    const found: number[] = [];
    for (let step = 1; step <= 5 && found.length === 0; step += 1) {
      const reading = after(step, 40 * step);
      if (judgeClock(trusted, reading, LIMITS) === undefined) trusted = followClock(trusted, reading);
      else found.push(step);
    }
    expect(found).toEqual([4]);
  });

  test('that drifts is never taken for one that is set', () => {
    const drifts = fc.record({
      perMillion: fc.integer({ min: -900, max: 900 }),
      pauses: fc.array(fc.integer({ min: 1, max: 36_000 }), { minLength: 1, maxLength: 200 }),
    });
    fc.assert(
      fc.property(drifts, ({ perMillion, pauses }) => {
        let trusted = followed;
        let elapsedSeconds = 0;
        for (const pause of pauses) {
          elapsedSeconds += pause;
          // Whole seconds, as a node reads them.
          const shown = Math.floor(elapsedSeconds * (1 + perMillion / 1_000_000));
          const reading = { atSeconds: START_SECONDS + shown, monotonicMs: elapsedSeconds * 1_000 };
          expect(judgeClock(trusted, reading, LIMITS)).toBeUndefined();
          trusted = followClock(trusted, reading);
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test('is never followed faster than a clock drifts, whatever it shows', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: -200, max: 200 })),
      {
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(steps, (all) => {
        let trusted = followed;
        let elapsedMs = 0;
        let shown = 0;
        for (const [pauseMs, setBy] of all) {
          elapsedMs += pauseMs;
          shown += setBy;
          const reading = {
            atSeconds: START_SECONDS + Math.floor(elapsedMs / 1_000) + shown,
            monotonicMs: elapsedMs,
          };
          if (judgeClock(trusted, reading, LIMITS) === undefined) trusted = followClock(trusted, reading);
          const trustedSeconds = expectedSeconds(trusted, reading) - START_SECONDS;
          expect(Math.abs(trustedSeconds - elapsedMs / 1_000)).toBeLessThanOrEqual(
            elapsedMs / 1_000_000 + 1e-6,
          );
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});

describe('a clock at a start, when an earlier run has left a time', () => {
  test.each([
    ['the same time', 0, undefined],
    ['later by all that is allowed', 90 * DAY_SECONDS, undefined],
    ['later by more', 90 * DAY_SECONDS + 1, 'far-ahead'],
    ['earlier by what a clock may be set by', -120, undefined],
    ['earlier by more', -121, 'behind'],
  ] as const)('shows %s', (_what, aheadSeconds, deviation) => {
    expect(judgeClock(recorded, after(0, aheadSeconds), LIMITS)).toBe(deviation);
  });

  test('is behind for as long as it runs on: its time is past by then', () => {
    for (const elapsedSeconds of [1, 600, 3_600, 10 * DAY_SECONDS])
      expect(judgeClock(recorded, after(elapsedSeconds, -600), LIMITS)).toBe('behind');
  });

  test('is followed from what it shows, once that can be believed', () => {
    const reading = after(2, 5 * DAY_SECONDS);
    expect(followClock(recorded, reading)).toEqual({ ...reading, basis: 'followed' });
  });
});

describe('a clock that was found to deviate', () => {
  const forward: ClockHold = {
    deviation: 'set-forward',
    clockSeconds: START_SECONDS + 10 * DAY_SECONDS,
    trustedSeconds: START_SECONDS,
  };
  const back: ClockHold = {
    ...forward,
    deviation: 'set-back',
    clockSeconds: START_SECONDS - 10 * DAY_SECONDS,
  };

  test('has returned when it shows what is expected', () => {
    for (const hold of [forward, back]) {
      expect(hasReturned(hold, followed, after(60, 120), LIMITS)).toBe(true);
      expect(hasReturned(hold, followed, after(60, 121), LIMITS)).toBe(false);
      expect(hasReturned(hold, followed, after(60, -121), LIMITS)).toBe(false);
    }
  });

  test('and was ahead when the node was started again, has returned only when it was set back', () => {
    for (const hold of [forward, { ...forward, deviation: 'far-ahead' as const }]) {
      expect(hasReturned(hold, recorded, after(0, 10 * DAY_SECONDS), LIMITS)).toBe(false);
      expect(hasReturned(hold, recorded, after(3_600, 10 * DAY_SECONDS), LIMITS)).toBe(false);
      expect(hasReturned(hold, recorded, after(0, 10 * DAY_SECONDS - 1), LIMITS)).toBe(true);
      expect(hasReturned(hold, recorded, after(3_600), LIMITS)).toBe(true);
      expect(hasReturned(hold, recorded, after(3_600, -200), LIMITS)).toBe(false);
    }
  });

  test('and was behind when the node was started again, has returned when it is past the recorded time', () => {
    for (const hold of [back, { ...back, deviation: 'behind' as const }]) {
      expect(hasReturned(hold, recorded, after(60, -10 * DAY_SECONDS), LIMITS)).toBe(false);
      expect(hasReturned(hold, recorded, after(60), LIMITS)).toBe(true);
      expect(hasReturned(hold, recorded, after(60, 91 * DAY_SECONDS), LIMITS)).toBe(false);
    }
  });
});
