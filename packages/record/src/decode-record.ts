import { type CborKey, type CborValue, decode } from '@comity/cbor';
import { decodeSign1, encodeSign1, type Sign1 } from '@comity/cose';
import { sha256Hex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { MAX_DISCLOSED_BYTES, MAX_DISCLOSURES, MAX_ITEMS, MAX_RECORD_BYTES } from './limits.ts';
import type { RecordId } from './record-id.ts';

const decoded: unique symbol = Symbol('decoded');

/**
 * A record of which only the encoding was checked: everything in it is attacker-controlled. Made by `decodeRecord` alone.
 */
export interface DecodedRecord {
  readonly [decoded]: true;
  readonly id: RecordId;
  /** The signed bytes with an empty unprotected header: what the id is the digest of, and what is stored. */
  readonly bytes: Uint8Array;
  readonly sign1: Sign1;
  /** The payload: claims of the envelope under integers, fields in the clear under text, digests under simple(59). */
  readonly claims: ReadonlyMap<CborKey, CborValue>;
  /** Disclosures that came inside the bytes (header 17). They are not signed and not checked. */
  readonly disclosures: readonly Uint8Array[];
}

/** Header 17, `sd_claims`: disclosures in the unprotected header. */
export const HEADER_DISCLOSURES = 17;

/** A record with all its disclosures inside. */
const MAX_CARRIED_BYTES = MAX_RECORD_BYTES + MAX_DISCLOSED_BYTES;
const SIGN1_LIMITS = { maxBytes: MAX_CARRIED_BYTES, maxItems: MAX_ITEMS };
const PAYLOAD_LIMITS = { maxBytes: MAX_RECORD_BYTES, maxItems: MAX_ITEMS };
const NO_DISCLOSURES: readonly Uint8Array[] = Object.freeze([]);

/**
 * First rung: one COSE_Sign1 of the profile, at most 64 KiB without disclosures, with a map as payload. The result holds
 * views of `bytes`; the caller must not change them afterwards.
 *
 * @throws Fault `record.too-large`, `record.unprotected-header`, `record.disclosure-header`, `record.too-many-disclosures`,
 *   `record.payload-not-map`, `cose.*`, `cbor.*`
 */
export function decodeRecord(bytes: Uint8Array): DecodedRecord {
  // Profile §1.4.1: a hard cap before parsing.
  requireSize(bytes, MAX_CARRIED_BYTES);
  const sign1 = decodeSign1(bytes, SIGN1_LIMITS);
  const disclosures = carriedDisclosures(sign1.unprotectedHeader);
  const signedBytes =
    disclosures.length === 0
      ? bytes
      : encodeSign1({ ...sign1, unprotectedHeader: new Map<CborKey, CborValue>() });
  requireSize(signedBytes, MAX_RECORD_BYTES);
  const claims = decode(sign1.payload, PAYLOAD_LIMITS);
  if (!(claims instanceof Map)) throw new Fault('record.payload-not-map', 'expected a map as payload');
  const id = sha256Hex(signedBytes) as RecordId;
  return { [decoded]: true, id, bytes: signedBytes, sign1, claims, disclosures };
}

/** Formats §0, §7.5: the unprotected header is closed, or peers could smuggle data next to the signed bytes. */
function carriedDisclosures(header: ReadonlyMap<CborKey, CborValue>): readonly Uint8Array[] {
  if (header.size === 0) return NO_DISCLOSURES;
  const carried = header.get(HEADER_DISCLOSURES);
  if (header.size !== 1 || carried === undefined) {
    throw new Fault('record.unprotected-header', 'expected no unprotected header other than 17');
  }
  // Formats §2.1: omitted when empty.
  if (!Array.isArray(carried) || carried.length === 0) {
    throw new Fault('record.disclosure-header', 'expected a list of at least one byte string in header 17');
  }
  if (carried.length > MAX_DISCLOSURES) {
    throw new Fault(
      'record.too-many-disclosures',
      `expected at most ${MAX_DISCLOSURES} disclosures, got ${carried.length}`,
    );
  }
  for (const disclosure of carried) {
    if (!(disclosure instanceof Uint8Array)) {
      throw new Fault('record.disclosure-header', 'expected only byte strings in header 17');
    }
  }
  return carried;
}

function requireSize(bytes: Uint8Array, maxBytes: number): void {
  if (bytes.length > maxBytes) {
    throw new Fault('record.too-large', `expected at most ${maxBytes} bytes, got ${bytes.length}`);
  }
}
