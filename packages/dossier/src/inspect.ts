import { toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { namedCharter, namedIssuer, namedPlace, verifyCharter } from '@comity/identity';
import type { StateCode, StateId } from '@comity/label';
import { decodeLedgerEntry, parseCheckpoint, parseProof, splitNote } from '@comity/log';
import { headerOf, type RecordId } from '@comity/record';
import { type Dossier, decodeDossier, idOf } from './dossier.ts';

/** What a record of a file says of itself. */
export interface InspectedRecord {
  readonly id: RecordId;
  /** Absent where its bytes are no record. */
  readonly says?: {
    readonly issuer: StateId;
    readonly type: string;
    readonly subject: string;
    readonly issuedAtSeconds: number;
    readonly exercise?: string;
    readonly supersedes: readonly RecordId[];
    readonly retracts?: RecordId;
  };
  /** Disclosures that came with it, padding among them. */
  readonly disclosures: number;
  /** Of the log that its proof is about; absent where it has none that can be read. */
  readonly log?: { readonly origin: string; readonly size: number; readonly signatureLines: number };
}

/** What a dossier holds, as the file says it itself. */
export interface Inspection {
  readonly federation: string;
  /** Of a first charter, which anybody can make for any name; of later ones the version alone. */
  readonly charters: readonly {
    readonly version?: number;
    readonly state?: StateId;
    readonly code?: StateCode;
  }[];
  readonly certificates: readonly { readonly issuer?: StateId }[];
  readonly keyStates: readonly { readonly issuer?: StateId }[];
  readonly records: readonly InspectedRecord[];
  readonly notifications: readonly {
    readonly sender: StateId;
    readonly recipient: StateId;
    readonly record?: RecordId;
  }[];
}

/**
 * Says what is in a dossier, for whoever has to find out which anchors to ask for. Nothing of it is verified, no signature is
 * looked at but those by which a charter vouches for itself, and content is not shown: whoever made the file may have written
 * all of it. What cannot be read stands there without its particulars.
 *
 * @throws Fault `cbor.*`, `dossier.unsupported-version`, `dossier.unsorted` where the file is no dossier
 */
export function inspectDossier(file: Uint8Array): Inspection {
  const { federation, charters, certificates, keyStates, records, notifications } = decodeDossier(file);
  return {
    federation,
    charters: charters.map((bytes) => readable(() => charterIn(bytes)) ?? {}),
    certificates: certificates.map((bytes) => readable(() => ({ issuer: namedIssuer(bytes) })) ?? {}),
    keyStates: keyStates.map((bytes) => readable(() => ({ issuer: namedCharter(bytes).issuer })) ?? {}),
    records: records.map(recordIn),
    notifications: notifications.map(({ sender, recipient, entry }) => {
      const record = readable(() => recordOf(entry));
      return { sender, recipient, ...(record !== undefined && { record }) };
    }),
  };
}

function charterIn(bytes: Uint8Array): Inspection['charters'][number] {
  const { version } = namedPlace(bytes);
  const first = version === 1 ? readable(() => verifyCharter(bytes)) : undefined;
  return { version, ...(first !== undefined && { state: first.state, code: first.code }) };
}

function recordIn(given: Dossier['records'][number]): InspectedRecord {
  const says = readable(() => saysIn(given.record));
  const log = readable(() => (given.proof === undefined ? undefined : logIn(given.proof)));
  return {
    id: toHex(idOf(given)) as RecordId,
    ...(says !== undefined && { says }),
    disclosures: given.disclosures.length,
    ...(log !== undefined && { log }),
  };
}

function saysIn(bytes: Uint8Array): NonNullable<InspectedRecord['says']> {
  const { issuer, type, subject, issuedAtSeconds, exercise, supersedes, retracts } = headerOf(bytes);
  return {
    issuer,
    type,
    subject,
    issuedAtSeconds,
    ...(exercise !== undefined && { exercise }),
    supersedes,
    ...(retracts !== undefined && { retracts }),
  };
}

function logIn(proof: string): NonNullable<InspectedRecord['log']> {
  const { text, lines } = splitNote(parseProof(proof).checkpoint);
  const { origin, size } = parseCheckpoint(text);
  return { origin, size, signatureLines: lines.length };
}

function recordOf(entry: Uint8Array): RecordId | undefined {
  const decoded = decodeLedgerEntry(entry);
  return 'recordId' in decoded ? (toHex(decoded.recordId) as RecordId) : undefined;
}

/** What a reading gives; undefined where what is read is at fault. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}
