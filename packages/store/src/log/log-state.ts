import { Fault } from '@comity/fault';
import { CompactTree, completedSubtrees, HASH_BYTES, leafHash, type Subtree } from '@comity/merkle';
import type { LogName } from '../layout/key-fields.ts';
import { LOG_ENTRY, LOG_HEAD, LOG_TILE } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { type SealedRow, sealRow } from '../layout/row-seal.ts';
import { decodeRowValue, encodeRowPieces, encodeRowValue, type RowValue } from '../layout/row-value.ts';

/** Hashes of a tile: the geometry of C2SP tlog-tiles. */
export const TILE_HASHES = 256;
/** Tree levels that one tile level spans. */
export const TILE_LEVELS = 8;

/** What a node keeps with an entry and does not sign. */
export type EntryNote = RowValue;

/** An entry to append. */
export interface NewLogEntry {
  /** Leaf data: what the log is a log of. */
  readonly leaf: Uint8Array;
  readonly note?: EntryNote;
}

/** A log at some size, with what the next append needs. Never changed, only replaced. */
export interface LogState {
  readonly log: LogName;
  readonly size: number;
  /** Roots of the complete subtrees, largest first. */
  readonly frontier: readonly Uint8Array[];
  /** For each tile level the hashes of its last tile, which is not full. */
  readonly tails: readonly (readonly Uint8Array[])[];
}

/** The state of a log that was just grown, with the rows that grew it. */
export interface LogGrowth {
  readonly state: LogState;
  readonly rows: readonly SealedRow[];
}

export function emptyLog(log: LogName): LogState {
  return { log, size: 0, frontier: [], tails: [] };
}

export function rootOfState(state: LogState): Uint8Array {
  return CompactTree.resume(state.size, state.frontier).root();
}

/**
 * Appends entries. One row for each entry, one for the head; a tile is written when it is full, and above level 0 also
 * while it fills, for it gains a hash only every 256 entries. The last tile of level 0 is not written: its hashes are
 * those of the entries beside it.
 */
export function growLog(state: LogState, entries: readonly NewLogEntry[]): LogGrowth {
  const { log } = state;
  const rows = entries.map(({ leaf, note }, added) =>
    sealRow(LOG_ENTRY.key(log, state.size + added), ...encodeRowPieces([leaf, note ?? null])),
  );
  const leafHashes = entries.map(({ leaf }) => leafHash(leaf));
  const subtrees = completedSubtrees(state.size, leafHashes, state.frontier);
  const tails = state.tails.map((tail) => [...tail]);
  const touched = new Set<number>();
  for (const { level, index, hash } of subtrees) {
    if (level % TILE_LEVELS !== 0) continue;
    const tileLevel = level / TILE_LEVELS;
    tails[tileLevel] ??= [];
    const tail = tails[tileLevel];
    tail.push(hash);
    touched.add(tileLevel);
    if (tail.length < TILE_HASHES) continue;
    rows.push(sealRow(LOG_TILE.key(log, tileLevel, Math.floor(index / TILE_HASHES)), joinHashes(tail)));
    tails[tileLevel] = [];
  }
  const size = state.size + entries.length;
  for (const tileLevel of touched) {
    const tail = tails[tileLevel] as Uint8Array[];
    if (tileLevel === 0 || tail.length === 0) continue;
    rows.push(sealRow(LOG_TILE.key(log, tileLevel, tileIndexAt(size, tileLevel)), joinHashes(tail)));
  }
  const frontier = frontierAfter(state, size, subtrees);
  rows.push(sealRow(LOG_HEAD.key(log), encodeRowValue([size, frontier])));
  return { state: { log, size, frontier, tails }, rows };
}

