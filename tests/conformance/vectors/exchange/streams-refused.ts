// What one side writes on a stream, with one thing in it that its protocol does not have at that place.

import { cbor, hex, type Item, map } from '../cbor-text.ts';
import { itemOf, numberedEntry } from '../ledger/text.ts';
import type { InvalidCase, InvalidFile, Json } from '../vector.ts';
import { itemOfBytes } from './pieces.ts';
import {
  answer,
  batchFrom,
  fetchAnswering,
  fetchAsking,
  fetched,
  head9,
  helloSide,
  queryAnswering,
  queryAsking,
  recipient,
  returnAnswering,
  sender,
  witnessAnswering,
  witnessed,
} from './streams.ts';
import {
  DATA,
  data,
  end,
  FULL,
  frame,
  frameHead,
  headItem,
  helloItem,
  inPieces,
  PART,
  type Piece,
  parted,
  Repeated,
  receiptItem,
  requestItem,
  still,
} from './text.ts';

type Members = { readonly [name: string]: Json };
/** What a side writes, and the clause that refuses it. */
export type Case = readonly [clause: string, comment: string, side: Members, pieces: readonly Piece[]];

export const hello: Buffer = data(helloItem());
export const request: Buffer = data(requestItem());
export const head: Buffer = data(head9);
export const receipt = (size: number): Buffer => data(receiptItem([1, size], [2, 'x']));
const stills = (count: number): Piece => new Repeated(still, count);

export function refusedStreamFiles(): readonly InvalidFile[] {
  return [
    refusedStreams('counts-and-order', [
      ...withCode('exchange.count-mismatch', counts()),
      ...withCode('exchange.still-flood', floods()),
      ...withCode('exchange.batch-out-of-order', batches()),
      ...withCode('exchange.receipt-unexpected', receipts()),
      ...withCode('exchange.fetch-incomplete', incomplete()),
    ]),
    refusedStreams('malformed-messages', withCode('exchange.message-malformed', messages())),
    refusedStreams('hello-streams', [
      ...withCode('exchange.other-federation', federations()),
      ...withCode('exchange.other-era', eras()),
    ]),
  ];
}

export function refusedStreams(name: string, invalid: readonly InvalidCase[]): InvalidFile {
  return { topic: 'exchange', name, op: 'exchange.stream', invalid };
}

export function withCode(code: string, cases: readonly Case[]): readonly InvalidCase[] {
  return cases.map(([clause, comment, side, pieces]) => {
    const isPlain = pieces.every((piece) => piece instanceof Uint8Array);
    const bytes = isPlain ? hex(Buffer.concat(pieces as readonly Buffer[])) : inPieces(pieces);
    return { comment, in: { ...side, bytes }, code, clause };
  });
}

function counts(): readonly Case[] {
  const said = data(witnessed);
  return [
    [
      'witness 5.3',
      'a second answer of a witness where one was due',
      witnessAnswering(1),
      [said, said, end(2)],
    ],
    ['witness 5.3', 'an answer less than was due', witnessAnswering(2), [said, end(1)]],
    ['witness 5.3', 'no answer where one was due', witnessAnswering(1), [end(0)]],
    [
      '3.4',
      'END of a recipient that counts one receipt more than came',
      recipient(3, 9),
      [request, receipt(3), end(2)],
    ],
    ['3.4', 'END of a recipient that counts the request', recipient(), [request, end(1)]],
    [
      '3.4',
      'END of a sender that counts one batch less than came',
      sender(3),
      [head, data(batchFrom(3, 9)), end(0)],
    ],
    ['3.4', 'END of a sender that counts HEAD', sender(9), [head, end(1)]],
    ['3.4', 'END that counts STILL', sender(9), [head, still, end(1)]],
    [
      '3.4',
      'END that counts one batch more than was given back',
      returnAnswering(3),
      [data(batchFrom(3, 9)), end(2)],
    ],
    ['3.4', 'END that counts one item more than came', fetchAnswering(1), [data(fetched), end(2)]],
    ['3.4', 'END that counts an answer where none came', queryAnswering, [end(1)]],
    ['3.4', 'END that counts 2^53 - 1 answers', queryAnswering, [data(answer), end(Number.MAX_SAFE_INTEGER)]],
    ['8.2', 'an item more than was asked for', fetchAnswering(1), [data(fetched), data(fetched), end(2)]],
  ];
}

function floods(): readonly Case[] {
  return [
    ['3.5', 'STILL nine times at once', sender(9), [head, stills(9), end(0)]],
    [
      '3.5',
      'STILL nine times, with a batch between',
      sender(3),
      [head, stills(8), data(batchFrom(3, 9)), still, end(1)],
    ],
    ['3.5', 'STILL nine times in an answer to a question', queryAnswering, [stills(9), end(0)]],
    ['3.5', 'STILL 100000 times', queryAnswering, [stills(100_000), end(0)]],
  ];
}

