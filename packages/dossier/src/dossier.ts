import {
  array,
  bytes,
  type CborLimits,
  decodeWith,
  defineShape,
  document,
  encodeWith,
  field,
  literal,
  optionalField,
  type Shape,
  text,
} from '@comity/cbor';
import { compareBytes, concatBytes, firstNotAscending, fromHex, sha256 } from '@comity/digest';
import { Fault } from '@comity/fault';
import { type StateId, stateIdShape } from '@comity/label';
import { LINE_START } from '@comity/log';
import { disclosureDigest, MAX_DISCLOSURES, MAX_RECORD_BYTES } from '@comity/record';

/** A record in the view of whoever made the dossier, and where its issuer has logged it. */
export interface DossierRecord {
  /** As its issuer signed it, with an empty unprotected header. */
  readonly record: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
  /** Log proof of its id in the log of what its issuer has issued (log.md §8). */
  readonly proof?: string;
}

/** That a state was told of a release: an entry of a ledger, that it is in there, and the receipt for it. */
export interface Notification {
  readonly sender: StateId;
  readonly recipient: StateId;
  readonly entry: Uint8Array;
  /** Log proof of the entry in the ledger of the sender for the recipient. */
  readonly proof: string;
  /** The recipient's signature line over the checkpoint of the proof. */
  readonly receipt: string;
}

/** What a dossier holds. Decoded, it is not verified: everything in it may come from an attacker. */
export interface Dossier {
  /** Name of the federation, which stands in the name of every log. */
  readonly federation: string;
  readonly charters: readonly Uint8Array[];
  readonly certificates: readonly Uint8Array[];
  readonly records: readonly DossierRecord[];
  readonly notifications: readonly Notification[];
  /** What states say of their keys (key-state.md). */
  readonly keyStates: readonly Uint8Array[];
}

/** dossier.md 1.2: a thousand records of 16 KiB. */
export const MAX_DOSSIER_BYTES = 16_777_216;
const LIMITS: CborLimits = { maxBytes: MAX_DOSSIER_BYTES, maxDepth: 4, maxItems: 131_072 };

const MAX_CHARTERS = 256;
const MAX_KEY_STATES = 256;
const MAX_CERTIFICATES = 1_024;
const MAX_RECORDS = 1_024;
const MAX_NOTIFICATIONS = 4_096;
const MAX_PROOF_BYTES = 73_899;
/** dossier.md 1.2: in all proofs and receipts together, as each may have to be verified. */
export const MAX_SIGNATURE_LINES = 4_096;

const KIND = 'comity-dossier';
const VERSION = 2;

const onlyVersion: Shape<2> = defineShape<2>(
  (value) => {
    if (value === VERSION) return VERSION;
    // dossier.md 1.5: what a later version adds may change a verdict, so it is not passed over.
    throw new Fault('dossier.unsupported-version', 'expected version 2');
  },
  (version) => version,
);

const charterShape = bytes({ min: 1, max: MAX_RECORD_BYTES });
const keyStateShape = bytes({ min: 1, max: MAX_RECORD_BYTES });
const certificateShape = bytes({ min: 1, max: 8_192 });
const disclosureShape = bytes({ min: 1, max: MAX_RECORD_BYTES });
const proofShape = text({ minBytes: 1, maxBytes: MAX_PROOF_BYTES });

const recordShape: Shape<DossierRecord> = document({
  record: field(1, bytes({ min: 1, max: MAX_RECORD_BYTES })),
  disclosures: field(
    2,
    inOrder('disclosures', disclosureDigest, array(disclosureShape, { max: MAX_DISCLOSURES })),
  ),
  proof: optionalField(3, proofShape),
});

const anyNotificationShape: Shape<Notification> = document({
  sender: field(1, stateIdShape),
  recipient: field(2, stateIdShape),
  entry: field(3, bytes({ min: 1, max: 32_768 })),
  proof: field(4, proofShape),
  receipt: field(5, text({ minBytes: 1, maxBytes: 1_024 })),
});

/** A state keeps no ledger for itself (dossier.md 2.5). */
const notificationShape: Shape<Notification> = requiring(anyNotificationShape, ({ sender, recipient }) => {
  if (sender === recipient) throw new Fault('cbor.shape', 'expected a recipient other than the sender');
});

