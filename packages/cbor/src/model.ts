/**
 * The map key simple(59): its value lists the digests of the map entries that were redacted (cbor.md §2.6). It stands
 * nowhere else.
 */
export const REDACTED: unique symbol = Symbol('redacted');

/** The tags of the profile: COSE_Sign1, redacted array element, COSE_Sign. */
export type TagNumber = 18 | 60 | 98;

/**
 * A tagged item. 18 and 98 stand only as the outermost item; 60 only as an array element, around a digest of 32 bytes.
 */
export class Tagged {
  readonly tag: TagNumber;
  readonly value: CborValue;

  constructor(tag: TagNumber, value: CborValue) {
    this.tag = tag;
    this.value = value;
  }
}

/** A map key: integer, text of at most 255 bytes, or simple(59). */
export type CborKey = number | string | typeof REDACTED;

/** Everything the profile can carry. Numbers are integers with a magnitude of at most 2^53 - 1. */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<CborKey, CborValue>
  | Tagged;

/** cbor.md §3.2: longest text key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 255;

/** The digest inside tag 60 is SHA-256. */
export const REDACTED_DIGEST_BYTES = 32;

/** Second byte of simple(59), after the head byte f8. */
export const SIMPLE_REDACTED = 59;
