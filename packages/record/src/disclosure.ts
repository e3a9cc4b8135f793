import { type CborValue, decode, encode, Tagged } from '@comity/cbor';
import { sha256, toHex } from '@comity/digest';
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

/**
 * The digest by which a record refers to a disclosure: SHA-256 over the disclosure *as a CBOR byte string*, head
 * included (formats §2.1, §7.6).
 */
export function disclosureDigest(disclosure: Uint8Array): Uint8Array {
  return sha256(encode(disclosure));
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
  const digest = toHex(disclosureDigest(bytes));
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