function batches(): readonly Case[] {
  return [
    [
      '7.9',
      'a batch given back from 0, where it was asked from entry 3 on',
      returnAnswering(3),
      [data(batchFrom(0, 9)), end(1)],
    ],
    ['7.4', 'a batch from 0, where 3 entries are held', sender(3), [head, data(batchFrom(0, 9)), end(1)]],
    ['7.4', 'a batch that leaves one entry out', sender(3), [head, data(batchFrom(4, 9)), end(1)]],
    [
      '7.4',
      'a second batch that leaves a gap',
      sender(3),
      [head, data(batchFrom(3, 4)), data(batchFrom(5, 9)), end(2)],
    ],
    ['7.4', 'a batch twice', sender(3), [head, data(batchFrom(3, 4)), data(batchFrom(3, 4)), end(2)]],
    [
      '7.4',
      'a second batch that begins within the first',
      sender(3),
      [head, data(batchFrom(3, 8)), data(batchFrom(7, 9)), end(2)],
    ],
    [
      '7.4',
      'a first batch at 2^53 - 1',
      sender(0),
      [data(headItem()), data(batchAt(Number.MAX_SAFE_INTEGER)), end(1)],
    ],
  ];
}

const batchAt = (first: number): Item => map([1, first], [2, 'x'], [3, [itemOf(numberedEntry(0))]]);

function receipts(): readonly Case[] {
  return [
    ['7.5', 'a receipt where no batch was sent', recipient(), [request, receipt(3), end(1)]],
    ['7.5', 'a receipt for a size within the batch', recipient(3), [request, receipt(2), end(1)]],
    ['7.5', 'a receipt for more than the batch', recipient(3), [request, receipt(4), end(1)]],
    [
      '7.5',
      'a receipt for the second batch before that for the first',
      recipient(3, 9),
      [request, receipt(9), receipt(3), end(2)],
    ],
    ['7.5', 'one receipt for both batches', recipient(3, 9), [request, receipt(9), end(1)]],
    ['7.5', 'a receipt twice', recipient(3, 9), [request, receipt(3), receipt(3), end(2)]],
    ['7.5', 'a receipt for what the request says is held', recipient(3), [request, receipt(1), end(1)]],
  ];
}

function incomplete(): readonly Case[] {
  return [
    ['8.2', 'one item, where two were asked for', fetchAnswering(2), [data(fetched), end(1)]],
    ['8.2', 'no item', fetchAnswering(1), [end(0)]],
  ];
}

function messages(): readonly Case[] {
  return [
    ['3.7', 'a hello of no bytes', helloSide, [frame(DATA, Buffer.alloc(0))]],
    [
      '3.7',
      'a hello with a byte behind it, in the same frame',
      helloSide,
      [frame(DATA, Buffer.concat([cbor(helloItem()), Buffer.alloc(1)]))],
    ],
    [
      '3.7',
      'a hello in two frames of DATA',
      helloSide,
      [frame(DATA, cbor(helloItem()).subarray(0, 40)), frame(DATA, cbor(helloItem()).subarray(40))],
    ],
    ['3.7', 'a request as hello', helloSide, [request]],
    ['3.7', 'a hello as request', recipient(), [hello, end(0)]],
    ['3.7', 'a second request instead of a receipt', recipient(3), [request, request, end(1)]],
    ['3.7', 'a batch before HEAD', sender(3), [data(batchFrom(3, 9)), head, end(1)]],
    ['3.7', 'HEAD twice', sender(3), [head, head, end(1)]],
    ['3.7', 'a receipt from the sender', sender(3), [head, receipt(9), end(1)]],
    ['3.7', 'an answer to a question in the answer to a fetch', fetchAnswering(1), [data(answer), end(1)]],
    ['3.7', 'an item in the answer to a question', queryAnswering, [data(fetched), end(1)]],
    ['3.7', 'a request for no entries', fetchAsking, [data(map([1, []]))]],
    ['3.7', 'a question of no bytes', queryAsking, [data(map([1, Buffer.alloc(0)]))]],
    [
      '3.7',
      'a message that is longer than a hello can be, in two frames',
      helloSide,
      [...parted(0, FULL + 1)],
    ],
    [
      '3.7',
      'an item with a byte behind it, in PART and DATA',
      fetchAnswering(1),
      [frameHead(PART, FULL), ...cutItem(), frame(DATA, Buffer.alloc(1)), end(1)],
    ],
  ];
}

/** The first bytes of a long item, as many as a PART holds. */
function cutItem(): readonly Piece[] {
  const [first, ...rest] = itemOfBytes(FULL);
  return [first as Piece, ...rest];
}

function federations(): readonly Case[] {
  return [
    ['6.3', 'a hello of another federation', helloSide, [data(helloItem([[1, 'other']]))]],
    ['6.3', 'the name of the federation in capitals', helloSide, [data(helloItem([[1, 'SAMPLE']]))]],
    [
      '6.3',
      'the name of the federation with a zero byte behind it',
      { ...helloSide, side: 'answering' },
      [data(helloItem([[1, 'sample\0']]))],
    ],
  ];
}

function eras(): readonly Case[] {
  return [
    ['6.3', 'a hello of the era before', helloSide, [data(helloItem([[2, 0]]))]],
    ['6.3', 'a hello of the next era', { ...helloSide, side: 'answering' }, [data(helloItem([[2, 2]]))]],
  ];
}
