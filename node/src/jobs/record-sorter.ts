import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Fault } from '@comity/fault';
import { type PackedItems, packItems } from './packed-items.ts';
import { ON_ITS_OWN, type Sortable, Sorting, type SortingBasis, UNREADABLE } from './sorting.ts';

export interface SortRequest {
  readonly id: number;
  readonly items: PackedItems;
}

export interface SortAnswer {
  readonly id: number;
  readonly kinds: Int32Array<ArrayBuffer>;
}

/** The kind of a record: equal for records of one kind; undefined where the record does not open, null where it has none. */
export type RecordKind = string | null | undefined;

/** Below so many records threads cost more than they save. */
const MIN_RECORDS_FOR_THREADS = 1_000;

const NO_ENTRY = new Uint8Array(0);

/**
 * Opens records and sorts them into kinds: the first ones here, many of them in threads. Opening verifies each signature, as
 * whatever hands a record over does: that is most of the work, and threads are what it is spread over.
 */
export class RecordSorter implements AsyncDisposable {
  readonly #basis: SortingBasis;
  readonly #here: Sorting;
  readonly #threads: SortingThread[] = [];
  #sorted = 0;
  #turn = 0;

  constructor(basis: SortingBasis) {
    this.#basis = basis;
    this.#here = Sorting.on(basis);
  }

  /** Batches that may be under way at once to keep all threads busy. */
  get width(): number {
    return 2 * availableParallelism();
  }

  async sort(records: readonly Sortable[]): Promise<RecordKind[]> {
    this.#sorted += records.length;
    if (this.#sorted < MIN_RECORDS_FOR_THREADS) return named('', this.#here.sort(records));
    while (this.#threads.length < availableParallelism()) this.#threads.push(new SortingThread(this.#basis));
    const place = this.#turn++ % this.#threads.length;
    // Each thread counts its kinds for itself.
    return named(`${place} `, await (this.#threads[place] as SortingThread).sort(records));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

function named(prefix: string, kinds: Int32Array): RecordKind[] {
  return Array.from(kinds, (kind) => {
    if (kind === UNREADABLE) return undefined;
    return kind === ON_ITS_OWN ? null : `${prefix}${kind}`;
  });
}

class SortingThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Int32Array>>();
  #next = 0;
  #ended: Error | undefined;

  constructor(basis: SortingBasis) {
    // The same file as TypeScript in a checkout and as JavaScript where compiled.
    const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./sorting-thread.${suffix}`, import.meta.url), { workerData: basis });
    this.#worker.on('message', ({ id, kinds }: SortAnswer) => {
      this.#waiting.get(id)?.resolve(kinds);
      this.#waiting.delete(id);
    });
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () =>
      this.#fail(new Fault('node.internal', 'a thread that sorts records ended')),
    );
  }

  sort(records: readonly Sortable[]): Promise<Int32Array> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const items = packItems(
      records.map(({ bytes, disclosures }) => ({ entry: NO_ENTRY, record: bytes, disclosures })),
    );
    const id = this.#next++;
    const answer = Promise.withResolvers<Int32Array>();
    this.#waiting.set(id, answer);
    const request: SortRequest = { id, items };
    this.#worker.postMessage(request, [items.bytes.buffer, items.lengths.buffer]);
    return answer.promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
