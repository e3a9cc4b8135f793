import type { EngineEntry, EngineRange, EngineReader } from '../engine/engine.ts';
import type { KeySource } from '../keys/key-tree.ts';
import { keyNumberIn, openContentRow } from './content-seal.ts';
import { isContentKey } from './keyspace.ts';
import { openRow } from './row-seal.ts';

/** A row as it was read, after its digest or its tag was checked. */
export interface OpenedRow {
  readonly key: Uint8Array;
  readonly payload: Uint8Array;
}

/** A content row as it was read. */
export interface OpenedContent {
  readonly payload: Uint8Array;
  readonly keyNumber: number;
}

/**
 * The only way to rows: every value is checked against its digest or its tag, every time it is read. A content row whose key
 * was destroyed is not there.
 *
 * All methods reject with `store.row-damaged`, `store.damaged`, `store.stopped` and `store.closed`.
 */
export class RowReader {
  readonly #engine: EngineReader;
  readonly #keys: KeySource;

  constructor(engine: EngineReader, keys: KeySource) {
    this.#engine = engine;
    this.#keys = keys;
  }

  /** The payload of a row that was read elsewhere; undefined where its key was destroyed. @throws Fault `store.row-damaged` */
  open(key: Uint8Array, value: Uint8Array): Uint8Array | undefined {
    return isContentKey(key) ? openContentRow(key, value, this.#keys) : openRow(key, value);
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    const value = await this.#engine.get(key);
    return value === undefined ? undefined : this.open(key, value);
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    if (keys.length === 0) return [];
    const values = await this.#engine.getMany(keys);
    return values.map((value, index) =>
      value === undefined ? undefined : this.open(keys[index] as Uint8Array, value),
    );
  }

  /** Content rows in the order of the keys, each with the number of the key that seals it. */
  async getContents(keys: readonly Uint8Array[]): Promise<(OpenedContent | undefined)[]> {
    if (keys.length === 0) return [];
    const values = await this.#engine.getMany(keys);
    return values.map((value, index) => {
      const key = keys[index] as Uint8Array;
      const payload = value === undefined ? undefined : this.open(key, value);
      if (value === undefined || payload === undefined) return undefined;
      return { payload, keyNumber: keyNumberIn(key, value) };
    });
  }

  /** Rows of the moment of the call, in chunks. */
  range(range: EngineRange): AsyncIterableIterator<readonly OpenedRow[]> {
    return this.#openChunks(this.#engine.range(range));
  }

  /** All rows of a range at once, for ranges that are small by their nature. */
  async all(range: EngineRange): Promise<OpenedRow[]> {
    const rows: OpenedRow[] = [];
    for await (const chunk of this.range(range)) rows.push(...chunk);
    return rows;
  }

  /** The first row of a range, or the last with `reverse`. */
  async first(range: EngineRange): Promise<OpenedRow | undefined> {
    const [row] = await this.all({ ...range, limit: 1 });
    return row;
  }

  /** The first key of a range, or the last with `reverse`, whether its row can be opened or not. */
  async firstKey(range: EngineRange): Promise<Uint8Array | undefined> {
    for await (const [row] of this.#engine.range({ ...range, limit: 1 })) return row?.key;
    return undefined;
  }

  async *#openChunks(
    chunks: AsyncIterableIterator<readonly EngineEntry[]>,
  ): AsyncIterableIterator<readonly OpenedRow[]> {
    for await (const chunk of chunks) {
      const rows: OpenedRow[] = [];
      for (const { key, value } of chunk) {
        const payload = this.open(key, value);
        if (payload !== undefined) rows.push({ key, payload });
      }
      yield rows;
    }
  }
}
