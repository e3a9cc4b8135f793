import type { FaultCode } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { LogName } from './layout/key-fields.ts';
import {
  APPROVAL,
  AUTHOR,
  BARE,
  CHECKPOINT,
  COSIGNATURE,
  DOCUMENT,
  DUE,
  EQUIVOCATION,
  ERASURE,
  HOLD,
  HOLD_ORDER,
  KEY_PROOF,
  type Keyspace,
  LETTER,
  LOG_ALARM,
  LOGGED,
  META,
  MISSING,
  OFFICER,
  ORDER,
  PEER,
  POLICY,
  QUARANTINE,
  QUERY,
  READ,
  REJECTION,
  RELAY_QUEUE,
  type Realm,
  ROSTER,
  SEALED_LETTER,
  SEEN,
  SENT_LETTER,
  SETTING,
  TOMBSTONE,
  UNLOGGED,
  WITNESSED,
} from './layout/keyspace.ts';
import { decodeRowValue, encodeRowValue, type RowValue } from './layout/row-value.ts';

/** Rows of one kind: how they are found and what is in them. */
export interface Table<Key extends readonly unknown[], Row> {
  readonly keyspace: Keyspace<Key>;
  encode(row: Row): Uint8Array;
  decode(payload: Uint8Array): Row;
}

/** What this node alone knows about a peer; never sent to anyone. */
export interface PeerRow {
  /** The code the operator knows the peer by. */
  readonly code: string;
  /** Multiaddrs that the operator gave, in order of preference. */
  readonly addresses: readonly string[];
  readonly suspended: boolean;
  readonly addedAtSeconds: number;
}

/** A signed document of a state: charter, key certificate or recognition. */
export interface DocumentRow {
  readonly bytes: Uint8Array;
  readonly storedAtSeconds: number;
}

/** A disclosure policy as it was applied. */
export interface PolicyRow {
  /** SHA-256 of the text, in hexadecimal. */
  readonly digest: string;
  readonly text: string;
  readonly appliedAtSeconds: number;
  /** The local user. */
  readonly appliedBy: string;
}

/** A question asked of a peer, or answered to one. */
export interface QueryRow {
  readonly peer: StateId;
  /** The signed question, verbatim. */
  readonly bytes: Uint8Array;
  readonly outcome: 'open' | 'answered' | 'refused' | 'failed';
  /** Why it was refused or has failed. */
  readonly code: FaultCode | null;
  readonly recordCount: number;
  readonly updatedAtSeconds: number;
}

/** Something that was refused, without its content: enough to know it again and to say why. */
export interface QuarantineRow {
  readonly code: FaultCode;
  /** Who sent it; null for what came from this machine. */
  readonly peer: StateId | null;
  readonly byteLength: number;
  readonly atSeconds: number;
}

/** A signed checkpoint of a log. */
export interface CheckpointRow {
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** The note with the signature of the log. */
  readonly note: string;
}

/** A cosignature on a checkpoint: a witness's, or the receipt of a ledger's recipient. */
export interface CosignatureRow {
  /** The signature line of the note. */
  readonly line: string;
  readonly atSeconds: number;
}

/** An entry of an outgoing ledger that went out without its content, because the rules no longer allowed all of it. */
export interface BareRow {
  readonly atSeconds: number;
}

/** The newest checkpoint of a peer's origin log that was cosigned here: a witness never cosigns an older one. */
export interface WitnessedRow {
  readonly size: number;
  readonly root: Uint8Array;
  /** The checkpoint with the line of the key of its log. */
  readonly note: string;
  /** The own cosignature. */
  readonly line: string;
  /** Its time. */
  readonly atSeconds: number;
}

/** A checkpoint of an origin log as somebody showed it. */
export interface SeenRow {
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** The checkpoint with the line of the key of its log. */
  readonly note: string;
}

/** Evidence that a log keeps two histories. */
export interface EquivocationRow {
  /** witness.md §4. */
  readonly file: string;
  /** Who brought it; null where it was found here. */
  readonly peer: StateId | null;
  readonly atSeconds: number;
  /** Peers that have said that they keep it. */
  readonly told: readonly string[];
}

