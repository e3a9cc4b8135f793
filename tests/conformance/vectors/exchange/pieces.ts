// Messages that are written in pieces (exchange.md 10.1): those at a limit that is large, and those that no CBOR writer makes.

import { cbor, filled, hex, type Item, map, sha256 } from '../cbor-text.ts';
import { itemOf, numberedEntry, sampleLedger } from '../ledger/text.ts';
import type { InvalidCase, InvalidFile, ValidCase, ValidFile } from '../vector.ts';
import { clauseOfMessage } from './messages-refused.ts';
import { inPieces, LARGEST, lengthOf, type Piece, Repeated, whole } from './text.ts';

const MOST = Number.MAX_SAFE_INTEGER;
const bare = itemOf(numberedEntry(0));
const receipt = cbor(map([1, 1], [2, sampleLedger.receipt(1, 1)]));

/** Head of a byte string of so many bytes, and the bytes. */
export function byteString(byteLength: number): readonly Piece[] {
  const encoded = cbor(Buffer.alloc(byteLength));
  return [encoded.subarray(0, encoded.length - byteLength), new Repeated(Buffer.from([0]), byteLength)];
}

/** A batch of these items, each so many times, in pieces. */
export function batchOf(items: readonly (readonly [Item, number])[]): readonly Piece[] {
  const count = items.reduce((sum, [, times]) => sum + times, 0);
  const around = cbor(map([1, 0], [2, 'x'], [3, Array.from({ length: count }, () => 0)]));
  return [
    around.subarray(0, around.length - count),
    ...items.map(([item, times]) => new Repeated(cbor(item), times)),
  ];
}

/** An item of a fetch with a record and disclosures of 65536 bytes, filled up so that it has so many bytes. */
export function itemOfBytes(byteLength: number): readonly Piece[] {
  const full = byteString(65_536);
  const count = Math.floor(byteLength / lengthOf(full)) - 1;
  const start = [
    Buffer.from('83', 'hex'),
    cbor(numberedEntry(0)),
    ...full,
    cbor(Array(count + 1).fill(0)).subarray(0, -count - 1),
  ];
  const most = Array.from({ length: count }, () => full).flat();
  const left = byteLength - lengthOf(start) - lengthOf(most);
  return [...start, ...most, ...byteString(left - headBytes(left))];
}

const headBytes = (left: number): number => (left <= 24 ? 1 : left <= 257 ? 2 : left <= 65_538 ? 3 : 5);

export const smallParts = (count: number): Item => [numberedEntry(0), null, Array(count).fill(filled(0, 1))];

export function largeMessages(): ValidFile {
  const cases: readonly (readonly [string, string, readonly Piece[]])[] = [
    ['hello', 'card of 262144 bytes, recognition of 65536', helloInPieces(262_144, 65_536)],
    ['ledger-batch', '4096 items', batchOf([[bare, 4096]])],
    [
      'ledger-batch',
      '262144 data items, in 509 items with the smallest disclosures',
      batchOf([
        [smallParts(512), 508],
        [smallParts(5), 1],
      ]),
    ],
    [
      'ledger-batch',
      'entry, record and a disclosure of 65536 bytes',
      [
        ...batchOf([[[], 1]]).slice(0, 1),
        Buffer.from('83', 'hex'),
        ...byteString(65_536),
        ...byteString(65_536),
        Buffer.from('81', 'hex'),
        ...byteString(65_536),
      ],
    ],
    ['fetch-item', 'as long as a message can be: 4259840 bytes', itemOfBytes(LARGEST)],
    [
      'fetch-request',
      '1024 indexes of 9 bytes',
      [Buffer.from('a101990400', 'hex'), new Repeated(cbor(MOST), 1024)],
    ],
    ['query-request', 'a question of 65536 bytes', [Buffer.from('a101', 'hex'), ...byteString(65_536)]],
  ];
  const valid = cases.map(
    ([message, comment, pieces]): ValidCase => ({
      comment: `${message}: ${comment}`,
      in: { message, bytes: inPieces(pieces) },
      out: { digest: hex(sha256(whole(pieces))) },
    }),
  );
  return { topic: 'exchange', name: 'in-pieces', op: 'exchange.message', valid };
}

/** A hello whose card and recognition have so many bytes. */
export function helloInPieces(cardBytes: number, recognitionBytes: number): readonly Piece[] {
  return [
    Buffer.from('a70161730201', 'hex'),
    Buffer.from('03', 'hex'),
    ...byteString(cardBytes),
    Buffer.from('04', 'hex'),
    ...byteString(recognitionBytes),
    Buffer.from('050006800700', 'hex'),
  ];
}

export function refusedInPieces(): InvalidFile {
  const large = (cut: readonly Piece[]): readonly Piece[] => [
    ...batchOf([[[], 1]]).slice(0, 1),
    Buffer.from('83', 'hex'),
    ...cut,
  ];
  const byte = byteString(1);
  const cases: readonly (readonly [string, string, readonly Piece[]])[] = [
    ['hello', 'card of 262145 bytes', helloInPieces(262_145, 65_536)],
    ['hello', 'recognition of 65537 bytes', helloInPieces(262_144, 65_537)],
    ['ledger-batch', '4097 items', batchOf([[bare, 4097]])],
    [
      'ledger-batch',
      '262145 data items',
      batchOf([
        [smallParts(512), 508],
        [smallParts(6), 1],
      ]),
    ],
    [
      'ledger-batch',
      'an entry of 65537 bytes',
      large([...byteString(65_537), ...byte, Buffer.from('80', 'hex')]),
    ],
    [
      'ledger-batch',
      'a record of 65537 bytes',
      large([...byte, ...byteString(65_537), Buffer.from('80', 'hex')]),
    ],
    [
      'ledger-batch',
      'a disclosure of 65537 bytes',
      large([...byte, ...byte, Buffer.from('81', 'hex'), ...byteString(65_537)]),
    ],
    ['fetch-item', 'one byte more than a message can have', itemOfBytes(LARGEST + 1)],
    ['query-request', 'a question of 65537 bytes', [Buffer.from('a101', 'hex'), ...byteString(65_537)]],
    ['ledger-receipt', 'bytes behind the message', [receipt, new Repeated(Buffer.from([0]), 1)]],
    ['ledger-receipt', 'no bytes at all', []],
    ['ledger-receipt', 'cut off after 40 bytes', [receipt.subarray(0, 40)]],
    ['ledger-receipt', 'size 1 in two bytes', [Buffer.from('a2011801', 'hex'), receipt.subarray(3)]],
    [
      'ledger-receipt',
      'a map of indefinite length',
      [Buffer.from('bf', 'hex'), receipt.subarray(1), Buffer.from('ff', 'hex')],
    ],
    ['ledger-receipt', 'a line that is no UTF-8', [Buffer.from('a201010261ff', 'hex')]],
  ];
  return {
    topic: 'exchange',
    name: 'in-pieces',
    op: 'exchange.message',
    invalid: cases.map(
      ([message, comment, pieces]): InvalidCase => ({
        comment: `${message}: ${comment}`,
        in: { message, bytes: inPieces(pieces) },
        code: 'exchange.message-malformed',
        clause: clauseOfMessage(message, comment),
      }),
    ),
  };
}
