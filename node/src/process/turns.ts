/** Runs jobs one after the other, in the order in which they came. A job must not wait for a turn itself. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #unfinished = 0;

  /** Whether a job that came now would not have to wait for another. */
  get isFree(): boolean {
    return this.#unfinished === 0;
  }

  take<T>(job: () => Promise<T>): Promise<T> {
    this.#unfinished += 1;
    const mine = this.#last.then(job).finally(() => {
      this.#unfinished -= 1;
    });
    this.#last = mine.catch(() => {});
    return mine;
  }
}
