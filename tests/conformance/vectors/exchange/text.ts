// Frames and messages for the vectors, and bytes in pieces: what is large is written as what is repeated.

import { cbor, type Entries, filled, hex, type Item, map } from '../cbor-text.ts';
import { itemOf, numberedEntry, sampleLedger } from '../ledger/text.ts';
import { FEDERATION } from '../log/text.ts';
import { signMany } from '../signing.ts';
import { arcadia, borealis, changed, NOW_SECONDS, recognitionPayload, typ } from '../states.ts';
import type { Json } from '../vector.ts';

/** Members of a map by key; undefined takes one away. */
type Changes = readonly (readonly [Item, Item | undefined])[];

/** Bytes that stand so many times one after the other. */
export class Repeated {
  readonly bytes: Buffer;
  readonly times: number;
  constructor(bytes: Uint8Array, times: number) {
    this.bytes = Buffer.from(bytes);
    this.times = times;
  }
}

export type Piece = Uint8Array | Repeated;

/** `bytes` of an operation, in pieces (exchange.md 10.1). */
export function inPieces(pieces: readonly Piece[]): Json {
  return pieces.map((piece) =>
    piece instanceof Repeated ? { hex: hex(piece.bytes), times: piece.times } : hex(piece),
  );
}

/** The bytes themselves. */
export function whole(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(
    pieces.map((piece) =>
      piece instanceof Repeated
        ? Buffer.alloc(piece.bytes.length * piece.times, piece.bytes)
        : Buffer.from(piece),
    ),
  );
}

export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce(
    (sum, piece) => sum + (piece instanceof Repeated ? piece.bytes.length * piece.times : piece.length),
    0,
  );
}

export const DATA = 0;
export const PART = 1;
export const END = 2;
export const ERROR = 3;
export const STILL = 4;

/** Largest body of a frame. */
export const FULL = 1_048_575;
/** Largest message. */
export const LARGEST = 4_259_840;

/** Length and kind, for a body of so many bytes. */
export function frameHead(kind: number, byteLength: number): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(byteLength + 1);
  head[4] = kind;
  return head;
}

export function frame(kind: number, body: Uint8Array): Buffer {
  return Buffer.concat([frameHead(kind, body.length), body]);
}

export const data = (message: Item): Buffer => frame(DATA, cbor(message));
export const end = (count: Item, more?: Item): Buffer => frame(END, cbor(map([1, count], [2, more])));
export const error = (code: Item): Buffer => frame(ERROR, cbor(map([1, code])));
export const still: Buffer = frame(STILL, Buffer.alloc(0));

/** A message cut into full PARTs and a last DATA; of a repeated byte, so that the pieces stay small. */
export function parted(byte: number, byteLength: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let left = byteLength;
  for (; left > FULL; left -= FULL)
    pieces.push(frameHead(PART, FULL), new Repeated(Buffer.from([byte]), FULL));
  return [...pieces, frameHead(DATA, left), new Repeated(Buffer.from([byte]), left)];
}

/** A message in pieces, in full PARTs and a last DATA. */
export function framed(pieces: readonly Piece[]): readonly Piece[] {
  const frames: Piece[] = [];
  let left = lengthOf(pieces);
  let rest = pieces;
  while (left > 0) {
    const byteLength = Math.min(left, FULL);
    const [first, ...after] = cut(rest, byteLength);
    frames.push(frameHead(left > FULL ? PART : DATA, byteLength), ...(first ?? []));
    rest = after.flat();
    left -= byteLength;
  }
  return frames;
}

/** The first so many bytes, and the others. Only single bytes are cut out of a repetition. */
function cut(pieces: readonly Piece[], byteLength: number): readonly (readonly Piece[])[] {
  const first: Piece[] = [];
  let left = byteLength;
  for (const [index, piece] of pieces.entries()) {
    const length = lengthOf([piece]);
    if (length > left) {
      const others = pieces.slice(index + 1);
      if (left === 0) return [first, [piece, ...others]];
      if (!(piece instanceof Repeated))
        return [
          [...first, piece.subarray(0, left)],
          [piece.subarray(left), ...others],
        ];
      const rest = new Repeated(piece.bytes, piece.times - left);
      return [
        [...first, new Repeated(piece.bytes, left)],
        [rest, ...others],
      ];
    }
    first.push(piece);
    left -= length;
  }
  return [first, []];
}

/** The card of Arcadia: its charter and all its certificates. */
export const arcadianCard: Buffer = cbor(map([1, arcadia.charter], [2, Object.values(arcadia.certificates)]));

/** Arcadia's recognition of Borealis. */
export const arcadianRecognition: Buffer = signMany(
  arcadia.rootKeys,
  cbor(recognitionPayload(arcadia, borealis)),
  typ('recognition'),
);

/** A hello, whose card and recognition are bytes that nobody looks into; `changes` by key. */
export function helloItem(changes: Changes = []): Entries {
  return changed(
    [
      [1, FEDERATION],
      [2, 1],
      [3, filled(0xca, 16)],
      [4, filled(0x4e, 16)],
      [5, 9],
      [6, ['fetch/1', 'ledger/1', 'query/1']],
      [7, NOW_SECONDS],
    ],
    changes,
  );
}

/** Messages of a ledger of one entry; `changes` by key. */
export const requestItem = (...changes: Changes): Entries =>
  changed(
    [
      [1, 'pull'],
      [2, 1],
      [3, sampleLedger.root(1)],
      [4, sampleLedger.receipt(1, NOW_SECONDS)],
    ],
    changes,
  );
export const headItem = (...changes: Changes): Entries =>
  changed(
    [
      [1, 1],
      [2, sampleLedger.checkpoint(1)],
      [3, []],
    ],
    changes,
  );
export const batchItem = (...changes: Changes): Entries =>
  changed(
    [
      [1, 0],
      [2, sampleLedger.checkpoint(1)],
      [3, [itemOf(numberedEntry(0))]],
    ],
    changes,
  );
export const receiptItem = (...changes: Changes): Entries =>
  changed(
    [
      [1, 1],
      [2, sampleLedger.receipt(1, NOW_SECONDS)],
    ],
    changes,
  );
