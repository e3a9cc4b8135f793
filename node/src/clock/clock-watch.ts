import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { Turns } from '../process/turns.ts';
import { ClockHearing } from './clock-hearing.ts';
import {
  type ClockHold,
  type ClockLimits,
  type ClockReading,
  expectedSeconds,
  followClock,
  hasReturned,
  judgeClock,
  type TrustedTime,
} from './clock-judgement.ts';

/** What is on disk of the clock. */
export interface ClockRecord {
  /** A time at which the node certainly was already; undefined in a store that is new, or older than this record. */
  readonly markSeconds: number | undefined;
  readonly hold: ClockHold | undefined;
}

/** Where a watch reads the time. */
export interface ClockSources {
  /** UTC seconds. */
  readonly now: () => number;
  /** Milliseconds from any moment, never set. */
  readonly monotonicMs: () => number;
}

/**
 * Compares the clock of the machine with one that is never set, whenever it is asked. Once the clock was found to deviate,
 * releases are held until somebody says otherwise by {@link ClockWatch.trust}: labels, embargoes and consents go by the time,
 * and a clock that is wrong would hand over what must not go yet, or not any more.
 */
export class ClockWatch {
  /** Whoever writes down or ends a hold takes a turn here. */
  readonly turns: Turns = new Turns();
  /** As it is on disk; whoever writes it sets this. */
  record: ClockRecord;
  readonly #sources: ClockSources;
  readonly #limits: ClockLimits;
  #trusted: TrustedTime;
  #hold: ClockHold | undefined;
  /** Absent where the time is known well enough. */
  #hearing: ClockHearing | undefined;

  /** @param maxUnheardSeconds longest time off after which the clock is believed though nobody else was heard */
  constructor(
    sources: ClockSources,
    limits: ClockLimits,
    record: ClockRecord,
    maxUnheardSeconds: number = Number.POSITIVE_INFINITY,
  ) {
    this.#sources = sources;
    this.#limits = limits;
    this.record = record;
    const reading = this.read();
    const { markSeconds } = record;
    this.#trusted =
      markSeconds === undefined
        ? { ...reading, basis: 'followed' }
        : { ...reading, atSeconds: markSeconds, basis: 'recorded' };
    this.#hold = record.hold ?? this.#look(reading);
    if (markSeconds !== undefined && reading.atSeconds - markSeconds > maxUnheardSeconds)
      this.#hearing = new ClockHearing({ ...reading, atSeconds: markSeconds }, limits.maxJumpSeconds);
  }

  /** Why nothing may be released now; undefined where the clock can be believed. Looks at the clock each time. */
  get hold(): ClockHold | undefined {
    this.#hold ??= this.#look(this.read());
    return this.#hold;
  }

  get isHeld(): boolean {
    return this.hold !== undefined;
  }

  /** The time that the node goes by: at the earliest, where that is all that is known. */
  get trustedSeconds(): number {
    return Math.floor(expectedSeconds(this.#trusted, this.read()));
  }

  /** The time that has certainly come, while the clock alone says that it is later; undefined where that was heard from others. */
  get knownSeconds(): number | undefined {
    return this.#hearing?.knownSeconds(this.read());
  }

  /** A time for a later start, at which the node certainly is. */
  get markSeconds(): number {
    return this.knownSeconds ?? this.trustedSeconds;
  }

  /** As `knownSeconds`, for what goes to one recipient: it may be heard from others than that one. */
  knownFor(recipient: StateId, served: readonly StateId[]): number | undefined {
    return this.#hearing?.isHeardFor(recipient, served) === false ? this.knownSeconds : undefined;
  }

  /**
   * A peer has said that this is the time, or, where it is not live, that it was.
   *
   * @param served all states that are served, whose word counts
   * @returns whether it is known from others now for whatever goes to whomever, and was not before
   */
  hear(
    peer: StateId,
    saidSeconds: number,
    { served, isLive }: { readonly served: readonly StateId[]; readonly isLive: boolean },
  ): boolean {
    const hearing = this.#hearing;
    hearing?.hear(peer, saidSeconds, this.read(), isLive);
    if (hearing === undefined || this.isHeld || !hearing.isHeard(served)) return false;
    this.#hearing = undefined;
    return true;
  }

  /** Whether the clock shows again what is expected of it, while releases are held. */
  get hasReturned(): boolean {
    return this.#hold !== undefined && hasReturned(this.#hold, this.#trusted, this.read(), this.#limits);
  }

  read(): ClockReading {
    return { atSeconds: this.#sources.now(), monotonicMs: this.#sources.monotonicMs() };
  }

  /**
   * Goes by the clock as it was read, and ends the hold. What it shows since is judged by that reading.
   *
   * @param isAccepted whether a person has said that the clock is right: then nobody else has to
   */
  trust(reading: ClockReading, isAccepted: boolean): void {
    if (isAccepted) this.#hearing = undefined;
    this.#trusted = { ...reading, basis: 'followed' };
    this.#hold = undefined;
  }

  /** @throws Fault `node.clock-held` */
  assertTrusted(): void {
    const { hold } = this;
    if (hold === undefined) return;
    throw new Fault('node.clock-held', 'the clock of this node deviates, and nothing is released', {
      fields: { deviation: hold.deviation },
    });
  }

  #look(reading: ClockReading): ClockHold | undefined {
    const deviation = judgeClock(this.#trusted, reading, this.#limits);
    if (deviation === undefined) {
      this.#trusted = followClock(this.#trusted, reading);
      return undefined;
    }
    const trustedSeconds = Math.floor(expectedSeconds(this.#trusted, reading));
    return { deviation, clockSeconds: reading.atSeconds, trustedSeconds };
  }
}
