import { type CborKey, type CborValue, encode } from '@comity/cbor';
import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Label } from '@comity/label';
import { hasRedaction } from './digest-group.ts';
import { readLabel } from './label-cache.ts';
import { DIGEST_BYTES, MAX_LINKS } from './limits.ts';
import { isTime } from './protected-header.ts';
import type { RecordId } from './record-id.ts';
import { isExerciseId } from './subject.ts';

/** Integer keys of the payload: the claims that are never redactable (formats §2.3). */
export const CLAIM_VERSION = 1;
export const CLAIM_LABEL = 2;
export const CLAIM_EXERCISE = 3;
export const CLAIM_SUPERSEDES = 4;
export const CLAIM_RETRACTS = 5;
export const CLAIM_EXPIRES = 6;

/** The one version of the payload that this code reads. */
export const PAYLOAD_VERSION = 1;

/** What the payload says in the clear about the record as a whole. */
export interface Envelope {
  readonly label: Label;
  readonly exercise?: string;
  readonly supersedes: readonly RecordId[];
  readonly retracts?: RecordId;
  readonly expiresAtSeconds?: number;
  /** Claims of a later version of the format: kept, verified and shown as unknown. */
  readonly unknown: ReadonlyMap<number, CborValue>;
}

const NO_LINKS: readonly RecordId[] = Object.freeze([]);
const NO_CLAIMS: ReadonlyMap<number, CborValue> = new Map();

/** Reads the claims under integer keys. `payload` are the bytes that `claims` was decoded from. */
export function readEnvelope(claims: ReadonlyMap<CborKey, CborValue>, payload: Uint8Array): Envelope {
  if (claims.get(CLAIM_VERSION) !== PAYLOAD_VERSION) {
    throw new Fault('record.unsupported-version', `expected version ${PAYLOAD_VERSION} in claim 1`);
  }
  const exercise = claims.get(CLAIM_EXERCISE);
  if (exercise !== undefined && !isExerciseId(exercise)) {
    throw new Fault('record.bad-exercise', 'expected an exercise id in claim 3');
  }
  const expiresAtSeconds = claims.get(CLAIM_EXPIRES);
  if (expiresAtSeconds !== undefined && !isTime(expiresAtSeconds)) {
    throw new Fault('record.bad-expiry', 'expected UTC seconds in claim 6');
  }
  const retracts = claims.get(CLAIM_RETRACTS);
  return {
    label: readEnvelopeLabel(claims, payload),
    supersedes: readSupersedes(claims.get(CLAIM_SUPERSEDES)),
    unknown: readUnknownClaims(claims),
    ...(exercise === undefined ? undefined : { exercise }),
    ...(retracts === undefined ? undefined : { retracts: readRecordId(retracts) }),
    ...(expiresAtSeconds === undefined ? undefined : { expiresAtSeconds }),
  };
}

/** Formats §2.3: the label of the record is never redactable. */
function readEnvelopeLabel(claims: ReadonlyMap<CborKey, CborValue>, payload: Uint8Array): Label {
  const label = claims.get(CLAIM_LABEL);
  if (label === undefined) throw new Fault('record.no-label', 'expected a label in claim 2');
  // Mostly claims 1 and 2 come first: map head, 01 01, 02, label. A later version could put a claim 0 in front of them, so
  // that this is looked at, never assumed: labels are remembered by the bytes they are read from.
  const at = claims.size < 24 ? 1 : claims.size < 256 ? 2 : 3;
  const comesFirst = payload[at] === CLAIM_VERSION && payload[at + 2] === CLAIM_LABEL;
  return comesFirst ? readLabel(payload, at + 3, label) : readLabel(encode(label), 0, label);
}

function readSupersedes(links: CborValue | undefined): readonly RecordId[] {
  if (links === undefined) return NO_LINKS;
  if (!Array.isArray(links) || links.length === 0 || links.length > MAX_LINKS) {
    throw new Fault('record.bad-links', `expected a list of 1 to ${MAX_LINKS} record ids in claim 4`);
  }
  const ids = links.map(readRecordId);
  // One spelling for each set of links.
  for (let index = 1; index < ids.length; index += 1) {
    if ((ids[index - 1] as string) >= (ids[index] as string)) {
      throw new Fault('record.bad-links', 'expected strictly ascending record ids in claim 4', {
        fields: { index },
      });
    }
  }
  return ids;
}

function readRecordId(value: CborValue): RecordId {
  if (!(value instanceof Uint8Array) || value.length !== DIGEST_BYTES) {
    throw new Fault('record.bad-links', 'expected a record id of 32 bytes');
  }
  return toHex(value) as RecordId;
}

function readUnknownClaims(claims: ReadonlyMap<CborKey, CborValue>): ReadonlyMap<number, CborValue> {
  let unknown: Map<number, CborValue> | undefined;
  for (const [key, value] of claims) {
    if (typeof key !== 'number' || (key >= CLAIM_VERSION && key <= CLAIM_EXPIRES)) continue;
    // Formats §2.3: claims are never redactable, also those that only a later version knows.
    if (hasRedaction(value))
      throw new Fault('record.claim-redacted', 'a claim under an integer key holds a redaction');
    unknown ??= new Map();
    unknown.set(key, value);
  }
  return unknown ?? NO_CLAIMS;
}
