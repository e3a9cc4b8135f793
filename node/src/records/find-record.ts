import { Fault } from '@comity/fault';
import { isRecordId, type RecordId, type View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';
import { erasedIdsBeginning, notHeld } from './erased.ts';
import { openStored } from './stored-view.ts';

export interface HeldRecord {
  readonly stored: StoredRecord;
  readonly view: View;
}

/**
 * The record of an id or of its first characters. Of one that was erased the fault says by whom, when and why.
 *
 * @throws Fault record.not-found, record.ambiguous-id
 */
export async function findRecord(sovereign: Sovereign, idOrPrefix: string): Promise<HeldRecord> {
  const stored = await findStored(sovereign, idOrPrefix);
  return { stored, view: openStored(sovereign, stored) };
}

/** As `findRecord`, without opening what is found. */
export async function findStored(sovereign: Sovereign, idOrPrefix: string): Promise<StoredRecord> {
  const id = isRecordId(idOrPrefix) ? idOrPrefix : await resolvePrefix(sovereign, idOrPrefix);
  const realm = await sovereign.store.realmOf(id);
  const stored = realm === undefined ? undefined : await sovereign.store.records(realm).get(id);
  if (stored === undefined) throw await notHeld(sovereign, id);
  return stored;
}

async function resolvePrefix(sovereign: Sovereign, prefix: string): Promise<RecordId> {
  // Two are enough to know that it is not one.
  const realms = await Promise.all(
    (['real', 'exercise'] as const).map((realm) => sovereign.store.records(realm).idsBeginning(prefix, 2)),
  );
  const held = realms.flat();
  // One that is held is meant before one that was taken back.
  const [id, ...others] = held.length > 0 ? held : await erasedIdsBeginning(sovereign, prefix);
  if (id === undefined)
    throw new Fault('record.not-found', `no record whose id begins with ${prefix} is held here`, {
      fields: { prefix },
    });
  if (others.length > 0)
    throw new Fault('record.ambiguous-id', `several ids begin with ${prefix}`, { fields: { prefix } });
  return id;
}
