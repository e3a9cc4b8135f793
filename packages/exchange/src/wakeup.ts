import type { Clock } from './clock.ts';

/** A wait that a notice ends early. A notice that comes while nobody waits ends the next wait at once. */
export class Wakeup {
  #noticed = false;
  #wake: (() => void) | undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  notify(): void {
    this.#noticed = true;
    this.#wake?.();
  }

  /** Forgets a notice that nobody has waited for. */
  clear(): void {
    this.#noticed = false;
  }

  /** Whether a notice ended the wait; false when the delay passed or the signal was aborted. One waiter at a time. */
  async wait(delayMs: number, signal?: AbortSignal): Promise<boolean> {
    if (!this.#noticed && signal?.aborted !== true) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = Number.isFinite(delayMs) ? this.#clock.schedule(delayMs, resolve) : undefined;
      this.#wake = resolve;
      signal?.addEventListener('abort', resolve as () => void);
      await promise;
      signal?.removeEventListener('abort', resolve as () => void);
      this.#wake = undefined;
      cancel?.();
    }
    const noticed = this.#noticed;
    this.#noticed = false;
    return noticed;
  }
}
