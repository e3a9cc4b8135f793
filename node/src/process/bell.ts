/** What work that waits for something to do listens to. A ring that comes while nobody waits is heard by the next who does. */
export class Bell {
  #isRung = false;
  #wake = (): void => {};

  ring(): void {
    this.#isRung = true;
    this.#wake();
  }

  /** Resolves when it was rung since the last time, or the signal is aborted. */
  async rung(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener('abort', this.#wake, { once: true });
    if (!this.#isRung && !signal.aborted) await promise;
    signal.removeEventListener('abort', this.#wake);
    this.#isRung = false;
  }
}