const anyDossierShape = document({
  kind: field(1, literal(KIND)),
  version: field(2, onlyVersion),
  federation: field(3, text({ maxBytes: 63, pattern: /^[a-z0-9][a-z0-9-]*$/ })),
  charters: field(4, inOrder('charters', asTheyAre, array(charterShape, { max: MAX_CHARTERS }))),
  certificates: field(
    5,
    inOrder('certificates', asTheyAre, array(certificateShape, { max: MAX_CERTIFICATES })),
  ),
  records: field(6, inOrder('records', idOf, array(recordShape, { min: 1, max: MAX_RECORDS }))),
  notifications: field(
    7,
    inOrder('notifications', placeOf, array(notificationShape, { max: MAX_NOTIFICATIONS })),
  ),
  keyStates: field(8, inOrder('key states', asTheyAre, array(keyStateShape, { max: MAX_KEY_STATES }))),
});

const dossierShape = requiring(anyDossierShape, ({ records, notifications }) => {
  const texts = [
    ...records.map(({ proof }) => proof ?? ''),
    ...notifications.flatMap(({ proof, receipt }) => [proof, receipt]),
  ];
  const count = texts.reduce((sum, each) => sum + signatureLinesIn(each), 0);
  if (count > MAX_SIGNATURE_LINES) {
    throw new Fault(
      'cbor.too-many-items',
      `expected at most ${MAX_SIGNATURE_LINES} signature lines in all proofs and receipts`,
      { fields: { count } },
    );
  }
});

/** Lines that begin like one of a signature, whether they are one or not. */
function signatureLinesIn(text: string): number {
  return `\n${text}`.split(`\n${LINE_START}`).length - 1;
}

/** A shape whose values have to meet a further requirement. */
function requiring<T>(shape: Shape<T>, require: (value: T) => void): Shape<T> {
  const met = (value: T): T => {
    require(value);
    return value;
  };
  return defineShape(
    (value) => met(shape.decode(value)),
    (value) => shape.encode(met(value)),
  );
}

/**
 * The bytes of a dossier. Lists come in any order, and what stands in one twice is written once: one content has one
 * spelling.
 *
 * @throws Fault `cbor.*`; `dossier.unsorted` where two records are the same and what comes with them is not
 */
export function encodeDossier(dossier: Dossier): Uint8Array {
  const { federation } = dossier;
  const records = dossier.records.map((each) => ({
    ...each,
    disclosures: sorted(each.disclosures, disclosureDigest),
  }));
  return encodeWith(
    dossierShape,
    {
      kind: KIND,
      version: VERSION,
      federation,
      charters: sorted(dossier.charters, asTheyAre),
      certificates: sorted(dossier.certificates, asTheyAre),
      records: records.toSorted((a, b) => compareBytes(idOf(a), idOf(b))),
      notifications: sorted(dossier.notifications, placeOf),
      keyStates: sorted(dossier.keyStates, asTheyAre),
    },
    LIMITS,
  );
}

/**
 * Reads a dossier in its one spelling (dossier.md §1, §2). What stands in its byte strings and texts is not looked at.
 *
 * @throws Fault `cbor.*`, `dossier.unsupported-version`, `dossier.unsorted`
 */
export function decodeDossier(dossier: Uint8Array): Dossier {
  return decodeWith(dossierShape, dossier, LIMITS);
}

/** Id of a record, which stands with an empty unprotected header (record.md 1.6). */
export function idOf({ record }: DossierRecord): Uint8Array {
  return sha256(record);
}

function placeOf({ sender, recipient, entry }: Notification): Uint8Array {
  return concatBytes(fromHex(sender), fromHex(recipient), entry);
}

function asTheyAre(document: Uint8Array): Uint8Array {
  return document;
}

function sorted<T>(list: readonly T[], keyOf: (each: T) => Uint8Array): readonly T[] {
  const keyed = list.map((each) => ({ each, key: keyOf(each) }));
  keyed.sort((a, b) => compareBytes(a.key, b.key));
  return keyed
    .filter(
      ({ key }, index) =>
        index === 0 || compareBytes((keyed[index - 1] as { key: Uint8Array }).key, key) !== 0,
    )
    .map(({ each }) => each);
}

/** A list in strictly ascending bytewise order, so that a set has one spelling (dossier.md §1.4). */
function inOrder<T>(
  name: string,
  keyOf: (each: T) => Uint8Array,
  list: Shape<readonly T[]>,
): Shape<readonly T[]> {
  const ascending = (each: readonly T[]): readonly T[] => {
    const at = firstNotAscending(each.map(keyOf));
    if (at < 0) return each;
    throw new Fault('dossier.unsorted', `expected ${name} in strictly ascending order`, { fields: { at } });
  };
  return defineShape(
    (value) => ascending(list.decode(value)),
    (each) => list.encode(ascending(each)),
  );
}
