import { Fault } from '@comity/fault';
import { Level } from 'level';
import {
  type Engine,
  type EngineEntry,
  type EngineOp,
  type EngineRange,
  type EngineSnapshot,
  RANGE_CHUNK_ROWS,
} from './engine.ts';

type Database = Level<Uint8Array, Uint8Array>;
type DatabaseSnapshot = ReturnType<Database['snapshot']>;

/** How a LevelDB is opened. */
export interface LevelEngineOptions {
  /** Makes a new database, and refuses where there is one. Otherwise opens one that is there, and never makes one. */
  readonly create: boolean;
}

const TUNING = {
  keyEncoding: 'view',
  valueEncoding: 'view',
  // Signed bytes hardly compress, and one flipped bit of a compressed block spoils all rows of it (reliability §3).
  compression: false,
  cacheSize: 32 * 1024 * 1024,
  // Large, for bulk intake: less of what is there already is merged with what arrives. Opening after a crash reads at
  // most two of these again, some hundreds of milliseconds.
  writeBufferSize: 32 * 1024 * 1024,
} as const;

/** Bytes of one chunk of a range; classic-level stops at 16 KiB by itself, which costs a hop for every dozen records. */
const RANGE_CHUNK_BYTES = 512 * 1024;

/**
 * Opens a LevelDB as an engine. The caller puts {@link GuardedEngine} around it.
 *
 * @throws Fault `store.locked`, `store.exists`, `store.damaged`, `store.io-failed`
 */
export async function openLevelEngine(location: string, options: LevelEngineOptions): Promise<Engine> {
  const database: Database = new Level(location, { ...TUNING });
  try {
    await database.open({ createIfMissing: options.create, errorIfExists: options.create });
  } catch (error) {
    throw openingFault(error, options);
  }
  return new LevelEngine(database);
}

class LevelEngine implements Engine {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return plain(await reading(this.#database.get(key)));
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return (await reading(this.#database.getMany(keys as Uint8Array[]))).map(plain);
  }

  range(options: EngineRange = {}): AsyncIterableIterator<readonly EngineEntry[]> {
    // Opened here and not at the first step: the moment of the range is that of the call.
    return readRange(this.#database, options);
  }

  snapshot(): EngineSnapshot {
    const database = this.#database;
    const snapshot = database.snapshot();
    return {
      get: async (key) => plain(await reading(database.get(key, { snapshot }))),
      getMany: async (keys) =>
        (await reading(database.getMany(keys as Uint8Array[], { snapshot }))).map(plain),
      range: (options = {}) => readRange(database, options, snapshot),
      release: () => snapshot.close(),
    };
  }

  async commit(ops: readonly EngineOp[]): Promise<void> {
    // A chained batch: the array form of abstract-level costs five times as much for each change.
    const batch = this.#database.batch();
    for (const op of ops) {
      if (op.type === 'put') batch.put(op.key, op.value);
      else batch.del(op.key);
    }
    await batch.write({ sync: true } as Parameters<typeof batch.write>[0]);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}

function readRange(database: Database, range: EngineRange, snapshot?: DatabaseSnapshot) {
  const iterator = database.iterator({
    ...(range.gte === undefined ? {} : { gte: range.gte }),
    ...(range.lt === undefined ? {} : { lt: range.lt }),
    ...(range.limit === undefined ? {} : { limit: range.limit }),
    ...(snapshot === undefined ? {} : { snapshot }),
    reverse: range.reverse ?? false,
    highWaterMarkBytes: RANGE_CHUNK_BYTES,
  });
  async function* chunks(): AsyncIterableIterator<readonly EngineEntry[]> {
    try {
      for (;;) {
        const rows = await reading(iterator.nextv(RANGE_CHUNK_ROWS));
        if (rows.length === 0) return;
        yield rows.map(([key, value]) => ({ key: plain(key), value: plain(value) }));
      }
    } finally {
      await iterator.close();
    }
  }
  return chunks();
}

/** The binding answers with Buffers, whose `slice` would not copy. */
function plain<Bytes extends Uint8Array | undefined>(bytes: Bytes): Bytes {
  if (bytes === undefined) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) as Uint8Array as Bytes;
}

/** A read that LevelDB cannot answer is damage: absence is not an error. */
function reading<Result>(answer: Promise<Result>): Promise<Result> {
  return answer.catch((error: unknown) => {
    if (codeOf(error) === 'LEVEL_DATABASE_NOT_OPEN' || codeOf(error) === 'LEVEL_ITERATOR_NOT_OPEN') {
      throw new Fault('store.closed', 'the engine is closed', { cause: error });
    }
    throw new Fault('store.damaged', 'the engine could not read', { cause: error });
  });
}

function openingFault(error: unknown, options: LevelEngineOptions): Fault {
  // abstract-level wraps what LevelDB said.
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (codeOf(cause) === 'LEVEL_LOCKED')
    return new Fault('store.locked', 'another process has the store open', { cause });
  if (options.create && /error_if_exists/.test(String(cause))) {
    return new Fault('store.exists', 'a database is there already', { cause });
  }
  // LevelDB writes while it opens: a full disk is not damage.
  if (codeOf(cause) === 'LEVEL_IO_ERROR') {
    return new Fault('store.io-failed', 'the engine could not use its files', { cause });
  }
  return new Fault('store.damaged', 'the engine could not open its files', { cause });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
