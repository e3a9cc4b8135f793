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
 * The payload of a row in pieces: the same bytes as {@link encodeRowValue} makes, without copying the byte strings. They
 * are most of what a store writes.
 */
export function encodeRowPieces(value: RowValue): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  addPieces(pieces, value);
  return pieces;
}

function addPieces(pieces: Uint8Array[], value: RowValue): void {
  if (value instanceof Uint8Array) pieces.push(head(BYTES, value.length), value);
  else if (Array.isArray(value)) {
    pieces.push(head(ARRAY, value.length));
    for (let index = 0; index < value.length; index += 1) addPieces(pieces, value[index] as RowValue);
  } else if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32)
    pieces.push(head(UNSIGNED, value as number));
  else pieces.push(encodeRowValue(value));
}

const UNSIGNED = 0x00;
const BYTES = 0x40;
const ARRAY = 0x80;

/** Heads by type and argument: most lengths come again and again, and making an array costs more than what it holds. */
const SHORT_ARGUMENTS = 4096;
const shortHeads = {
  [UNSIGNED]: new Array<Uint8Array | undefined>(SHORT_ARGUMENTS),
  [BYTES]: new Array<Uint8Array | undefined>(SHORT_ARGUMENTS),
  [ARRAY]: new Array<Uint8Array | undefined>(SHORT_ARGUMENTS),
};

function head(type: keyof typeof shortHeads, argument: number): Uint8Array {
  if (argument >= SHORT_ARGUMENTS) return makeHead(type, argument);
  const known = shortHeads[type];
  known[argument] ??= makeHead(type, argument);
  return known[argument];
}

/** RFC 8949 §3: type and argument, below 2^32, in as few bytes as it needs. */
function makeHead(type: number, argument: number): Uint8Array {
  if (argument < 24) return Uint8Array.of(type + argument);
  if (argument < 0x100) return Uint8Array.of(type + 24, argument);
  if (argument < 0x1_0000) return Uint8Array.of(type + 25, argument >>> 8, argument);
  return Uint8Array.of(type + 26, argument >>> 24, argument >>> 16, argument >>> 8, argument);
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