/** @throws Fault `store.log-gap`, `store.row-missing` */
export async function loadLogState(rows: RowReader, log: LogName): Promise<LogState> {
  const head = await rows.get(LOG_HEAD.key(log));
  if (head === undefined) return emptyLog(log);
  const [size, frontier] = decodeRowValue(head) as unknown as [number, Uint8Array[]];
  const tails: Uint8Array[][] = [await leafTail(rows, log, size)];
  for (let tileLevel = 1; hashesAt(size, tileLevel) > 0; tileLevel += 1) {
    const count = hashesAt(size, tileLevel) % TILE_HASHES;
    tails.push(count === 0 ? [] : await readTail(rows, log, tileLevel, tileIndexAt(size, tileLevel), count));
  }
  return { log, size, frontier, tails };
}

/** Hashes that a tile level has in a log of this size. */
export function hashesAt(size: number, tileLevel: number): number {
  return Math.floor(size / TILE_HASHES ** tileLevel);
}

/** The tile that the next hash of a level goes into. */
function tileIndexAt(size: number, tileLevel: number): number {
  return Math.floor(hashesAt(size, tileLevel) / TILE_HASHES);
}

async function leafTail(rows: RowReader, log: LogName, size: number): Promise<Uint8Array[]> {
  const start = size - (size % TILE_HASHES);
  const leaves = await readLeaves(rows, log, start, size);
  return leaves.map(leafHash);
}

async function readTail(
  rows: RowReader,
  log: LogName,
  level: number,
  index: number,
  count: number,
): Promise<Uint8Array[]> {
  const tile = await readTile(rows, log, level, index);
  if (tile.length < count)
    throw new Fault('store.row-missing', 'a tile lacks hashes', { fields: { log, level, index } });
  // Copies: a tail outlives the row it was read from.
  return tile.slice(0, count).map((hash) => hash.slice());
}

/** Leaf data of entries, in order. @throws Fault `store.log-gap` */
export async function readLeaves(
  rows: RowReader,
  log: LogName,
  from: number,
  to: number,
): Promise<Uint8Array[]> {
  if (from >= to) return [];
  const found = await rows.all({ gte: LOG_ENTRY.key(log, from), lt: LOG_ENTRY.key(log, to) });
  if (found.length !== to - from) {
    throw new Fault('store.log-gap', 'a log lacks entries below its size', {
      fields: { log, from, to, found: found.length },
    });
  }
  return found.map(({ payload }) => (decodeRowValue(payload) as [Uint8Array, EntryNote])[0]);
}

/** The hashes of a stored tile. @throws Fault `store.row-missing` */
export async function readTile(
  rows: RowReader,
  log: LogName,
  level: number,
  index: number,
): Promise<Uint8Array[]> {
  const payload = await rows.get(LOG_TILE.key(log, level, index));
  if (payload === undefined)
    throw new Fault('store.row-missing', 'a tile is missing', { fields: { log, level, index } });
  return splitHashes(payload);
}

export function splitHashes(payload: Uint8Array): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += HASH_BYTES) hashes.push(payload.subarray(at, at + HASH_BYTES));
  return hashes;
}

export function joinHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(hashes.length * HASH_BYTES);
  hashes.forEach((hash, index) => {
    joined.set(hash, index * HASH_BYTES);
  });
  return joined;
}

/** The roots of the complete subtrees that a tree of this size falls into: old ones, or completed just now. */
function frontierAfter(before: LogState, size: number, completed: readonly Subtree[]): Uint8Array[] {
  const known = new Map<string, Uint8Array>();
  for (const { level, index, hash } of completed)
    if (level > 0 || index === size - 1) known.set(`${level}/${index}`, hash);
  peaksOf(before.size).forEach(({ level, index }, peak) => {
    known.set(`${level}/${index}`, before.frontier[peak] as Uint8Array);
  });
  return peaksOf(size).map(({ level, index }) => known.get(`${level}/${index}`) as Uint8Array);
}

/** The complete subtrees that a tree of this size falls into, largest first. */
function peaksOf(size: number): { level: number; index: number }[] {
  const peaks: { level: number; index: number }[] = [];
  let rest = size;
  for (let level = 52; level >= 0; level -= 1) {
    const leaves = 2 ** level;
    if (rest < leaves) continue;
    peaks.push({ level, index: Math.floor((size - rest) / leaves) });
    rest -= leaves;
  }
  return peaks;
}
