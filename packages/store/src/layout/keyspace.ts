import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  type AnyKeyField,
  digest,
  type KeyField,
  type KeyValues,
  log,
  number,
  recordId,
  refuseKey,
  stateId,
  text,
  word,
} from './key-fields.ts';
import { allocateRowBytes } from './row-arena.ts';

/** Where records are: exercise data never shares a keyspace with real data (architecture §1, rule 9). */
export type Realm = 'real' | 'exercise';

/** Keys that begin alike. */
export interface KeyRange {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
}

/** One kind of row: how its keys are built and read. A key is a realm byte, a keyspace byte and the fields. */
export interface Keyspace<Values extends readonly unknown[]> {
  readonly name: KeyspaceName;
  /** @throws Fault `store.key-invalid` */
  key(...values: Values): Uint8Array;
  /** All keys whose first fields have these values. */
  range(...values: LeadingValues<Values>): KeyRange;
  /** @throws Fault `store.key-unknown` for a key of another keyspace or another form */
  parse(key: Uint8Array): Values;
}

/** The first values of a list, in any number. */
export type LeadingValues<Values extends readonly unknown[]> = Values extends readonly [
  ...infer Rest,
  unknown,
]
  ? Values | LeadingValues<Rest>
  : Values;

const REALM_NODE = 0x6e;
const REALM_BYTES: Readonly<Record<Realm, number>> = { real: 0x72, exercise: 0x78 };

export const REALMS: readonly Realm[] = ['real', 'exercise'];

// The bytes are part of the store format: a number is never given to another keyspace.
const CODES = {
  meta: 0x00,
  'log-entry': 0x01,
  'log-tile': 0x02,
  'log-head': 0x03,
  checkpoint: 0x04,
  cosignature: 0x05,
  released: 0x06,
  document: 0x07,
  peer: 0x08,
  policy: 0x09,
  audit: 0x0a,
  setting: 0x0b,
  quarantine: 0x0c,
  witnessed: 0x0d,
  missing: 0x0e,
  'relay-queue': 0x0f,
  record: 0x10,
  'record-id': 0x11,
  // 0x12 was an index by time, up to store format 1.
  'record-by-type': 0x13,
  'record-by-issuer': 0x14,
  'record-by-subject': 0x15,
  retraction: 0x16,
  successor: 0x17,
  query: 0x18,
  tombstone: 0x19,
  sketch: 0x1a,
  registered: 0x1b,
  // 0x10 to 0x2f are the keyspaces of records; those of the node stand below and above.
  bare: 0x30,
  due: 0x31,
  officer: 0x32,
  hold: 0x33,
  approval: 0x34,
  erasure: 0x36,
  order: 0x37,
  letter: 0x39,
  read: 0x3a,
  author: 0x3b,
  'sent-letter': 0x3c,
  'sealed-letter': 0x3d,
  unlogged: 0x3e,
  logged: 0x3f,
  seen: 0x40,
  equivocation: 0x41,
  'log-alarm': 0x42,
  'hold-order': 0x43,
  rejection: 0x44,
  'key-proof': 0x45,
  roster: 0x46,
} as const;

/** The name of a keyspace, as in faults and reports. */
export type KeyspaceName = keyof typeof CODES;

const NAMES = new Map<number, KeyspaceName>(
  Object.entries(CODES).map(([name, code]) => [code, name as KeyspaceName]),
);

/** The realm of the record keyspaces, as first field: it is written before the keyspace byte. */
const realm: KeyField<Realm> = {
  write(target, at, value) {
    target[0] = REALM_BYTES[value] ?? refuseKey('a realm');
    return at;
  },
  read(source, at) {
    const value = REALMS.find((candidate) => REALM_BYTES[candidate] === source[0]);
    return { value: value ?? refuseKey('a realm'), end: at };
  },
};

/** Longer than any key: two texts of 255 characters would fit. */
const scratch = new Uint8Array(1024);

function keyspace<const Fields extends readonly AnyKeyField[]>(
  name: KeyspaceName,
  ...fields: Fields
): Keyspace<KeyValues<Fields>> {
  type Values = KeyValues<Fields>;
  const code = CODES[name];
  const inRealm = (fields[0] as unknown) === realm;

  /** The key of these values, as a view that is valid until the next call. */
  function write(values: readonly unknown[]): Uint8Array {
    scratch[0] = REALM_NODE;
    scratch[1] = code;
    let end = 2;
    for (let index = 0; index < values.length; index += 1) {
      end = (fields[index] as unknown as KeyField<unknown>).write(scratch, end, values[index]);
    }
    return scratch.subarray(0, end);
  }

  function build(values: readonly unknown[]): Uint8Array {
    const written = write(values);
    const key = allocateRowBytes(written.length);
    key.set(written);
    return key;
  }

  return {
    name,
    key: (...values: Values) => build(values),
    range: (...values: LeadingValues<Values>) => {
      const gte = build(values as readonly unknown[]);
      // Without even a realm there is no common beginning.
      if (inRealm && values.length === 0) refuseKey('a realm');
      return { gte, lt: successor(gte) };
    },
    parse: (key: Uint8Array) => {
      try {
        if (key[1] !== code || (!inRealm && key[0] !== REALM_NODE)) refuseKey(`a key of ${name}`);
        let end = 2;
        const values = fields.map((field) => {
          const part = field.read(key, end);
          end = part.end;
          return part.value;
        });
        // One spelling for each key: nothing after the fields, nothing that is written differently.
        if (!equalBytes(write(values), key)) refuseKey(`nothing after a key of ${name}`);
        return values as unknown as Values;
      } catch (cause) {
        throw new Fault('store.key-unknown', `a key is not one of ${name}`, {
          fields: { keyspace: name },
          cause,
        });
      }
    },
  };
}

