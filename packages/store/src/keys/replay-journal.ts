import { toHex } from '@comity/digest';
import { decodeLedgerEntry } from '@comity/log';
import { headerOf, type RecordId } from '@comity/record';
import { indexRanges } from '../derived.ts';
import type { EngineOp, EngineReader } from '../engine/engine.ts';
import { keyNumberIn } from '../layout/content-seal.ts';
import {
  keyspaceNameOf,
  LOG_ENTRY,
  LOG_HEAD,
  REALMS,
  RECORD,
  RECORD_ID,
  REGISTERED,
  type Realm,
  SKETCH,
} from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { sealRow } from '../layout/row-seal.ts';
import { decodeRowValue } from '../layout/row-value.ts';
import { planRecords } from '../record-plan.ts';
import { type Reference, readPlaces, readSealed } from '../records/read-sealed.ts';
import { arrivalIn, erasedRow, type SealedRecord } from '../records/record-row.ts';
import { senderOf } from '../released.ts';
import { TABLES, type TombstoneRow } from '../tables.ts';
import { WriteSet } from '../write-set.ts';
import { type JournalEntry, journalDamaged } from './erasure-journal.ts';
import type { KeySource } from './key-tree.ts';

/** What a journal is replayed upon. */
export interface ReplayGround {
  readonly rows: RowReader;
  readonly engine: EngineReader;
  readonly keys: KeySource;
  /** Takes numbers for what is sealed anew, and gives the first. */
  readonly claim: (count: number) => Promise<number>;
}

/** Entries about one record, taken together. */
interface Sum {
  tombstone: TombstoneRow | null;
  readonly withdrawn: Set<string>;
}

type Sums = Readonly<Record<Realm, Map<RecordId, Sum>>>;

/**
 * What has to change in an engine that is older than these entries. Records that were erased since go and get their tombstones,
 * also where they are not there: they may have come after this copy was made. Those of which parts were taken away are
 * narrowed where they can be read. Where they cannot, for what was left of them has a later key, they go, and what brought
 * them is missing, so that the node asks for it again: the parts that were taken away are left out then.
 *
 * @throws Fault `store.journal-damaged` where a key was destroyed of which it says nothing
 */
export async function replayJournal(
  ground: ReplayGround,
  entries: readonly JournalEntry[],
): Promise<EngineOp[]> {
  const sums = sumUp(entries);
  const ops: EngineOp[] = [];
  const held = new Map<RecordId, SealedRecord>();
  const lost = new Set<RecordId>();
  for (const realm of REALMS) {
    const unreadable = await unreadableArrivals(ground, realm);
    for (const arrival of unreadable) {
      ops.push({ type: 'del', key: RECORD.key(realm, arrival) });
      ops.push({ type: 'del', key: SKETCH.key(realm, arrival) });
      ops.push({ type: 'del', key: REGISTERED.key(realm, arrival) });
    }
    ops.push(...(await indexOps(ground.rows, realm, unreadable, sums[realm], lost)));
    const ids = [...sums[realm].keys()];
    const places = await readPlaces(ground.rows, realm, ids);
    const readable: Reference[] = [];
    for (const [index, id] of ids.entries()) {
      const place = places[index];
      const tombstone = sums[realm].get(id)?.tombstone ?? null;
      if (typeof place === 'number' && !unreadable.has(place)) readable.push({ id, arrival: place });
      else if (place !== 'erased' && tombstone !== null) ops.push(...tombstoneRows(realm, id, tombstone));
    }
    for (const sealed of await readSealed(ground.rows, realm, readable)) held.set(sealed.record.id, sealed);
  }
  ops.push(...(await changesOf(ground, held, sums)));
  return lost.size === 0 ? ops : [...ops, ...(await missingRows(ground.rows, lost))];
}

