import type { StateId } from '@comity/label';
import { headerOf, isAboutRecord, isRecordId, type RecordId, recordAbout, type View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import { termsIn } from '../consents/release-terms.ts';
import { isSource } from '../records/stored-view.ts';
import type { Sovereign } from '../sovereign.ts';

/**
 * The record of which another one tells a peer, which goes only to those who were released some of it: a retraction names what
 * it withdraws, what is about a record names that, and a grant of another state, to the state that it lets have a record, names
 * that record (disclosure.md §8).
 *
 * @returns `nothing` where no such record is named; `unknown` where one is and cannot be read
 */
export function toldOf(
  { self }: Pick<Sovereign, 'self'>,
  view: View,
  peer: StateId,
): RecordId | 'nothing' | 'unknown' {
  const { retracts, type, issuer } = view.header;
  if (retracts !== undefined) return retracts;
  if (isAboutRecord(type)) return recordAbout(view.header) ?? 'unknown';
  if (type !== 'release-grant' || issuer === self.state) return 'nothing';
  const terms = termsIn(view);
  if (terms === undefined) return 'unknown';
  if (terms.thirdParty !== peer) return 'nothing';
  return isRecordId(terms.record) ? terms.record : 'unknown';
}

/**
 * What tells of a record and goes with it to whoever is handed it: its retractions, what is about it, and the grants that let it
 * go.
 */
export async function tellingOf(
  { store, consents, remarks }: Pick<Sovereign, 'store' | 'consents' | 'remarks'>,
  record: RecordId,
): Promise<StoredRecord[]> {
  const records = store.records('real');
  const telling = [...(await records.retractionsOf(record)), ...(await remarks.about(store, record))];
  const held = consents.records.has(record) ? await records.get(record) : undefined;
  if (held === undefined) return telling;
  const given = consents.of({ id: record, issuer: headerOf(held.bytes).issuer });
  if (given.length === 0) return telling;
  const grants = await records.getMany([...new Set(given.map(({ grant }) => grant as RecordId))]);
  return [...telling, ...grants.filter((grant) => grant !== undefined)];
}

/**
 * Whether a peer has some of a record without being told of it here: it issued it, or it gave it to this state. What is not held
 * here, nobody is known to have.
 */
export async function hasOtherwise(
  { store }: Pick<Sovereign, 'store'>,
  record: RecordId,
  peer: StateId,
): Promise<boolean> {
  const held = await store.records('real').get(record);
  if (held === undefined) return false;
  return headerOf(held.bytes).issuer === peer || isSource(held, peer);
}

/** Whether a record that a grant names is one that its issuer may speak for. */
export async function isOwnOf(
  { store }: Pick<Sovereign, 'store'>,
  { header }: View,
  record: RecordId,
): Promise<boolean> {
  if (header.type !== 'release-grant') return true;
  const held = await store.records('real').get(record);
  return held !== undefined && headerOf(held.bytes).issuer === header.issuer;
}
