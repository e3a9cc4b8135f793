import { Fault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { RECORD, RECORD_ID, type Realm } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { arrivalIn, openContent, type SealedRecord } from './record-row.ts';

/** Where a record is to be found. */
export interface Reference {
  readonly id: RecordId;
  readonly arrival: number;
}

/** Arrival numbers in the order of the ids; `erased` for records that have a tombstone, undefined for unknown ones. */
export async function readPlaces(
  rows: RowReader,
  realm: Realm,
  ids: readonly RecordId[],
): Promise<(number | 'erased' | undefined)[]> {
  const payloads = await rows.getMany(ids.map((id) => RECORD_ID.key(realm, id)));
  return payloads.map((payload) => (payload === undefined ? undefined : (arrivalIn(payload) ?? 'erased')));
}

/**
 * The records that index rows refer to. One that was erased after its index row was read is left out.
 *
 * @throws Fault `store.row-missing`, `store.record-id-mismatch`
 */
export async function readSealed(
  rows: RowReader,
  realm: Realm,
  references: readonly Reference[],
): Promise<SealedRecord[]> {
  const contents = await rows.getContents(references.map(({ arrival }) => RECORD.key(realm, arrival)));
  const found: SealedRecord[] = [];
  const absent: Reference[] = [];
  for (const [index, content] of contents.entries()) {
    const reference = references[index] as Reference;
    if (content === undefined) {
      absent.push(reference);
      continue;
    }
    const record = openContent(realm, reference.arrival, content.payload);
    if (record.id !== reference.id) {
      throw new Fault('store.record-id-mismatch', 'another record is where an index points', {
        fields: { ...reference },
      });
    }
    found.push({ record, keyNumber: content.keyNumber });
  }
  if (absent.length > 0) await requireErased(rows, realm, absent);
  return found;
}

/** @throws Fault `store.row-missing` where an index still leads to a record that is not there */
async function requireErased(rows: RowReader, realm: Realm, absent: readonly Reference[]): Promise<void> {
  const places = await readPlaces(
    rows,
    realm,
    absent.map(({ id }) => id),
  );
  const missing = absent.find(({ arrival }, index) => places[index] === arrival);
  if (missing !== undefined) {
    throw new Fault('store.row-missing', 'a record is missing', { fields: { ...missing } });
  }
}
