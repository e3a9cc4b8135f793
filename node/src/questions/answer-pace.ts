import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_CLASS_MS = 250;
/** From here on the classes are all of this length: whoever asks hears something of every answer before it gives it up. */
const LONGEST_CLASS_MS = 64_000;

/**
 * The end of the time class that a duration is in, which is after it: 250 ms, 500 ms, 1 s and so on, each twice the one
 * before, up to 64 s; then 128 s, 192 s and so on.
 */
export function classEndMs(durationMs: number): number {
  if (durationMs >= LONGEST_CLASS_MS)
    return (Math.floor(durationMs / LONGEST_CLASS_MS) + 1) * LONGEST_CLASS_MS;
  let endMs = FIRST_CLASS_MS;
  while (endMs <= durationMs) endMs *= 2;
  return endMs;
}

/** The clock and the waiting of whoever answers. */
export interface AnswerTiming {
  /** A clock that is never set back, in milliseconds from any moment. */
  nowMs(): number;
  /** Resolves after so long, or as soon as the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export const PROCESS_TIMING: AnswerTiming = {
  nowMs: () => performance.now(),
  pause: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
};

/**
 * When what answers a question may leave: at the ends of time classes only, answers as well as the end that counts them
 * (ARCHITECTURE §1.10). Counted is the time from the arrival of the question, without what the peer took to take answers:
 * by being slow it could else shift the rest of the work along the classes, and so measure it.
 *
 * What remains visible of the work is its class; not whether it was about much that is withheld or about little within it.
 */
export class AnswerPace {
  readonly #timing: AnswerTiming;
  #fromMs: number;
  /** When the peer began to take what was handed to it; undefined while it has nothing to take. */
  #awaySinceMs: number | undefined;
  #endMs = FIRST_CLASS_MS;

  constructor(timing: AnswerTiming) {
    this.#timing = timing;
    this.#fromMs = timing.nowMs();
  }

  /** Whether the present class has ended: what there is may leave, and the next class begins. */
  get isOver(): boolean {
    return this.#elapsedMs >= this.#endMs;
  }

  /** Begins the class that this moment is in. */
  next(): void {
    this.#endMs = classEndMs(this.#elapsedMs);
  }

  /** Waits for the end of the class that this moment is in, or until the signal is aborted. */
  async reachEnd(signal: AbortSignal): Promise<void> {
    this.next();
    // A timer may come slightly early.
    while (!this.isOver && !signal.aborted)
      await this.#timing.pause(Math.ceil(this.#endMs - this.#elapsedMs), signal);
  }

  /** Counts from now on: what follows answers as if the peer had asked for it on its own. */
  restart(): void {
    this.#fromMs = this.#timing.nowMs();
    this.#endMs = FIRST_CLASS_MS;
  }

  /** The peer takes something. */
  leave(): void {
    this.#awaySinceMs ??= this.#timing.nowMs();
  }

  /** The peer has taken it. */
  resume(): void {
    if (this.#awaySinceMs === undefined) return;
    this.#fromMs += this.#timing.nowMs() - this.#awaySinceMs;
    this.#awaySinceMs = undefined;
  }

  get #elapsedMs(): number {
    return this.#timing.nowMs() - this.#fromMs;
  }
}
