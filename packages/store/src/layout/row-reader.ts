import type { EngineEntry, EngineRange, EngineReader } from '../engine/engine.ts';
import { openRow } from './row-seal.ts';

/** A row as it was read, after its digest was checked. */
export interface OpenedRow {
  readonly key: Uint8Array;
  readonly payload: Uint8Array;
}

/**
 * The only way to rows: every value is checked against its digest, every time it is read.
 *
 * All methods reject with `store.row-damaged`, `store.damaged`, `store.stopped` and `store.closed`.
 */
export class RowReader {
  readonly #engine: EngineReader;

  constructor(engine: EngineReader) {
    this.#engine = engine;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    const value = await this.#engine.get(key);
    return value === undefined ? undefined : openRow(key, value);
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    if (keys.length === 0) return [];
    const values = await this.#engine.getMany(keys);
    return values.map((value, index) =>
      value === undefined ? undefined : openRow(keys[index] as Uint8Array, value),
    );
  }

  /** Rows of the moment of the call, in chunks. */
  range(range: EngineRange): AsyncIterableIterator<readonly OpenedRow[]> {
    return openChunks(this.#engine.range(range));
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
}

async function* openChunks(
  chunks: AsyncIterableIterator<readonly EngineEntry[]>,
): AsyncIterableIterator<readonly OpenedRow[]> {
  for await (const chunk of chunks)
    yield chunk.map(({ key, value }) => ({ key, payload: openRow(key, value) }));
}
