import { compareBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import { type JournalFile, MemoryJournalFile } from '../keys/journal-file.ts';
import { type KeyFile, MemoryKeyFile } from '../keys/key-file.ts';
import {
  type Engine,
  type EngineEntry,
  type EngineOp,
  type EngineRange,
  type EngineReader,
  type EngineSnapshot,
  RANGE_CHUNK_ROWS,
} from './engine.ts';

/** What a memory engine writes to. It outlives the engine, as a disk outlives a process. */
export class MemoryMedium {
  /** Sorted, and replaced rather than changed: an array once read stays one moment of the medium. */
  rows: readonly EngineEntry[] = [];
  /** What a store keeps beside its engine. */
  readonly keyFile: KeyFile = new MemoryKeyFile();
  readonly journalFile: JournalFile = new MemoryJournalFile();
}

/** An engine in memory, for tests and simulations. Its batches are as durable as the medium. */
export class MemoryEngine implements Engine {
  readonly #medium: MemoryMedium;
  #closed = false;

  constructor(medium: MemoryMedium = new MemoryMedium()) {
    this.#medium = medium;
  }

  get keyFile(): KeyFile {
    return this.#medium.keyFile;
  }

  get journalFile(): JournalFile {
    return this.#medium.journalFile;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#moment().get(key);
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return this.#moment().getMany(keys);
  }

  range(options?: EngineRange): AsyncIterableIterator<readonly EngineEntry[]> {
    return this.#moment().range(options);
  }

  snapshot(): EngineSnapshot {
    return this.#moment();
  }

  async commit(ops: readonly EngineOp[]): Promise<void> {
    this.#moment();
    this.#medium.rows = merge(this.#medium.rows, ops);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #moment(): Moment {
    if (this.#closed) throw new Fault('store.closed', 'the engine is closed');
    return new Moment(this.#medium.rows);
  }
}

class Moment implements EngineReader, EngineSnapshot {
  readonly #rows: readonly EngineEntry[];

  constructor(rows: readonly EngineEntry[]) {
    this.#rows = rows;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    const row = this.#rows[lowerBound(this.#rows, key)];
    // A copy: the caller may write into what it was given.
    return row !== undefined && compareBytes(row.key, key) === 0 ? row.value.slice() : undefined;
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async *range(options: EngineRange = {}): AsyncIterableIterator<readonly EngineEntry[]> {
    const rows = this.#rows;
    const from = options.gte === undefined ? 0 : lowerBound(rows, options.gte);
    const to = options.lt === undefined ? rows.length : lowerBound(rows, options.lt);
    const count = Math.min(Math.max(to - from, 0), options.limit ?? Number.POSITIVE_INFINITY);
    for (let done = 0; done < count; done += RANGE_CHUNK_ROWS) {
      const size = Math.min(RANGE_CHUNK_ROWS, count - done);
      const chunk = options.reverse
        ? rows.slice(to - done - size, to - done).reverse()
        : rows.slice(from + done, from + done + size);
      yield chunk.map(({ key, value }) => ({ key: key.slice(), value: value.slice() }));
    }
  }

  async release(): Promise<void> {}
}

function lowerBound(rows: readonly EngineEntry[], key: Uint8Array): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes((rows[middle] as EngineEntry).key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One pass over both: batches are small and sorted here, rows are sorted already. */
function merge(rows: readonly EngineEntry[], ops: readonly EngineOp[]): readonly EngineEntry[] {
  const last = new Map<string, EngineOp>();
  for (const op of ops) last.set(String.fromCharCode(...op.key), op);
  const sorted = [...last.values()].sort((a, b) => compareBytes(a.key, b.key));
  const merged: EngineEntry[] = [];
  let next = 0;
  for (const op of sorted) {
    const at = lowerBound(rows, op.key);
    for (; next < at; next += 1) merged.push(rows[next] as EngineEntry);
    const present = next < rows.length && compareBytes((rows[next] as EngineEntry).key, op.key) === 0;
    if (present) next += 1;
    if (op.type === 'put') merged.push({ key: op.key.slice(), value: op.value.slice() });
  }
  for (; next < rows.length; next += 1) merged.push(rows[next] as EngineEntry);
  return merged;
}
