import { Fault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { REALMS } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import type { WriteSet } from '../write-set.ts';
import { type Reference, readPlaces, readSealed } from './read-sealed.ts';
import { realmOf, type SealedRecord } from './record-row.ts';

/**
 * The records of a set that are held. A put names its realm; what is to be erased or narrowed is looked for in both.
 *
 * @throws Fault `store.record-erased`, with the indexes of the puts
 */
export async function readHeld(rows: RowReader, set: WriteSet): Promise<ReadonlyMap<RecordId, SealedRecord>> {
  const held = new Map<RecordId, SealedRecord>();
  const erased = new Set<RecordId>();
  const changed = [...set.erasures.keys(), ...set.narrowings.keys()];
  for (const realm of REALMS) {
    const ids = set.records.filter(({ header }) => realmOf(header) === realm).map(({ header }) => header.id);
    if (changed.length > 0) ids.push(...changed);
    for (const { record } of set.notes) if (record.realm === realm) ids.push(record.id);
    if (ids.length === 0) continue;
    const places = await readPlaces(rows, realm, ids);
    const references: Reference[] = [];
    for (let index = 0; index < ids.length; index += 1) {
      const [id, arrival] = [ids[index] as RecordId, places[index]];
      if (arrival === 'erased') erased.add(id);
      else if (arrival !== undefined) references.push({ id, arrival });
    }
    for (const sealed of await readSealed(rows, realm, references)) held.set(sealed.record.id, sealed);
  }
  if (erased.size > 0 || set.erasures.size > 0) refuseErased(set, erased);
  return held;
}

function refuseErased(set: WriteSet, erased: ReadonlySet<RecordId>): void {
  const puts = set.records.flatMap(({ header: { id, issuer } }, put) =>
    erased.has(id) || set.erasures.get(id)?.has(issuer) ? [put] : [],
  );
  if (puts.length === 0) return;
  throw new Fault('store.record-erased', 'a record that was erased does not come back', { fields: { puts } });
}
