import type { Engine, EngineEntry, EngineOp, EngineRange, EngineSnapshot } from './engine.ts';

/** How the chosen write fails. */
export type WriteFailure =
  /** Nothing reaches the medium. */
  | 'lost'
  /** Everything does, and only the confirmation is lost. */
  | 'unconfirmed';

/** Which write of a {@link FaultyEngine} fails. */
export interface WriteFault {
  /** 1 for the first commit. */
  readonly atWrite: number;
  readonly failure: WriteFailure;
  /** What the disk says; `ENOSPC` by default. */
  readonly error?: Error;
}

/**
 * An engine whose k-th write fails, for tests. The writes after it succeed again, as those of a disk that was full do:
 * whoever goes on after an error is found out.
 */
export class FaultyEngine implements Engine {
  readonly #inner: Engine;
  readonly #fault: WriteFault | undefined;
  /** Writes so far, failed ones included. */
  writes = 0;

  constructor(inner: Engine, fault?: WriteFault) {
    this.#inner = inner;
    this.#fault = fault;
  }

  async commit(ops: readonly EngineOp[]): Promise<void> {
    this.writes += 1;
    if (this.#fault === undefined || this.writes !== this.#fault.atWrite) return this.#inner.commit(ops);
    if (this.#fault.failure === 'unconfirmed') await this.#inner.commit(ops);
    throw this.#fault.error ?? new Error('ENOSPC: no space left on device, write');
  }

  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#inner.get(key);
  }

  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return this.#inner.getMany(keys);
  }

  range(options?: EngineRange): AsyncIterableIterator<readonly EngineEntry[]> {
    return this.#inner.range(options);
  }

  snapshot(): EngineSnapshot {
    return this.#inner.snapshot();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