/** The least key after all that begin with this prefix. The first byte is a realm, so there is always one. */
function successor(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (prefix[length - 1] === 0xff) length -= 1;
  const next = prefix.slice(0, length);
  next[length - 1] = (next[length - 1] as number) + 1;
  return next;
}

/** The keyspace that a key's first bytes name, whatever follows them. */
export function keyspaceNameOf(key: Uint8Array): KeyspaceName | undefined {
  const name = NAMES.get(key[1] ?? -1);
  if (name === undefined) return undefined;
  const code = key[1] as number;
  const ofRecords = code >= CODES.record && code < CODES.bare;
  const inRealm = key[0] === REALM_BYTES.real || key[0] === REALM_BYTES.exercise;
  return ofRecords ? (inRealm ? name : undefined) : key[0] === REALM_NODE ? name : undefined;
}

/** Whether a key is that of a row with content of a record, which is sealed under the key of that record. */
export function isContentKey(key: Uint8Array): boolean {
  return (
    (key[1] === CODES.record || key[1] === CODES.sketch || key[1] === CODES.registered) &&
    key[0] !== REALM_NODE
  );
}

/** What the store says about itself, by name. */
export const META = keyspace('meta', text);

/** A log: entries by index, full tiles and partial tiles above level 0, size with frontier. */
export const LOG_ENTRY = keyspace('log-entry', log, number);
/** Level counts tiles of 256 hashes, not tree levels: a hash of tile level 1 covers 256 leaves. */
export const LOG_TILE = keyspace('log-tile', log, number, number);
export const LOG_HEAD = keyspace('log-head', log);
/** Signed checkpoints of a log, by size. */
export const CHECKPOINT = keyspace('checkpoint', log, number);
/** Cosignatures and receipts on a checkpoint: log, size, who cosigned. */
export const COSIGNATURE = keyspace('cosignature', log, number, stateId);
/** Digests released so far: peer, record, index of the ledger entry. Derived from the outgoing ledgers. */
export const RELEASED = keyspace('released', stateId, recordId, number);

/** Entries of an outgoing ledger that went out without their content: peer, index. */
export const BARE = keyspace('bare', stateId, number);
/** Records that are to be looked at again: from which second on, which record. */
export const DUE = keyspace('due', number, recordId);
/** Officers of this state and of peers: state, id of the officer, thumbprint of the officer's key. */
export const OFFICER = keyspace('officer', stateId, text, digest);
/** What was signed about who is an officer of this state, in the order in which it was taken in. */
export const ROSTER = keyspace('roster', number);
/** What waits for a person before it is released: peer, record. */
export const HOLD = keyspace('hold', stateId, recordId);
/** The same in the order in which people go through it: whose list it is, since when it waits, record, peer. */
export const HOLD_ORDER = keyspace('hold-order', stateId, number, recordId, stateId);
/** Statements of officers about a release: record, recipient, SHA-256 of the statement. */
export const APPROVAL = keyspace('approval', recordId, stateId, digest);
/** Those of them that reject something: whose list it is, when they end, record, recipient, SHA-256 of the statement. */
export const REJECTION = keyspace('rejection', stateId, number, recordId, stateId, digest);
/** Orders of originators, their own and those of others, by SHA-256 of the order. */
export const ORDER = keyspace('order', digest);
/** Letters to officers of this state: the officer's id, SHA-256 of the letter. */
export const LETTER = keyspace('letter', text, digest);
/** Letters to officers of peers, by SHA-256 of the letter. */
export const SENT_LETTER = keyspace('sent-letter', digest);
/** Letters as sealed, to whomever, by their SHA-256. */
export const SEALED_LETTER = keyspace('sealed-letter', digest);
/** Numbers of keys that are to be destroyed: what they sealed is erased. */
export const ERASURE = keyspace('erasure', number);
/** Who wrote a record of this state. */
export const AUTHOR = keyspace('author', recordId);
/** Who was shown a record here: record, second, name of the local user (percent-encoded). The audit chain says it too. */
export const READ = keyspace('read', recordId, number, text);

/** What waits to be entered in the origin log, by its leaf. */
export const UNLOGGED = keyspace('unlogged', digest);
/** Where in the origin log a leaf stands, padding left out. */
export const LOGGED = keyspace('logged', digest);

