import { type CborValue, decode, encode } from '@comity/cbor';
import { Fault } from '@comity/fault';

/**
 * What a row may hold. Rows are written in the profile of everything that is signed: one codec, and bytes of a row that
 * are the same wherever the same row is built. Signed bytes are byte strings in it, verbatim.
 */
export type RowValue = CborValue;

/** The longest row is a record with all its disclosures; the row with most items lists its sources beside them. */
const ROW_LIMITS = { maxBytes: 1024 * 1024, maxItems: 65_536 };

/** The payload of a row. */
export function encodeRowValue(value: RowValue): Uint8Array {
  return encode(value, ROW_LIMITS);
}

/**
 * The payload of a row that is a list of byte strings, lists of byte strings and other values, in pieces: the same bytes
 * as {@link encodeRowValue} makes, without copying the byte strings. They are most of what a store writes.
 */
export function encodeRowPieces(values: readonly RowValue[]): Uint8Array[] {
  const pieces: Uint8Array[] = [head(ARRAY, values.length)];
  for (const value of values) {
    if (value instanceof Uint8Array) pieces.push(head(BYTES, value.length), value);
    else if (isByteStrings(value)) {
      pieces.push(head(ARRAY, value.length));
      for (const item of value) pieces.push(head(BYTES, item.length), item);
    } else pieces.push(encodeRowValue(value));
  }
  return pieces;
}

const BYTES = 0x40;
const ARRAY = 0x80;

/** RFC 8949 §3: type and length in as few bytes as they need. */
function head(type: number, length: number): Uint8Array {
  if (length < 24) return Uint8Array.of(type + length);
  if (length < 0x100) return Uint8Array.of(type + 24, length);
  if (length < 0x1_0000) return Uint8Array.of(type + 25, length >>> 8, length);
  return Uint8Array.of(type + 26, length >>> 24, length >>> 16, length >>> 8, length);
}

function isByteStrings(value: RowValue): value is readonly Uint8Array[] {
  return Array.isArray(value) && value.every((item) => item instanceof Uint8Array);
}

/**
 * What the payload of a row says. Byte strings in the result are views of the payload.
 *
 * @throws Fault `store.row-damaged`: it passes its digest, so another version or a defect wrote it
 */
export function decodeRowValue(payload: Uint8Array): RowValue {
  try {
    return decode(payload, ROW_LIMITS);
  } catch (cause) {
    throw new Fault('store.row-damaged', 'a row that passes its digest is not of the row profile', { cause });
  }
}
