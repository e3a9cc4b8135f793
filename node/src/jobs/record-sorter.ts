import { availableParallelism } from 'node:os';
import { setImmediate as breath } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Fault } from '@comity/fault';
import type { RowValue } from '@comity/store';
import { SORTING_THREAD } from '../entries.ts';
import { type PackedItems, packItems } from './packed-items.ts';
import { ON_ITS_OWN, type Sortable, type Sorted, Sorting, type SortingBasis, UNREADABLE } from './sorting.ts';

export interface SortRequest {
  readonly id: number;
  readonly items: PackedItems;
  readonly sources: readonly Sortable['sources'][];
  readonly isNoted: readonly boolean[];
}

export interface SortAnswer {
  readonly id: number;
  readonly sorted: Sorted;
}

/** As `RecordKind` (record-kinds.ts), with a number for each digest. */
export interface NumberedKind {
  /** The same for records of which context and roots are the same, in whatever order; some of these have several. */
  readonly kind: number;
  readonly context: number;
  readonly roots: readonly number[];
}

/** The kind of a record: null where it is to be decided about for itself, undefined where it does not open. */
export type FoundKind = NumberedKind | null | undefined;

/** What was found out about a record. */
export interface SortedRecord {
  readonly kind: FoundKind;
  /** What to note of it, where there is anything and it is not noted. */
  readonly sketch: RowValue | undefined;
}

/** Below so many records threads cost more than they save. */
const MIN_RECORDS_FOR_THREADS = 8_000;
/** Records that are opened here before everything else in this process gets its turn. */
const RECORDS_AT_ONCE = 8;

/** As many as there are cores: the main thread reads, and has little else to do. */
const THREADS = availableParallelism();
/** The one here beside those in threads. */
const MAX_SORTINGS = THREADS + 1;
/** Tens of megabytes, reached by hostile variety only. */
const MAX_NUMBERS = 262_144;

const NO_ENTRY = new Uint8Array(0);

/**
 * Opens records and sorts them into kinds: the first ones here, many of them in threads. That is most of the work of comparing
 * policies. Signatures are not verified again for it (`openForCounting`), which were half of it; of each kind, the record that
 * is decided about is.
 */
export class RecordSorter implements AsyncDisposable {
  readonly #basis: SortingBasis;
  readonly #minForThreads: number;
  readonly #here: Numbering<Sorting>;
  readonly #threads: Numbering<SortingThread>[] = [];
  readonly #numbers = new CommonNumbers();
  #sorted = 0;
  #sortedHere: Promise<unknown> = Promise.resolve();
  #turn = 0;

  /** @param minForThreads records that are opened here before threads are started */
  constructor(basis: SortingBasis, minForThreads: number = MIN_RECORDS_FOR_THREADS) {
    this.#basis = basis;
    this.#minForThreads = minForThreads;
    this.#here = new Numbering(new Sorting(basis), this.#numbers, 0);
  }

  /** Batches that may be under way at once to keep all threads busy. */
  get width(): number {
    return 2 * THREADS;
  }

  async sort(records: readonly Sortable[]): Promise<SortedRecord[]> {
    this.#sorted += records.length;
    if (this.#sorted < this.#minForThreads) return this.#sortHere(records);
    while (this.#threads.length < THREADS)
      this.#threads.push(
        new Numbering(new SortingThread(this.#basis), this.#numbers, this.#threads.length + 1),
      );
    const thread = this.#threads[this.#turn++ % this.#threads.length] as Numbering<SortingThread>;
    return thread.take(await thread.sorting.sort(records));
  }

  /** One portion after the other: side by side they would be no faster, and take the turns of everything else. */
  #sortHere(records: readonly Sortable[]): Promise<SortedRecord[]> {
    const sorted = this.#sortedHere.then(() => this.#sortInSlices(records));
    this.#sortedHere = sorted.catch(() => {});
    return sorted;
  }

  async #sortInSlices(records: readonly Sortable[]): Promise<SortedRecord[]> {
    const sorted: SortedRecord[] = [];
    for (let at = 0; at < records.length; at += RECORDS_AT_ONCE) {
      await breath();
      sorted.push(...this.#here.take(this.#here.sorting.sort(records.slice(at, at + RECORDS_AT_ONCE))));
    }
    return sorted;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(({ sorting }) => sorting.close()));
  }
}

/** Numbers for digests, whichever sorting found them. */
class CommonNumbers {
  readonly #numbers = new Map<string, number>();
  #next = 0;

  of(digest: string): number {
    const known = this.#numbers.get(digest);
    if (known !== undefined) return known;
    // What is met again afterwards has another number: more is decided than need be, and nothing wrongly.
    if (this.#numbers.size > MAX_NUMBERS) this.#numbers.clear();
    this.#numbers.set(digest, this.#next);
    return this.#next++;
  }
}

/** What one sorting found, in common numbers. */
class Numbering<S> {
  readonly sorting: S;
  readonly #common: CommonNumbers;
  readonly #place: number;
  /** By the number that this sorting gave. */
  readonly #own: number[] = [];

  /** @param place of the sorting among all of them */
  constructor(sorting: S, common: CommonNumbers, place: number) {
    this.sorting = sorting;
    this.#common = common;
    this.#place = place;
  }

  /** To be called in the order in which the sorting was asked. */
  take({ numbers, fresh, firstFresh, sketches }: Sorted): SortedRecord[] {
    for (const [place, digest] of fresh.entries()) this.#own[firstFresh + place] = this.#common.of(digest);
    const kinds: FoundKind[] = [];
    for (let at = 0; at < numbers.length; ) {
      const count = numbers[at++] as number;
      if (count === UNREADABLE) kinds.push(undefined);
      else if (count === ON_ITS_OWN) kinds.push(null);
      else {
        const kind = (numbers[at] as number) * MAX_SORTINGS + this.#place;
        const [context = 0, ...roots] = Array.from(
          numbers.subarray(at + 1, at + count),
          (number) => this.#own[number] as number,
        );
        kinds.push({ kind, context, roots });
        at += count;
      }
    }
    return kinds.map((kind, place) => ({ kind, sketch: sketches[place] }));
  }
}

class SortingThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Sorted>>();
  #next = 0;
  #ended: Error | undefined;

  constructor(basis: SortingBasis) {
    this.#worker = new Worker(SORTING_THREAD, { workerData: basis });
    this.#worker.on('message', ({ id, sorted }: SortAnswer) => {
      this.#waiting.get(id)?.resolve(sorted);
      this.#waiting.delete(id);
    });
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () =>
      this.#fail(new Fault('node.internal', 'a thread that sorts records ended')),
    );
  }

  sort(records: readonly Sortable[]): Promise<Sorted> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const items = packItems(
      records.map(({ bytes, disclosures }) => ({ entry: NO_ENTRY, record: bytes, disclosures })),
    );
    const id = this.#next++;
    const answer = Promise.withResolvers<Sorted>();
    this.#waiting.set(id, answer);
    const request: SortRequest = {
      id,
      items,
      sources: records.map(({ sources }) => sources),
      isNoted: records.map(({ isNoted }) => isNoted),
    };
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
