import { type OfficerDirectory, takeAct, verifyAct } from '@comity/approval';
import { fromHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { localUser } from '../process/local-user.ts';
import type { Sovereign } from '../sovereign.ts';

/** The act by which an officer reads a record; its subject is the id of the record. */
export const READ_RECORD = 'record.show';
/** The act by which an officer makes a file of records; its subject is the digest of the file. */
export const EXPORT_DOSSIER = 'dossier.export';

/** Somebody who was shown a record, over all times. */
export interface Reader {
  /** Id of an officer, or name of the user of the system. */
  readonly user: string;
  /** Whether an officer has signed that it is he who reads. Of a user of the system nobody knows who that is. */
  readonly isProven: boolean;
  readonly times: number;
  readonly firstAtSeconds: number;
  readonly lastAtSeconds: number;
}

/** What an officer has signed who reads. */
export interface ReadBy {
  readonly officer: string;
  readonly act: string;
  /** In hexadecimal. */
  readonly subject: string;
  readonly signed: Uint8Array;
}

/** A row: by which operation, and what an officer has signed who was shown it. */
type ReadRow = string | readonly [operation: string, act: string, subject: string, signed: Uint8Array];

/** Names of users are percent-encoded in keys: with this before it, it is the id of an officer. */
const OFFICER_MARK = '@';

/**
 * Takes in what an officer has signed who reads; undefined where nobody has.
 *
 * @param subject what he reads, in hexadecimal
 * @throws Fault act.*, approval.*, officer.*, cbor.*, cose.*, ed25519.*
 */
export function readBy(
  { officers, now }: Pick<Sovereign, 'officers' | 'now'>,
  act: string,
  subject: string,
  signed: Uint8Array | undefined,
): ReadBy | undefined {
  if (signed === undefined) return undefined;
  const { officer } = takeAct(signed, officers.own, { act, subject: fromHex(subject) }, now());
  return { officer, act, subject, signed };
}

/**
 * Writes down that somebody is shown what is in a record, before it is shown: one line of the audit chain, and a row by
 * which it is found (DISCLOSURE §4, audience). The title of a record in a list is not counted as reading it.
 *
 * @param operation by which it is shown
 * @param by the officer who has signed that he reads it; else it is the user of the system
 * @throws Fault store.*: what cannot be written down is not shown
 */
export async function noteRead(
  sovereign: Sovereign,
  record: RecordId,
  operation: string,
  by?: ReadBy,
): Promise<void> {
  const set = new WriteSet();
  putRead(sovereign, set, record, operation, by);
  await sovereign.store.commit(set);
}

/** As `noteRead`, in the commit of something else. */
export function putRead(
  sovereign: Pick<Sovereign, 'now'>,
  set: WriteSet,
  record: RecordId,
  operation: string,
  by?: ReadBy,
): void {
  const atSeconds = sovereign.now();
  const user = localUser();
  const who = by === undefined ? encodeURIComponent(user) : `${OFFICER_MARK}${by.officer}`;
  const row: ReadRow = by === undefined ? operation : [operation, by.act, by.subject, by.signed];
  set.put(TABLES.reads, [record, atSeconds, who], row).audit({
    atSeconds,
    event: 'record-read',
    fields: { record, user, operation, ...(by !== undefined && { officer: by.officer }) },
  });
}

/**
 * Who was shown a record here, in the order of the first time; within one second, each counts once. What an officer has signed is
 * verified again: where that does not verify, nothing proves that it was he.
 */
export async function readersOf(
  { store, officers }: Pick<Sovereign, 'store' | 'officers'>,
  record: RecordId,
): Promise<Reader[]> {
  const readers = new Map<string, Reader>();
  for (const { key, row } of await store.list(TABLES.reads, [record])) {
    const [, atSeconds, who] = key;
    const isOfficer = who.startsWith(OFFICER_MARK);
    const user = isOfficer ? who.slice(OFFICER_MARK.length) : decodeURIComponent(who);
    const isProven = isOfficer && verifies(officers.own, user, row as ReadRow);
    const place = `${who} ${isProven}`;
    const known = readers.get(place) ?? { user, isProven, times: 0, firstAtSeconds: atSeconds };
    readers.set(place, { ...known, times: known.times + 1, lastAtSeconds: atSeconds });
  }
  return [...readers.values()];
}

function verifies(officers: OfficerDirectory, officer: string, row: ReadRow): boolean {
  if (typeof row === 'string') return false;
  const [, act, subject, signed] = row;
  try {
    return verifyAct(signed, officers, { act, subject: fromHex(subject) }).officer === officer;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}
