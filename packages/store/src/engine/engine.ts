/** One row as the engine keeps it. */
export interface EngineEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** One change of a batch. Where a batch names a key twice, the later change counts. */
export type EngineOp =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

/** Keys from `gte` (inclusive) to `lt` (exclusive), in bytewise order, or from the end with `reverse`. */
export interface EngineRange {
  readonly gte?: Uint8Array;
  readonly lt?: Uint8Array;
  readonly reverse?: boolean;
  /** Rows at most. */
  readonly limit?: number;
}

/** What can be read: the live engine, or one moment of it. */
export interface EngineReader {
  /** The value, or undefined where there is none. A returned array belongs to the caller. */
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** The values in the order of the keys. */
  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]>;
  /** Rows in chunks, all of one moment: that of the call. No chunk is empty. */
  range(options?: EngineRange): AsyncIterableIterator<readonly EngineEntry[]>;
}

/** One moment of an engine: later commits do not show. Keeps old rows on disk until it is released. */
export interface EngineSnapshot extends EngineReader {
  release(): Promise<void>;
}

/**
 * The engine port: an ordered key-value store with atomic, durable batches. Keys are 1 to 1024 bytes and sort bytewise.
 *
 * What stands behind it is proven by the suite in `@comity/store/acceptance`.
 */
export interface Engine extends EngineReader {
  /**
   * Makes all changes or none, and resolves only when they survive a power cut.
   *
   * After a rejection it is unknown whether the changes are there: close, reopen, look (reliability §3, rule 2).
   */
  commit(ops: readonly EngineOp[]): Promise<void>;
  snapshot(): EngineSnapshot;
  close(): Promise<void>;
}

/** Longest key, in bytes. The longest of the keyspace is under 400. */
export const MAX_KEY_BYTES = 1024;

/** Rows of one chunk of a range: enough to make the hop between threads cheap, few enough not to stall the loop. */
export const RANGE_CHUNK_ROWS = 512;
