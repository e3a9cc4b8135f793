import { Fault } from '@comity/fault';
import type { Engine, EngineEntry, EngineOp, EngineRange, EngineSnapshot } from './engine.ts';

/** Changes of one merged batch at most, so that a long queue neither stalls the loop nor fills the memory. */
const MAX_MERGED_OPS = 16_384;

interface Settle {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}
type Waiting =
  | (Settle & { readonly kind: 'commit'; readonly ops: readonly EngineOp[] })
  | (Settle & { readonly kind: 'exclusive'; readonly job: () => Promise<void> });

/**
 * Fail-stop and group commit, around any engine.
 *
 * - One batch is written at a time. What is committed meanwhile goes into one next batch, in the order of the calls, so
 *   the number of writers costs no further disk synchronisation. Each caller's changes stay together.
 * - After a failed write nothing is read or written any more: a page cache that lost a write answers as if it had it,
 *   and LevelDB acknowledges later writes that the next opening drops (reliability §3, rule 2). The owner closes,
 *   reopens and compares heads.
 *
 * Rejects with `store.write-failed` where the outcome is unknown, `store.stopped` where nothing was tried, and
 * `store.closed` after close.
 */
export class GuardedEngine implements Engine {
  readonly #inner: Engine;
  #waiting: Waiting[] = [];
  #pumping = false;
  #pumped: Promise<void> = Promise.resolve();
  #cause: unknown;
  #status: 'open' | 'stopped' | 'closed' = 'open';

  constructor(inner: Engine) {
    this.#inner = inner;
  }

  get stopped(): boolean {
    return this.#status === 'stopped';
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#requireOpen();
    const value = await this.#inner.get(key);
    this.#requireOpen();
    return value;
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    this.#requireOpen();
    const values = await this.#inner.getMany(keys);
    this.#requireOpen();
    return values;
  }

  range(options?: EngineRange): AsyncIterableIterator<readonly EngineEntry[]> {
    this.#requireOpen();
    return this.#guard(this.#inner.range(options));
  }

  snapshot(): EngineSnapshot {
    this.#requireOpen();
    const snapshot = this.#inner.snapshot();
    return {
      get: async (key) => {
        this.#requireOpen();
        return snapshot.get(key);
      },
      getMany: async (keys) => {
        this.#requireOpen();
        return snapshot.getMany(keys);
      },
      range: (options) => {
        this.#requireOpen();
        return this.#guard(snapshot.range(options));
      },
      release: () => snapshot.release(),
    };
  }

  commit(ops: readonly EngineOp[]): Promise<void> {
    return this.#enqueue((settle) => ({ kind: 'commit', ops, ...settle }));
  }

  /** Runs a job while no write is under way, in its turn among the commits. A failure of the job is its caller's. */
  exclusive(job: () => Promise<void>): Promise<void> {
    return this.#enqueue((settle) => ({ kind: 'exclusive', job, ...settle }));
  }

  /** Stops as after a failed write: for a failure beside the engine that makes further acknowledgements unsafe. */
  stop(cause: unknown): void {
    if (this.#status !== 'open') return;
    this.#status = 'stopped';
    this.#cause = cause;
  }

  async close(): Promise<void> {
    if (this.#status === 'closed') return;
    while (this.#pumping) await this.#pumped;
    this.#status = 'closed';
    await this.#inner.close();
  }

  #enqueue(waiting: (settle: Settle) => Waiting): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#requireOpen();
      this.#waiting.push(waiting({ resolve, reject }));
      if (!this.#pumping) this.#pumped = this.#pump();
    });
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (this.#status !== 'open') {
        for (const { reject } of this.#waiting.splice(0)) reject(this.#refusal());
      } else if (first.kind === 'commit') {
        await this.#write(this.#takeBatch());
      } else {
        this.#waiting.shift();
        try {
          await first.job();
          first.resolve();
        } catch (error) {
          first.reject(error);
        }
      }
    }
    // In the same step as the last look at the queue: what arrives later finds no pump and starts one.
    this.#pumping = false;
  }

  #takeBatch(): (Waiting & { kind: 'commit' })[] {
    const batch: (Waiting & { kind: 'commit' })[] = [];
    let opCount = 0;
    for (const waiting of this.#waiting) {
      if (waiting.kind !== 'commit') break;
      if (batch.length > 0 && opCount + waiting.ops.length > MAX_MERGED_OPS) break;
      batch.push(waiting);
      opCount += waiting.ops.length;
    }
    this.#waiting.splice(0, batch.length);
    return batch;
  }

  async #write(batch: readonly (Waiting & { kind: 'commit' })[]): Promise<void> {
    const only = batch.length === 1 ? batch[0]?.ops : undefined;
    const ops = only ?? batch.flatMap((waiting) => waiting.ops);
    try {
      if (ops.length > 0) await this.#inner.commit(ops);
    } catch (cause) {
      this.stop(cause);
      const fault = new Fault('store.write-failed', 'the engine did not confirm a batch', { cause });
      for (const { reject } of batch) reject(fault);
      return;
    }
    for (const { resolve } of batch) resolve();
  }

  async *#guard(
    chunks: AsyncIterableIterator<readonly EngineEntry[]>,
  ): AsyncIterableIterator<readonly EngineEntry[]> {
    for await (const chunk of chunks) {
      this.#requireOpen();
      yield chunk;
    }
  }

  #requireOpen(): void {
    if (this.#status !== 'open') throw this.#refusal();
  }

  #refusal(): Fault {
    if (this.#status === 'closed') return new Fault('store.closed', 'the engine is closed');
    return new Fault('store.stopped', 'the engine stopped after a write error', { cause: this.#cause });
  }
}
