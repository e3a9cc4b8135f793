import { toHex } from '@comity/digest';
import { decodeLedgerEntry } from '@comity/log';
import type { RecordId } from '@comity/record';
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
  type Realm,
} from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { sealRow } from '../layout/row-seal.ts';
import { decodeRowValue } from '../layout/row-value.ts';
import { arrivalIn, erasedRow } from '../records/record-row.ts';
import { senderOf } from '../released.ts';
import { TABLES, type TombstoneRow } from '../tables.ts';
import type { RecordKeys } from './record-keys.ts';

/** When and by which order is in the database that this copy has replaced. */
const TOMBSTONE: TombstoneRow = { atSeconds: null, order: null, reason: 'restored-copy' };

/**
 * What has to change in a copy of the engine that is older than the keys: records whose keys were destroyed since go as when
 * they were erased. Those of which a part lived on go without a tombstone, and what brought them is missing, so that the
 * node asks for it again.
 */
export async function dropDestroyed(
  rows: RowReader,
  engine: EngineReader,
  keys: RecordKeys,
): Promise<EngineOp[]> {
  const ops: EngineOp[] = [];
  const lost = new Set<RecordId>();
  for (const realm of REALMS) {
    const dropped = await droppedArrivals(engine, keys, realm);
    if (dropped.size === 0) continue;
    for (const arrival of dropped.keys()) ops.push({ type: 'del', key: RECORD.key(realm, arrival) });
    for (const range of indexRanges(realm)) {
      for await (const chunk of rows.range(range)) {
        for (const { key, payload } of chunk) {
          const isReplaced = dropped.get(arrivalIn(payload) ?? -1);
          if (isReplaced === undefined) continue;
          ops.push({ type: 'del', key });
          if (keyspaceNameOf(key) !== RECORD_ID.name) continue;
          const [, id] = RECORD_ID.parse(key);
          if (isReplaced) lost.add(id);
          else ops.push(erasedRow(realm, id), tombstoneRow(realm, id));
        }
      }
    }
  }
  return lost.size === 0 ? ops : [...ops, ...(await missingRows(rows, lost))];
}

/** Arrival numbers of contents that nobody can read any more, and whether a part of each lived on. */
async function droppedArrivals(
  engine: EngineReader,
  keys: RecordKeys,
  realm: Realm,
): Promise<Map<number, boolean>> {
  const dropped = new Map<number, boolean>();
  for await (const chunk of engine.range(RECORD.range(realm))) {
    for (const { key, value } of chunk) {
      const number = keyNumberIn(key, value);
      if (keys.keyOf(number) === undefined) dropped.set(RECORD.parse(key)[1], keys.isReplaced(number));
    }
  }
  return dropped;
}

function tombstoneRow(realm: Realm, id: RecordId): EngineOp {
  return sealRow(TABLES.tombstones.keyspace.key(realm, id), TABLES.tombstones.encode(TOMBSTONE));
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
