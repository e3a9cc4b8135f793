import { type CborValue, decode, encode, Tagged } from '@comity/cbor';
import { sha256, sha256Hex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Label } from '@comity/label';
import { isFieldName } from './field-path.ts';
import { readLabel } from './label-cache.ts';
import { MAX_DISCLOSURE_BYTES, MAX_ITEMS, SALT_BYTES } from './limits.ts';

/** What one disclosure says, before it is known where its digest stands. */
export type Disclosure = PartDisclosure | DecoyDisclosure;

export interface PartDisclosure {
  readonly digest: string;
  readonly bytes: Uint8Array;
  readonly decoy: false;
  /** The name of the field; undefined for an element of a list. */
  readonly name: string | undefined;
  /** The part's own label; undefined where it inherits. */
  readonly label: Label | undefined;
  readonly content: CborValue;
}

export interface DecoyDisclosure {
  readonly digest: string;
  readonly bytes: Uint8Array;
  readonly decoy: true;
}

const LIMITS = { maxBytes: MAX_DISCLOSURE_BYTES, maxItems: MAX_ITEMS };

/**
 * Array head, salt head, salt, head of the wrapper: the label of a part always begins here, because heads below 24 take
 * one byte.
 */
const LABEL_OFFSET = 1 + 1 + SALT_BYTES + 1;

/** Array head, salt head, salt. Anything that stands for a part has more. */
const DECOY_BYTES = 1 + 1 + SALT_BYTES;

/**
 * The digest by which a record refers to a disclosure: SHA-256 over the disclosure *as a CBOR byte string*, head
 * included (formats §2.1, §7.6).
 */
export function disclosureDigest(disclosure: Uint8Array): Uint8Array {
  return sha256(asByteString(disclosure));
}

/** The same as lower-case hexadecimal: how views name a disclosure. */
export function disclosureDigestHex(disclosure: Uint8Array): string {
  return sha256Hex(asByteString(disclosure));
}

// Reused for every disclosure: hashing is synchronous, and nothing keeps a reference to it.
let framed = new Uint8Array(4_096);

/** The det-CBOR byte string around a disclosure, as a view that is valid until the next call (RFC 8949 §3). */
function asByteString(disclosure: Uint8Array): Uint8Array {
  const { length } = disclosure;
  if (length >= 0x1_0000) return encode(disclosure);
  if (framed.length < 3 + length) framed = new Uint8Array(3 + 2 * length);
  let at = 0;
  if (length < 24) framed[at++] = 0x40 | length;
  else {
    framed[at++] = length < 0x100 ? 0x58 : 0x59;
    if (length >= 0x100) framed[at++] = length >>> 8;
    framed[at++] = length;
  }
  framed.set(disclosure, at);
  return framed.subarray(0, at + length);
}

/** Whether a disclosure is the padding of a list of digests: a salt and nothing else. Only for one that was read before. */
export function isDecoy(disclosure: Uint8Array): boolean {
  return disclosure.length === DECOY_BYTES;
}

/**
 * Reads one disclosure: `[salt, [label / null, content], name]` for a field, `[salt, [label / null, content]]` for an
 * element of a list, `[salt]` for a decoy (formats §2.4).
 */
export function readDisclosure(bytes: Uint8Array): Disclosure {
  const value = decode(bytes, LIMITS);
  if (!Array.isArray(value)) throw new Fault('record.disclosure-malformed', 'expected a list as disclosure');
  const [salt, part, name] = value as readonly CborValue[];
  // Formats §2.3: wrong arity.
  if (value.length < 1 || value.length > 3) {
    throw new Fault(
      'record.disclosure-arity',
      `expected 1 to 3 elements in a disclosure, got ${value.length}`,
    );
  }
  if (!(salt instanceof Uint8Array) || salt.length !== SALT_BYTES) {
    throw new Fault('record.salt-length', `expected a salt of ${SALT_BYTES} bytes`);
  }
  const digest = disclosureDigestHex(bytes);
  if (part === undefined) return { digest, bytes, decoy: true };
  const [label, content] = readWrapper(part);
  return {
    digest,
    bytes,
    decoy: false,
    name: name === undefined ? undefined : readName(name),
    label: label === null ? undefined : readLabel(bytes, LABEL_OFFSET, label),
    content,
  };
}

function readWrapper(part: CborValue): readonly [CborValue, CborValue] {
  const [label, content] = Array.isArray(part) && part.length === 2 ? (part as readonly CborValue[]) : [];
  if (label === undefined || content === undefined || content instanceof Tagged) {
    throw new Fault('record.part-malformed', 'expected label or null, and content, in a disclosure');
  }
  return [label, content];
}

/** Formats §2.3: a disclosed key is text, so that no disclosure can stand for a claim of the envelope. */
function readName(name: CborValue): string {
  if (typeof name !== 'string')
    throw new Fault('record.key-not-text', 'expected text as key of a disclosed field');
  if (!isFieldName(name))
    throw new Fault('record.bad-field-name', 'expected a field name as key of a disclosed field');
  return name;
}