/** Checkpoints of origin logs as they were shown, by whomever: the state whose log it is, size. */
export const SEEN = keyspace('seen', stateId, number);
/** Evidence of two histories of an origin log: the state whose log it is, size. */
export const EQUIVOCATION = keyspace('equivocation', stateId, number);
/** What people have to know about an origin log: kind, the state whose log it is. */
export const LOG_ALARM = keyspace(
  'log-alarm',
  word(
    'two-histories',
    'rolled-back',
    'does-not-continue',
    'frozen',
    'witness-lost',
    'own-log-lost',
    'keys-not-logged',
    'ended-otherwise',
  ),
  stateId,
);

/** Charters and key states of peers as leaves of their logs: whose they are, digest of the payload. */
export const KEY_PROOF = keyspace('key-proof', stateId, digest);

/** Signed documents of states: who issued it, kind, SHA-256 of its bytes. */
export const DOCUMENT = keyspace(
  'document',
  stateId,
  word('charter', 'certificate', 'recognition', 'key-state', 'contradiction'),
  digest,
);
/** What this node alone knows about a peer. */
export const PEER = keyspace('peer', stateId);
/** Disclosure policies as applied, by version. */
export const POLICY = keyspace('policy', number);
/** The audit chain, by sequence number from 1. */
export const AUDIT = keyspace('audit', number);
/** Settings of the node, by name. */
export const SETTING = keyspace('setting', text);
/** Items that were refused, by SHA-256 of their bytes. */
export const QUARANTINE = keyspace('quarantine', digest);
/** The newest checkpoint of a peer's origin log that this node has cosigned as witness. */
export const WITNESSED = keyspace('witnessed', stateId);
/** Entries of a peer's ledger whose content is not held: peer, index. */
export const MISSING = keyspace('missing', stateId, number);
/** Records received and not yet looked at for handing them on: record, number of the commit's own choice. */
export const RELAY_QUEUE = keyspace('relay-queue', recordId, number);

/** Records in the order of arrival: new rows never fall between old ones, which spares the engine rewriting them. */
export const RECORD = keyspace('record', realm, number);
/** What was noted of records so that they need not be opened to be counted, by arrival number. A row may be missing. */
export const SKETCH = keyspace('sketch', realm, number);
/** What a registry keeps of a record, by arrival number. A row may be missing. */
export const REGISTERED = keyspace('registered', realm, number);
/** Arrival number by record id. */
export const RECORD_ID = keyspace('record-id', realm, recordId);
// Derived: time of issue in seconds, then the id, so that the order does not depend on the arrival.
export const RECORD_BY_TYPE = keyspace('record-by-type', realm, text, number, recordId);
export const RECORD_BY_ISSUER = keyspace('record-by-issuer', realm, stateId, number, recordId);
export const RECORD_BY_SUBJECT = keyspace('record-by-subject', realm, text, number, recordId);
/** The record that is withdrawn, the record that says so. Whether it may say so is for the reader to judge. */
export const RETRACTION = keyspace('retraction', realm, recordId, recordId);
/** The record that is superseded, the record that says so. */
export const SUCCESSOR = keyspace('successor', realm, recordId, recordId);
/** What is kept of a record that was erased. */
export const TOMBSTONE = keyspace('tombstone', realm, recordId);
/** Questions: to or from a peer, time of issue in seconds, SHA-256 of the signed question. */
export const QUERY = keyspace('query', realm, word('asked', 'answered'), number, digest);

const KEYSPACES: readonly Pick<Keyspace<readonly unknown[]>, 'name' | 'parse'>[] = [
  META,
  LOG_ENTRY,
  LOG_TILE,
  LOG_HEAD,
  CHECKPOINT,
  COSIGNATURE,
  RELEASED,
  DOCUMENT,
  PEER,
  POLICY,
  AUDIT,
  SETTING,
  QUARANTINE,
  WITNESSED,
  MISSING,
  RELAY_QUEUE,
  BARE,
  DUE,
  OFFICER,
  ROSTER,
  HOLD,
  HOLD_ORDER,
  APPROVAL,
  REJECTION,
  ORDER,
  READ,
  AUTHOR,
  LETTER,
  SENT_LETTER,
  SEALED_LETTER,
  UNLOGGED,
  LOGGED,
  SEEN,
  EQUIVOCATION,
  LOG_ALARM,
  KEY_PROOF,
  ERASURE,
  RECORD,
  RECORD_ID,
  RECORD_BY_TYPE,
  RECORD_BY_ISSUER,
  RECORD_BY_SUBJECT,
  RETRACTION,
  SUCCESSOR,
  QUERY,
  TOMBSTONE,
  SKETCH,
  REGISTERED,
];

/** The values in any key of the store. @throws Fault `store.key-unknown` */
export function parseKey(key: Uint8Array): readonly unknown[] {
  const name = keyspaceNameOf(key);
  const found = KEYSPACES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Fault('store.key-unknown', 'a key is of no keyspace');
  return found.parse(key);
}
