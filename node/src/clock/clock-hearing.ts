import type { StateId } from '@comity/label';
import { type ClockReading, expectedSeconds } from './clock-judgement.ts';

/**
 * What peers say of the time, after a node was off for so long that it knows the time from its own clock alone. Until it was
 * heard from others, nothing goes to anybody that only the time between would let go.
 */
export class ClockHearing {
  /** A time at which the node certainly was already, as of a moment of this process. */
  readonly #known: ClockReading;
  readonly #toleranceSeconds: number;
  /** Whether what each peer said last agrees with the clock. */
  readonly #heard = new Map<StateId, boolean>();

  constructor(known: ClockReading, toleranceSeconds: number) {
    this.#known = known;
    this.#toleranceSeconds = toleranceSeconds;
  }

  /** The time that has certainly come, by what was known before the node was off. */
  knownSeconds(reading: ClockReading): number {
    return Math.floor(
      Math.min(expectedSeconds({ ...this.#known, basis: 'recorded' }, reading), reading.atSeconds),
    );
  }

  /**
   * A peer has said that this was the time.
   *
   * @param isLive whether it said so just now: of an older word only what is ahead of the clock contradicts it
   */
  hear(peer: StateId, saidSeconds: number, { atSeconds }: ClockReading, isLive: boolean): void {
    const aheadSeconds = saidSeconds - atSeconds;
    const agrees = Math.abs(aheadSeconds) <= this.#toleranceSeconds;
    if (agrees || isLive || aheadSeconds > 0) this.#heard.set(peer, agrees);
  }

  /**
   * Whether the time was heard, for what goes to a recipient: from another one, where another is served. So neither a clock nor a recipient, nor both together, makes anything go early.
   *
   * @param served all states that are served, whose word counts
   */
  isHeardFor(recipient: StateId, served: readonly StateId[]): boolean {
    if (served.some((peer) => this.#heard.get(peer) === false)) return false;
    const others = served.filter((peer) => peer !== recipient);
    return (others.length > 0 ? others : served).some((peer) => this.#heard.get(peer) === true);
  }

  /** Whether it was heard for whatever goes to whomever. */
  isHeard(served: readonly StateId[]): boolean {
    return served.length > 0 && served.every((peer) => this.isHeardFor(peer, served));
  }
}
