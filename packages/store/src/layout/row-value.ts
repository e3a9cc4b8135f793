import type { CborValue } from '@comity/cbor';
import { Fault } from '@comity/fault';
import { Decoder, Encoder } from 'cbor-x';

/** What a row may hold: plain values, lists, maps and byte strings. Signed bytes are byte strings in it, verbatim. */
export type RowValue = CborValue;

// Rows are this node's own and are read back only under their digest, so a fast general codec serves; bytes that were
// signed or that came from a peer are for @comity/cbor alone. Everything of cbor-x that is not plain CBOR is switched
// off: records, its tags for maps and typed arrays, objects in place of maps.
const PLAIN = {
  useRecords: false,
  mapsAsObjects: false,
  variableMapSize: true,
  useTag259ForMaps: false,
  tagUint8Array: false,
  copyBuffers: false,
};
const encoder = new Encoder(PLAIN);
// A decoder of its own: an encoder that also decodes keeps state from one message to the next.
const decoder = new Decoder(PLAIN);

/** The payload of a row. */
export function encodeRowValue(value: RowValue): Uint8Array {
  return encoder.encode(value);
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

/** Heads by type and length: most lengths come again and again, and making an array costs more than what it holds. */
const SHORT_LENGTHS = 4096;
const shortHeads = {
  [BYTES]: new Array<Uint8Array | undefined>(SHORT_LENGTHS),
  [ARRAY]: new Array<Uint8Array | undefined>(SHORT_LENGTHS),
};

function head(type: typeof BYTES | typeof ARRAY, length: number): Uint8Array {
  if (length >= SHORT_LENGTHS) return makeHead(type, length);
  const known = shortHeads[type];
  known[length] ??= makeHead(type, length);
  return known[length];
}

/** RFC 8949 §3: type and length in as few bytes as they need. */
function makeHead(type: number, length: number): Uint8Array {
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
    return decoder.decode(payload) as RowValue;
  } catch (cause) {
    throw new Fault('store.row-damaged', 'a row that passes its digest is not of the row profile', { cause });
  }
}