/** Of what kind an alarm about an origin log is. */
export type LogAlarmKind =
  | 'two-histories'
  | 'rolled-back'
  | 'does-not-continue'
  | 'frozen'
  | 'witness-lost'
  | 'own-log-lost'
  | 'keys-not-logged'
  | 'ended-otherwise';

/** What people have to know about an origin log. */
export interface LogAlarmRow {
  /** Size of the checkpoint that it was found by. */
  readonly size: number;
  readonly atSeconds: number;
  /**
   * Thumbprint of the own key that it is about, in hexadecimal: the witness key that is not used for this log any more, or the log
   * key that has signed what this node has lost. Null: of no key, or of several.
   */
  readonly kid: string | null;
}

/** What is known of a charter or key state of a peer as a leaf of the log of that peer. */
export interface KeyProofRow {
  /** Since when this node has gone by the document. */
  readonly sinceSeconds: number;
  /** Size of the checkpoint that it was proved under; null: not proved. */
  readonly provedSize: number | null;
}

/** An entry of a peer's ledger whose content is not held. */
export interface MissingRow {
  /** Why what came was rejected; null where nothing came. */
  readonly code: FaultCode | null;
  readonly atSeconds: number;
}

/** The certificate of an officer. */
export interface OfficerRow {
  /** As signed. */
  readonly bytes: Uint8Array;
  /** Since when he is no officer any more, UTC seconds; null: not ended. */
  readonly endedAtSeconds: number | null;
}

/** What waits for a person before it is released to a peer. */
export interface HoldRow {
  /** Since when something of the record waits, UTC seconds. */
  readonly sinceSeconds: number;
  /** What waits, and for what: the node's own form. */
  readonly items: RowValue;
}

/** What an officer has said about a release. */
export interface ApprovalRow {
  /** As signed. */
  readonly bytes: Uint8Array;
  readonly storedAtSeconds: number;
}

/** An order of an originator, and what became of it here. */
export interface OrderRow {
  /** As signed. */
  readonly bytes: Uint8Array;
  /** Whose ledger brought it; null where this state has issued it. */
  readonly peer: StateId | null;
  readonly state: 'issued' | 'received' | 'acknowledged' | 'applied' | 'refused';
  /** Why it was refused. */
  readonly reason: string | null;
  /** When it came to that state, UTC seconds. */
  readonly atSeconds: number;
}

/** A letter to an officer of this state: what the node may know of it. */
export interface LetterRow {
  /** Who wrote it. */
  readonly peer: StateId;
  /** Entry of that peer's ledger. */
  readonly ledgerIndex: number;
  /** When it was written, by the peer's clock, and when it came, UTC seconds. */
  readonly writtenAtSeconds: number;
  readonly receivedAtSeconds: number;
  /** Length of its padded content, in bytes. */
  readonly size: number;
  /** When it was last given to somebody to open, UTC seconds; null: never. */
  readonly openedAtSeconds: number | null;
}

/** A letter as it is sealed. */
export interface SealedLetterRow {
  readonly bytes: Uint8Array;
  readonly officer: string | null;
}

/** A letter that this state has written. */
export interface SentLetterRow {
  readonly peer: StateId;
  /** Id of the officer and thumbprint of the key in the certificate that it is sealed under, in hexadecimal. */
  readonly officer: string;
  readonly kid: string;
  readonly record: RecordId;
  /** Of the parts that it shows, in hexadecimal, ascending. */
  readonly digests: readonly string[];
  readonly purpose: string;
  readonly atSeconds: number;
}

/** Why a record was erased. */
export interface Erasure {
  /** When it was erased, UTC seconds. */
  readonly atSeconds: number;
  /** SHA-256 of the order that asked for it; null where there was none. */
  readonly order: string | null;
  /** Why, in one word. */
  readonly reason: string;
}

/** What is kept of a record that was erased: enough to know it again, and who may still say something about it. */
export interface TombstoneRow extends Erasure {
  /** Who had signed it; null where it was erased before that was kept. */
  readonly issuer: StateId | null;
  /** Where it had come from: the peer (null: issued here), when, UTC seconds, and the entry of that peer's ledger. */
  readonly sources: readonly (readonly [
    peer: StateId | null,
    receivedAtSeconds: number,
    ledgerIndex: number | null,
  ])[];
}

