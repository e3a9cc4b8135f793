import { Worker } from 'node:worker_threads';
import type { Request } from '../conformance/driver-process.ts';
import type { Trouble } from './examine.ts';

/** Inputs `first` to `first + count - 1` of a seed. */
export interface Block {
  readonly first: number;
  readonly count: number;
}

export type Found = Trouble & { readonly seed: number; readonly index: number; readonly request?: Request };

export interface BlockReport extends Block {
  readonly accepted: number;
  readonly found: readonly Found[];
}

export interface WorkerData {
  readonly seed: number;
  /** One float64: the input that the thread is at. */
  readonly place: SharedArrayBuffer;
}

export interface PoolOptions {
  /** A thread that stays at one input for so long is stopped from outside. */
  readonly stuckMs: number;
  /** Module of the thread. */
  readonly worker: URL;
}

const DEFAULTS: PoolOptions = { stuckMs: 10_000, worker: new URL('./worker.ts', import.meta.url) };
/** The heap of a thread that holds the corpus and the program, and 64 MiB beyond. */
const MAX_HEAP_MB = 256;

/** Works through blocks on several threads. A thread that hangs or runs out of memory is replaced, and its input reported. */
export class FuzzPool {
  readonly #seed: number;
  readonly #blocks: Iterator<Block>;
  readonly #onReport: (report: BlockReport) => void;
  readonly #options: PoolOptions;

  constructor(
    seed: number,
    blocks: Iterable<Block>,
    onReport: (report: BlockReport) => void,
    options: Partial<PoolOptions> = {},
  ) {
    this.#seed = seed;
    this.#blocks = blocks[Symbol.iterator]();
    this.#onReport = onReport;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Ends when there are no more blocks, or soon after the signal was aborted: then blocks under way are not reported. */
  async run(threads: number, signal: AbortSignal): Promise<void> {
    await Promise.all(Array.from({ length: threads }, () => this.#runThread(signal)));
  }

  async #runThread(signal: AbortSignal): Promise<void> {
    let pending: Block | undefined;
    while (!signal.aborted) {
      pending ??= this.#take();
      if (pending === undefined) return;
      pending = await this.#runUntilStuck(pending, signal);
    }
  }

  #take(): Block | undefined {
    const next = this.#blocks.next();
    return next.done === true ? undefined : next.value;
  }

  /** Returns what is left of the block at which the thread got stuck; undefined where all blocks are done. */
  #runUntilStuck(first: Block, signal: AbortSignal): Promise<Block | undefined> {
    const place = new SharedArrayBuffer(8);
    const at = new Float64Array(place);
    at[0] = first.first;
    const worker = new Worker(this.#options.worker, {
      workerData: { seed: this.#seed, place } satisfies WorkerData,
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    let block: Block | undefined = first;
    return new Promise((resolve) => {
      let seen = -1;
      let since = performance.now();
      const end = (rest: Block | undefined): void => {
        clearInterval(watch);
        signal.removeEventListener('abort', abort);
        void worker.terminate();
        resolve(rest);
      };
      const stuck = (kind: 'hang' | 'memory' | 'crash', detail: string): void => {
        const index = at[0] as number;
        const { first: from, count } = block as Block;
        this.#onReport({
          first: from,
          count: index + 1 - from,
          accepted: 0,
          found: [{ kind, detail, seed: this.#seed, index }],
        });
        const left = from + count - index - 1;
        end(left > 0 ? { first: index + 1, count: left } : this.#take());
      };
      const abort = (): void => end(undefined);
      const watch = setInterval(() => {
        if (at[0] !== seen || block === undefined) {
          seen = at[0] as number;
          since = performance.now();
        } else if (performance.now() - since > this.#options.stuckMs) {
          stuck('hang', `more than ${this.#options.stuckMs} ms`);
        }
      }, this.#options.stuckMs / 10);
      signal.addEventListener('abort', abort);
      worker.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') stuck('memory', `heap above ${MAX_HEAP_MB} MiB`);
        else stuck('crash', error.stack ?? error.message);
      });
      worker.on('message', (message: BlockReport | 'ready') => {
        if (message !== 'ready') {
          this.#onReport(message);
          block = this.#take();
        }
        if (block === undefined) end(undefined);
        else worker.postMessage(block);
      });
    });
  }
}
