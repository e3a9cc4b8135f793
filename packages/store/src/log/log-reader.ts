import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { rootOf, type SubtreeReader } from '@comity/merkle';
import type { LogName } from '../layout/key-fields.ts';
import { LOG_ENTRY } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { decodeRowValue } from '../layout/row-value.ts';
import { listTable } from '../table-reader.ts';
import { type CheckpointRow, type CosignatureRow, TABLES } from '../tables.ts';
import {
  type EntryNote,
  type LogState,
  readTile,
  rootOfState,
  TILE_HASHES,
  TILE_LEVELS,
} from './log-state.ts';

/** A log as it is on disk. */
export interface LogHead {
  readonly size: number;
  readonly root: Uint8Array;
  /** Roots of the complete subtrees, largest first: what `CompactTree.resume` needs. */
  readonly frontier: readonly Uint8Array[];
}

export interface LogEntry {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly note: EntryNote;
}

/** A checkpoint with the size it is for. */
export interface StoredCheckpoint extends CheckpointRow {
  readonly size: number;
}

/** A cosignature with who gave it. */
export interface StoredCosignature extends CosignatureRow {
  readonly size: number;
  readonly cosigner: StateId;
}

/** Reads one log. Sees what is on disk: entries of a commit that is under way are not there yet. */
export class LogReader {
  readonly log: LogName;
  readonly #rows: RowReader;
  readonly #committed: () => LogState;

  constructor(rows: RowReader, log: LogName, committed: () => LogState) {
    this.log = log;
    this.#rows = rows;
    this.#committed = committed;
  }

  get size(): number {
    return this.#committed().size;
  }

  head(): LogHead {
    const state = this.#committed();
    return { size: state.size, root: rootOfState(state), frontier: state.frontier };
  }

  /** @throws Fault `store.no-such-entry`, `store.log-gap` */
  async entry(index: number): Promise<LogEntry> {
    for await (const [entry] of this.entries(index, index + 1)) if (entry !== undefined) return entry;
    throw this.#gap(index);
  }

  /**
   * Entries from an index (inclusive) to another (exclusive), in chunks.
   *
   * @throws Fault `store.no-such-entry`, `store.log-gap`
   */
  async *entries(from: number, to: number = this.size): AsyncIterableIterator<readonly LogEntry[]> {
    if (from < 0 || from > to || to > this.size) {
      throw new Fault('store.no-such-entry', `expected a part of the ${this.size} entries`, {
        fields: { from, to },
      });
    }
    let next = from;
    for await (const chunk of this.#rows.range({
      gte: LOG_ENTRY.key(this.log, from),
      lt: LOG_ENTRY.key(this.log, to),
    })) {
      yield chunk.map(({ key, payload }) => {
        const index = next;
        if (!equalBytes(key, LOG_ENTRY.key(this.log, index))) throw this.#gap(index);
        next += 1;
        const [leaf, note] = decodeRowValue(payload) as [Uint8Array, EntryNote];
        return { index, leaf, note };
      });
    }
    if (next !== to) throw this.#gap(next);
  }

  /**
   * Where the proofs of one request get their hashes from. It stays at the size of the call, and reads each tile once.
   *
   * @throws Fault `store.no-such-entry`, `store.row-missing` (the returned reader)
   */
  subtrees(): SubtreeReader {
    const state = this.#committed();
    const tiles = new Map<string, Promise<readonly Uint8Array[]>>();
    const tileOf = (level: number, index: number) => {
      const name = `${level}/${index}`;
      const tile = tiles.get(name) ?? tileAt(this.#rows, state, level, index);
      tiles.set(name, tile);
      return tile;
    };
    return async (level, index) => {
      if ((index + 1) * 2 ** level > state.size) {
        throw new Fault('store.no-such-entry', 'the subtree is not complete', {
          fields: { level, index, size: state.size },
        });
      }
      const leaves = 2 ** (level % TILE_LEVELS);
      const first = index * leaves;
      const tile = await tileOf(Math.floor(level / TILE_LEVELS), Math.floor(first / TILE_HASHES));
      return rootOf(tile.slice(first % TILE_HASHES, (first % TILE_HASHES) + leaves));
    };
  }

  checkpoint(size: number): Promise<StoredCheckpoint | undefined> {
    return this.#firstCheckpoint({ from: size, to: size + 1 });
  }

  latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return this.#firstCheckpoint({ from: 0, to: Number.MAX_SAFE_INTEGER, reverse: true });
  }

  /** The smallest checkpoint that covers this many entries. */
  checkpointFrom(size: number): Promise<StoredCheckpoint | undefined> {
    return this.#firstCheckpoint({ from: size, to: Number.MAX_SAFE_INTEGER });
  }

  /** Cosignatures and receipts on the checkpoint of a size. */
  async cosignatures(size: number): Promise<StoredCosignature[]> {
    const rows = await listTable(this.#rows, TABLES.cosignatures, [this.log, size]);
    return rows.map(({ key: [, , cosigner], row }) => ({ size, cosigner, ...row }));
  }

  /** The newest cosignature or receipt of one cosigner. */
  async latestCosignature(cosigner: StateId): Promise<StoredCosignature | undefined> {
    const { gte, lt } = TABLES.cosignatures.keyspace.range(this.log);
    for await (const chunk of this.#rows.range({ gte, lt, reverse: true })) {
      for (const { key, payload } of chunk) {
        const [, size, who] = TABLES.cosignatures.keyspace.parse(key);
        if (who === cosigner) return { size, cosigner, ...TABLES.cosignatures.decode(payload) };
      }
    }
    return undefined;
  }

  async #firstCheckpoint(range: {
    from: number;
    to: number;
    reverse?: boolean;
  }): Promise<StoredCheckpoint | undefined> {
    const { keyspace, decode } = TABLES.checkpoints;
    const row = await this.#rows.first({
      gte: keyspace.key(this.log, range.from),
      lt: keyspace.key(this.log, range.to),
      reverse: range.reverse ?? false,
    });
    return row === undefined ? undefined : { size: keyspace.parse(row.key)[1], ...decode(row.payload) };
  }

  #gap(index: number): Fault {
    return new Fault('store.log-gap', 'a log lacks an entry below its size', {
      fields: { log: this.log, index },
    });
  }
}

/** A tile at the size of the state: stored where it is full, and otherwise the tail that the state holds. */
async function tileAt(
  rows: RowReader,
  state: LogState,
  level: number,
  index: number,
): Promise<readonly Uint8Array[]> {
  const lastTile = Math.floor(state.size / TILE_HASHES ** (level + 1));
  return index === lastTile ? (state.tails[level] ?? []) : readTile(rows, state.log, level, index);
}