function sumUp(entries: readonly JournalEntry[]): Sums {
  const sums: Sums = { real: new Map(), exercise: new Map() };
  for (const { realm, record, tombstone, withdrawn } of entries) {
    const sum = sums[realm].get(record) ?? { tombstone: null, withdrawn: new Set() };
    sums[realm].set(record, sum);
    // The first says when: it was not there to be erased again, but for a copy that was put back.
    sum.tombstone ??= tombstone;
    for (const digest of withdrawn) sum.withdrawn.add(digest);
  }
  return sums;
}

/** Arrival numbers of contents that nobody can read any more. */
async function unreadableArrivals({ engine, keys }: ReplayGround, realm: Realm): Promise<Set<number>> {
  const unreadable = new Set<number>();
  for await (const chunk of engine.range(RECORD.range(realm))) {
    for (const { key, value } of chunk) {
      if (keys.keyOf(keyNumberIn(key, value)) === undefined) unreadable.add(RECORD.parse(key)[1]);
    }
  }
  return unreadable;
}

/** What leads to contents that nobody can read goes. Adds those that were not erased to the lost. */
async function indexOps(
  rows: RowReader,
  realm: Realm,
  unreadable: ReadonlySet<number>,
  sums: ReadonlyMap<RecordId, Sum>,
  lost: Set<RecordId>,
): Promise<EngineOp[]> {
  const ops: EngineOp[] = [];
  if (unreadable.size === 0) return ops;
  for (const range of indexRanges(realm)) {
    for await (const chunk of rows.range(range)) {
      for (const { key, payload } of chunk) {
        if (!unreadable.has(arrivalIn(payload) ?? -1)) continue;
        ops.push({ type: 'del', key });
        if (keyspaceNameOf(key) !== RECORD_ID.name) continue;
        const [, id] = RECORD_ID.parse(key);
        const sum = sums.get(id);
        if (sum === undefined) throw journalDamaged('says nothing of a key that was destroyed');
        if (sum.tombstone === null) lost.add(id);
      }
    }
  }
  return ops;
}

function tombstoneRows(realm: Realm, id: RecordId, tombstone: TombstoneRow): EngineOp[] {
  const key = TABLES.tombstones.keyspace.key(realm, id);
  return [erasedRow(realm, id), sealRow(key, TABLES.tombstones.encode(tombstone))];
}

/** Erases and narrows what can be read, as a commit would. */
async function changesOf(
  { keys, claim }: ReplayGround,
  held: ReadonlyMap<RecordId, SealedRecord>,
  sums: Sums,
): Promise<EngineOp[]> {
  if (held.size === 0) return [];
  const set = new WriteSet();
  for (const [id, { record }] of held) {
    const { tombstone, withdrawn } = sums[record.realm].get(id) as Sum;
    const { issuer } = headerOf(record.bytes);
    if (tombstone === null) set.narrowRecord(id, issuer, withdrawn);
    else set.eraseRecord(id, issuer, tombstone);
  }
  const firstKeyNumber = await claim(set.narrowings.size);
  const ops: EngineOp[] = [];
  const ground = { held, keys, firstKeyNumber, withdrawnOf: () => undefined };
  planRecords(set, ground, { real: 0, exercise: 0 }, ops);
  return ops;
}

/** Entries of incoming ledgers that brought these records. */
async function missingRows(rows: RowReader, lost: ReadonlySet<RecordId>): Promise<EngineOp[]> {
  const ops: EngineOp[] = [];
  for (const { key: headKey } of await rows.all(LOG_HEAD.range())) {
    const [log] = LOG_HEAD.parse(headKey);
    const peer = senderOf(log);
    if (peer === undefined) continue;
    for await (const chunk of rows.range(LOG_ENTRY.range(log))) {
      for (const { key, payload } of chunk) {
        const entry = decodeLedgerEntry((decodeRowValue(payload) as [Uint8Array])[0]);
        if (entry.kind !== 'release' || !lost.has(toHex(entry.recordId) as RecordId)) continue;
        const missing = TABLES.missing.encode({ code: null, atSeconds: 0 });
        ops.push(sealRow(TABLES.missing.keyspace.key(peer, LOG_ENTRY.parse(key)[1]), missing));
      }
    }
  }
  return ops;
}