/** Written as a list in the order of the columns: rows carry no names. */
function table<Row extends { readonly [Column in keyof Row]: RowValue }>() {
  return <Key extends readonly unknown[]>(
    keyspace: Keyspace<Key>,
    ...columns: readonly (keyof Row & string)[]
  ): Table<Key, Row> => ({
    keyspace,
    encode: (row) => encodeRowValue(columns.map((column) => row[column])),
    decode: (payload) => {
      const values = decodeRowValue(payload) as readonly RowValue[];
      return Object.fromEntries(columns.map((column, index) => [column, values[index]])) as Row;
    },
  });
}

/** Rows that were written before the last two columns were are read as knowing nothing of them. */
function tombstoneTable(): Table<[realm: Realm, record: RecordId], TombstoneRow> {
  const columns = ['atSeconds', 'order', 'reason', 'issuer', 'sources'] as const;
  const rows = table<TombstoneRow>()<[realm: Realm, record: RecordId]>(TOMBSTONE, ...columns);
  return {
    ...rows,
    decode: (payload) => {
      const row: Partial<TombstoneRow> & Erasure = rows.decode(payload);
      return { ...row, issuer: row.issuer ?? null, sources: row.sources ?? [] };
    },
  };
}

function plainTable<Key extends readonly unknown[]>(keyspace: Keyspace<Key>): Table<Key, RowValue> {
  return { keyspace, encode: encodeRowValue, decode: decodeRowValue };
}

