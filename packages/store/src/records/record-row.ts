import { hash } from 'node:crypto';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { RecordHeader, RecordId } from '@comity/record';
import type { KeySource } from '../keys/key-tree.ts';
import { keyOfNumber, sealContent } from '../layout/content-seal.ts';
import {
  RECORD,
  RECORD_BY_ISSUER,
  RECORD_BY_SUBJECT,
  RECORD_BY_TYPE,
  RECORD_ID,
  REGISTERED,
  RETRACTION,
  type Realm,
  SKETCH,
  SUCCESSOR,
} from '../layout/keyspace.ts';
import { type SealedRow, sealRow } from '../layout/row-seal.ts';
import { decodeRowValue, encodeRowPieces, encodeRowValue, type RowValue } from '../layout/row-value.ts';
import { ContentWriter, readContent } from './content-payload.ts';

/** Where a record, or more disclosures of it, came from. */
export interface RecordSource {
  /** The state it came from; null where it was issued here. */
  readonly peer: StateId | null;
  readonly receivedAtSeconds: number;
  /** Entry of the peer's ledger; null where it came another way. */
  readonly ledgerIndex: number | null;
  /**
   * Digests of the parts that it brought and that this peer had not brought before, in hexadecimal. Absent of what came while one
   * peer alone had given the record: all that is held is then from it. Absent also in rows of older versions.
   */
  readonly parts?: readonly string[];
}

/** What of a record's header the store finds it by. */
export type IndexedHeader = Pick<
  RecordHeader,
  'id' | 'issuer' | 'type' | 'subject' | 'issuedAtSeconds' | 'exercise' | 'supersedes' | 'retracts'
>;

/** A record to be stored. Only an authorised record gets this far: the store checks its id, not its signature. */
export interface NewRecord {
  readonly header: IndexedHeader;
  /** The signed bytes with an empty unprotected header: what the id is the digest of. */
  readonly bytes: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
  readonly source: RecordSource;
  /** What is noted of it for whoever counts records; it is as secret as the content, and goes when the record changes. */
  readonly sketch?: RowValue;
  /** What a registry keeps of it; as `sketch`. */
  readonly registered?: RowValue;
}

/** What can be noted of a record beside its content. */
export type NoteKind = 'sketch' | 'registered';

export const NOTES = { sketch: SKETCH, registered: REGISTERED } as const;

export const NOTE_KINDS = Object.keys(NOTES) as readonly NoteKind[];

/** A record as it is stored. */
export interface StoredRecord {
  readonly id: RecordId;
  readonly realm: Realm;
  /** Number of arrival in its realm: unique, rising, with gaps. */
  readonly arrival: number;
  readonly bytes: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
  /** In the order of arrival; a source that brought nothing new is not repeated. */
  readonly sources: readonly RecordSource[];
  /** Digests of parts that were taken away for good, ascending; absent where none were. They do not come back. */
  readonly withdrawn?: readonly string[];
}

/** A record as it is stored, with the number of the key that seals it. */
export interface SealedRecord {
  readonly record: StoredRecord;
  readonly keyNumber: number;
}

/** The flag is inside the signed bytes and decides the keyspace (architecture §1, rule 9). */
export function realmOf(header: Pick<RecordHeader, 'exercise'>): Realm {
  return header.exercise === undefined ? 'real' : 'exercise';
}

/** The row with the content of a record: the only one that says what is in it, and sealed. */
export function contentRow({ record, keyNumber }: SealedRecord, keys: KeySource): SealedRow {
  const key = RECORD.key(record.realm, record.arrival);
  return sealContent(key, keyNumber, keyOfNumber(keys, keyNumber), new ContentWriter(record));
}

/** A row with what is noted of a record, sealed as its content is. */
export function noteRow(
  kind: NoteKind,
  { record, keyNumber }: SealedRecord,
  keys: KeySource,
  note: RowValue,
): SealedRow {
  const payload = encodeRowValue(note);
  const key = NOTES[kind].key(record.realm, record.arrival);
  return sealContent(key, keyNumber, keyOfNumber(keys, keyNumber), {
    byteLength: payload.length,
    write: (target, at) => target.set(payload, at),
  });
}

/** Whether nothing was added to a record, or taken from it, from one reading to another. */
export function isUnchanged(one: StoredRecord, other: StoredRecord): boolean {
  return (
    one.arrival === other.arrival &&
    one.disclosures.length === other.disclosures.length &&
    one.sources.length === other.sources.length &&
    one.withdrawn?.length === other.withdrawn?.length
  );
}

/** The rows that follow from the signed bytes and the arrival number: they can be dropped and built again. */
export function derivedRows(header: IndexedHeader, arrival: number): SealedRow[] {
  const { id, issuer, type, subject, issuedAtSeconds, supersedes, retracts } = header;
  const realm = realmOf(header);
  const payload = encodeRowPieces(arrival);
  const rows = [
    sealRow(RECORD_ID.key(realm, id), ...payload),
    sealRow(RECORD_BY_TYPE.key(realm, type, issuedAtSeconds, id), ...payload),
    // With the type, so that records of one type by one issuer are found without reading the others.
    sealRow(RECORD_BY_ISSUER.key(realm, issuer, issuedAtSeconds, id), ...encodeRowPieces([arrival, type])),
    sealRow(RECORD_BY_SUBJECT.key(realm, subject, issuedAtSeconds, id), ...payload),
  ];
  if (retracts !== undefined) rows.push(sealRow(RETRACTION.key(realm, retracts, id), ...payload));
  for (const superseded of supersedes) rows.push(sealRow(SUCCESSOR.key(realm, superseded, id), ...payload));
  return rows;
}

/** In the place of a record's arrival number: the record was erased. Follows from its tombstone. */
export function erasedRow(realm: Realm, id: RecordId): SealedRow {
  return sealRow(RECORD_ID.key(realm, id), ...encodeRowPieces(null));
}

/** Reads a content row. The id is that of the bytes, whatever led here. */
export function openContent(realm: Realm, arrival: number, payload: Uint8Array): StoredRecord {
  const content = readContent(payload);
  return { id: idOf(content.bytes), realm, arrival, ...content };
}

/** The arrival number that an index row points at; undefined where the record was erased. */
export function arrivalIn(payload: Uint8Array): number | undefined {
  const value: RowValue = decodeRowValue(payload);
  return ((Array.isArray(value) ? value[0] : value) ?? undefined) as number | undefined;
}

/** @throws Fault `store.record-id-mismatch`: the bytes are not those of the record that the header names */
export function requireOwnId({ header, bytes }: NewRecord): void {
  if (idOf(bytes) !== header.id) {
    throw new Fault('store.record-id-mismatch', 'the bytes of a record do not have its id');
  }
}

/** SHA-256 of the signed bytes, as text at once. */
function idOf(bytes: Uint8Array): RecordId {
  return hash('sha256', bytes, 'hex') as RecordId;
}
