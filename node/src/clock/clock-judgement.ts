/** What the clock of the machine shows, beside a clock that is never set. */
export interface ClockReading {
  /** UTC seconds, whole. */
  readonly atSeconds: number;
  /** Milliseconds from any moment, the same one for all readings of a process. */
  readonly monotonicMs: number;
}

/** The time that a node goes by, as of a moment of this process. */
export interface TrustedTime extends ClockReading {
  /**
   * `followed`: read from the clock in this process. `recorded`: written down by an earlier one, so that all that is known
   * is that it is this late at least.
   */
  readonly basis: 'followed' | 'recorded';
}

/** How far the clock may be from what is expected of it (settings `clock.*`). */
export interface ClockLimits {
  readonly maxJumpSeconds: number;
  /** Longest time that a node may have been off. */
  readonly maxOfflineSeconds: number;
}

/**
 * What is wrong with a clock. `set-back`, `set-forward`: it was set while the node ran. `behind`: it shows a time at which an
 * earlier run was already past. `far-ahead`: so much later than that run that nobody can have meant it.
 */
export const CLOCK_DEVIATIONS = ['set-back', 'set-forward', 'behind', 'far-ahead'] as const;
export type ClockDeviation = (typeof CLOCK_DEVIATIONS)[number];

/** Releases are held since the clock was found to deviate. */
export interface ClockHold {
  readonly deviation: ClockDeviation;
  /** What the clock showed then. */
  readonly clockSeconds: number;
  /** What was expected of it: exactly where the clock had been followed, at the earliest where it had not. */
  readonly trustedSeconds: number;
}

/**
 * Seconds by which the trusted time follows a clock in a second: twice the most that NTP slews by (500 ppm). Many small steps
 * add up like a large one, and yet no drift is ever taken for a step.
 */
const FOLLOWED_PER_SECOND = 0.001;

/** The trusted time as it has become by a reading, without looking at what the clock of the machine shows. */
export function expectedSeconds(
  trusted: TrustedTime,
  { monotonicMs }: Pick<ClockReading, 'monotonicMs'>,
): number {
  return trusted.atSeconds + (monotonicMs - trusted.monotonicMs) / 1_000;
}

/** What is wrong with what the clock shows; undefined where it can be believed. */
export function judgeClock(
  trusted: TrustedTime,
  reading: ClockReading,
  { maxJumpSeconds, maxOfflineSeconds }: ClockLimits,
): ClockDeviation | undefined {
  const aheadSeconds = reading.atSeconds - expectedSeconds(trusted, reading);
  const isFollowed = trusted.basis === 'followed';
  if (aheadSeconds < -maxJumpSeconds) return isFollowed ? 'set-back' : 'behind';
  if (aheadSeconds <= (isFollowed ? maxJumpSeconds : maxOfflineSeconds)) return undefined;
  return isFollowed ? 'set-forward' : 'far-ahead';
}

/** The trusted time after a reading that can be believed. */
export function followClock(trusted: TrustedTime, reading: ClockReading): TrustedTime {
  if (trusted.basis === 'recorded') return { ...reading, basis: 'followed' };
  const expected = expectedSeconds(trusted, reading);
  const most = ((reading.monotonicMs - trusted.monotonicMs) / 1_000) * FOLLOWED_PER_SECOND;
  const aheadSeconds = Math.max(-most, Math.min(most, reading.atSeconds - expected));
  return { ...reading, atSeconds: expected + aheadSeconds, basis: 'followed' };
}

/**
 * Whether a clock that was found to deviate shows again what is expected of it. Where only a recorded time is known, a clock
 * that was ahead has to have been set back from what it showed: that it is not too far ahead says nothing then.
 */
export function hasReturned(
  { deviation, clockSeconds }: ClockHold,
  trusted: TrustedTime,
  reading: ClockReading,
  limits: ClockLimits,
): boolean {
  if (judgeClock(trusted, reading, limits) !== undefined) return false;
  const wasAhead = deviation === 'set-forward' || deviation === 'far-ahead';
  return !(wasAhead && trusted.basis === 'recorded') || reading.atSeconds < clockSeconds;
}