/** The tables of a store. Records, logs and the audit chain have readers and writers of their own. */
export const TABLES: {
  readonly meta: Table<[name: string], RowValue>;
  readonly settings: Table<[name: string], RowValue>;
  readonly peers: Table<[peer: StateId], PeerRow>;
  readonly documents: Table<
    [
      state: StateId,
      kind: 'charter' | 'certificate' | 'recognition' | 'key-state' | 'contradiction',
      digest: string,
    ],
    DocumentRow
  >;
  readonly policies: Table<[version: number], PolicyRow>;
  readonly queries: Table<
    [realm: Realm, direction: 'asked' | 'answered', issuedAtSeconds: number, digest: string],
    QueryRow
  >;
  readonly quarantine: Table<[digest: string], QuarantineRow>;
  readonly checkpoints: Table<[log: LogName, size: number], CheckpointRow>;
  readonly cosignatures: Table<[log: LogName, size: number, cosigner: StateId], CosignatureRow>;
  readonly bare: Table<[peer: StateId, ledgerIndex: number], BareRow>;
  readonly witnessed: Table<[origin: StateId], WitnessedRow>;
  readonly seen: Table<[origin: StateId, size: number], SeenRow>;
  readonly equivocations: Table<[origin: StateId, size: number], EquivocationRow>;
  readonly logAlarms: Table<[kind: LogAlarmKind, origin: StateId], LogAlarmRow>;
  readonly keyProofs: Table<[state: StateId, leaf: string], KeyProofRow>;
  readonly missing: Table<[peer: StateId, index: number], MissingRow>;
  /** The number tells commits apart: whoever takes a record off the queue leaves what was queued of it meanwhile. */
  readonly relayQueue: Table<[record: RecordId, commit: number], RowValue>;
  /** Records whose labels succeed one another at that time: what may be released of them is decided again then. */
  readonly due: Table<[atSeconds: number, record: RecordId], RowValue>;
  /** Officers of this state and, for letters to them, of peers: one row for each key that one has had. */
  readonly officers: Table<[state: StateId, officer: string, kid: string], OfficerRow>;
  /** Digest of the certificate that it is about, and the act as signed. */
  readonly roster: Table<[sequence: number], RowValue>;
  readonly holds: Table<[peer: StateId, record: RecordId], HoldRow>;
  /** Each hold twice: in the list of its peer, and in that of the own state, which has all. Rows are `null`. */
  readonly holdOrder: Table<[list: StateId, sinceSeconds: number, record: RecordId, peer: StateId], RowValue>;
  readonly approvals: Table<[record: RecordId, recipient: StateId, digest: string], ApprovalRow>;
  /** Each rejection twice, as each hold. */
  readonly rejections: Table<
    [list: StateId, untilSeconds: number, record: RecordId, recipient: StateId, digest: string],
    RowValue
  >;
  readonly orders: Table<[digest: string], OrderRow>;
  readonly letters: Table<[officer: string, digest: string], LetterRow>;
  readonly sentLetters: Table<[digest: string], SentLetterRow>;
  /** The bytes, and the officer of this state that they are for; null: of a peer. */
  readonly sealedLetters: Table<[digest: string], SealedLetterRow>;
  readonly tombstones: Table<[realm: Realm, record: RecordId], TombstoneRow>;
  /** What is erased and not final yet: whether the key is to be destroyed, and what the journal is to say. */
  readonly erasures: Table<[keyNumber: number], RowValue>;
  /** The local user who issued a record. */
  readonly authors: Table<[record: RecordId], RowValue>;
  /** What is to be entered in the origin log with its next batch. */
  readonly unlogged: Table<[leaf: string], RowValue>;
  /** Index in the origin log. */
  readonly logged: Table<[leaf: string], RowValue>;
  /** By which operation a record was shown to a local user: an index into the audit chain, which grows too long to be searched. */
  readonly reads: Table<[record: RecordId, atSeconds: number, user: string], RowValue>;
} = {
  meta: plainTable(META),
  settings: plainTable(SETTING),
  peers: table<PeerRow>()(PEER, 'code', 'addresses', 'suspended', 'addedAtSeconds'),
  documents: table<DocumentRow>()(DOCUMENT, 'bytes', 'storedAtSeconds'),
  policies: table<PolicyRow>()(POLICY, 'digest', 'text', 'appliedAtSeconds', 'appliedBy'),
  queries: table<QueryRow>()(QUERY, 'peer', 'bytes', 'outcome', 'code', 'recordCount', 'updatedAtSeconds'),
  quarantine: table<QuarantineRow>()(QUARANTINE, 'code', 'peer', 'byteLength', 'atSeconds'),
  checkpoints: table<CheckpointRow>()(CHECKPOINT, 'root', 'note'),
  cosignatures: table<CosignatureRow>()(COSIGNATURE, 'line', 'atSeconds'),
  bare: table<BareRow>()(BARE, 'atSeconds'),
  witnessed: table<WitnessedRow>()(WITNESSED, 'size', 'root', 'note', 'line', 'atSeconds'),
  seen: table<SeenRow>()(SEEN, 'root', 'note'),
  equivocations: table<EquivocationRow>()(EQUIVOCATION, 'file', 'peer', 'atSeconds', 'told'),
  logAlarms: table<LogAlarmRow>()(LOG_ALARM, 'size', 'atSeconds', 'kid'),
  keyProofs: table<KeyProofRow>()(KEY_PROOF, 'sinceSeconds', 'provedSize'),
  missing: table<MissingRow>()(MISSING, 'code', 'atSeconds'),
  relayQueue: plainTable(RELAY_QUEUE),
  due: plainTable(DUE),
  officers: table<OfficerRow>()(OFFICER, 'bytes', 'endedAtSeconds'),
  roster: plainTable(ROSTER),
  holds: table<HoldRow>()(HOLD, 'sinceSeconds', 'items'),
  holdOrder: plainTable(HOLD_ORDER),
  approvals: table<ApprovalRow>()(APPROVAL, 'bytes', 'storedAtSeconds'),
  rejections: plainTable(REJECTION),
  orders: table<OrderRow>()(ORDER, 'bytes', 'peer', 'state', 'reason', 'atSeconds'),
  letters: table<LetterRow>()(
    LETTER,
    'peer',
    'ledgerIndex',
    'writtenAtSeconds',
    'receivedAtSeconds',
    'size',
    'openedAtSeconds',
  ),
  sentLetters: table<SentLetterRow>()(
    SENT_LETTER,
    'peer',
    'officer',
    'kid',
    'record',
    'digests',
    'purpose',
    'atSeconds',
  ),
  sealedLetters: table<SealedLetterRow>()(SEALED_LETTER, 'bytes', 'officer'),
  tombstones: tombstoneTable(),
  erasures: plainTable(ERASURE),
  authors: plainTable(AUTHOR),
  unlogged: plainTable(UNLOGGED),
  logged: plainTable(LOGGED),
  reads: plainTable(READ),
};
