import { stopping } from './supervisor.ts';

/** Lets a number of holders in at a time; others wait in order. */
export class Turnstile {
  readonly #places: number;
  readonly #waiting = new Set<() => void>();
  #held = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /**
   * Waits for a place. Returns what gives it back; giving it back twice does nothing.
   *
   * @throws Fault `exchange.stopping` when the signal is aborted before there is one
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw stopping();
    if (this.#held < this.#places) this.#held += 1;
    else await this.#wait(signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#leave();
    };
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = (): void => {
      this.#waiting.delete(resolve);
      reject(stopping());
    };
    this.#waiting.add(resolve);
    signal.addEventListener('abort', giveUp);
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Whoever leaves hands the place to the next in line, so that nobody slips in between. */
  #leave(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      next();
      return;
    }
    this.#held -= 1;
  }
}
