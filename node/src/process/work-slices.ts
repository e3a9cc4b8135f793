/** Longest work before everything else in this process gets its turn. */
const SLICE_MS = 10;

/**
 * Long work in slices: after each, whatever else waits in this process gets its turn. Counts the time at work, without the
 * pauses. One worker at a time.
 */
export class WorkSlices {
  readonly #nowMs: () => number;
  #spentMs = 0;
  /** When the present slice began; undefined in a pause. */
  #sinceMs: number | undefined;

  /** @param nowMs a clock that is never set back, in milliseconds from any moment */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#sinceMs = nowMs();
  }

  /** Milliseconds at work so far. */
  get spentMs(): number {
    return this.#spentMs + this.#sliceMs;
  }

  /** Whether it is time to let others have their turn. */
  get isOver(): boolean {
    return this.#sliceMs >= SLICE_MS;
  }

  /** To be called between two steps of the work, often: lets others have their turn where it is time. */
  async rest(): Promise<void> {
    if (this.isOver) await this.during(new Promise<void>((resolve) => setImmediate(resolve)));
  }

  /** Waits for something that is no work of this worker. */
  async during<T>(other: Promise<T>): Promise<T> {
    this.pause();
    try {
      return await other;
    } finally {
      this.resume();
    }
  }

  pause(): void {
    this.#spentMs += this.#sliceMs;
    this.#sinceMs = undefined;
  }

  resume(): void {
    this.#sinceMs ??= this.#nowMs();
  }

  get #sliceMs(): number {
    return this.#sinceMs === undefined ? 0 : this.#nowMs() - this.#sinceMs;
  }
}
