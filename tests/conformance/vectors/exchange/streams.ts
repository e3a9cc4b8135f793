// What one side writes on a stream, as it should (exchange.md §3, §5 to §8).

import { cbor, filled, hex, type Item, map, sha256 } from '../cbor-text.ts';
import { entryItem, exampleLedger, itemOf, numberedEntry, sampleLedger } from '../ledger/text.ts';
import { FEDERATION } from '../log/text.ts';
import { hospitalsNorm } from '../record/samples.ts';
import { arcadia } from '../states.ts';
import type { Json, ValidCase, ValidFile } from '../vector.ts';
import { itemOfBytes } from './pieces.ts';
import {
  batchItem,
  data,
  end,
  FULL,
  framed,
  headItem,
  helloItem,
  inPieces,
  LARGEST,
  type Piece,
  receiptItem,
  requestItem,
  still,
} from './text.ts';

type Members = { readonly [name: string]: Json };

export const helloSide: Members = { protocol: 'hello', side: 'asking', federation: FEDERATION, era: 1 };
export const recipient = (...batchEnds: readonly number[]): Members => ({
  protocol: 'ledger',
  side: 'asking',
  batchEnds,
});
export const sender = (heldSize: number): Members => ({ protocol: 'ledger', side: 'answering', heldSize });
export const returnAsking: Members = { protocol: 'return', side: 'asking' };
export const returnAnswering = (heldSize: number): Members => ({
  protocol: 'return',
  side: 'answering',
  heldSize,
});
export const fetchAsking: Members = { protocol: 'fetch', side: 'asking' };
export const fetchAnswering = (askedCount: number): Members => ({
  protocol: 'fetch',
  side: 'answering',
  askedCount,
});
export const witnessAsking: Members = { protocol: 'witness', side: 'asking' };
export const witnessAnswering = (askedCount: number): Members => ({
  protocol: 'witness',
  side: 'answering',
  askedCount,
});
export const queryAsking: Members = { protocol: 'query', side: 'asking' };
export const queryAnswering: Members = { protocol: 'query', side: 'answering' };

/** A batch of the sample ledger, from one index to another. */
export const batchFrom = (first: number, next: number): Item =>
  batchItem(
    [1, first],
    [2, sampleLedger.checkpoint(next)],
    [3, sampleLedger.entries.slice(first, next).map((entry) => itemOf(entry))],
  );

const norm = hospitalsNorm(arcadia);
export const fetched: Item = itemOf(
  numberedEntry(0),
  norm.message,
  norm.parts.map(({ bytes }) => bytes),
);
export const question: Item = map([1, filled(0x07, 40)]);
export const answer: Item = [norm.message, norm.parts.map(({ bytes }) => bytes)];
export const head9: Item = headItem([1, 9], [2, sampleLedger.checkpoint(9)], [3, sampleLedger.proof(3, 9)]);

export function says(comment: string, side: Members, frames: readonly Uint8Array[], out: Members): ValidCase {
  return { comment, in: { ...side, bytes: hex(Buffer.concat(frames)) }, out };
}

function saysInPieces(comment: string, side: Members, pieces: readonly Piece[], out: Members): ValidCase {
  return { comment, in: { ...side, bytes: inPieces(pieces) }, out };
}

export function streamFiles(): readonly ValidFile[] {
  return [
    streams('hello-streams', hellos()),
    streams('ledger-streams', [...recipients(), ...senders()]),
    streams('return-streams', returns()),
    streams('fetch-and-query-streams', answers()),
    streams('witness-streams', witnesses()),
    streams('parts', parts()),
  ];
}

export function streams(name: string, valid: readonly ValidCase[]): ValidFile {
  return { topic: 'exchange', name, op: 'exchange.stream', valid };
}

function hellos(): readonly ValidCase[] {
  const hello = data(helloItem());
  return [
    says('a hello', helloSide, [hello], { messages: 1 }),
    says('the hello that answers it', { ...helloSide, side: 'answering' }, [hello], { messages: 1 }),
    says(
      'a hello of another federation and era, where these are the reader\u2019s own',
      { ...helloSide, federation: 'other', era: 65_535 },
      [
        data(
          helloItem([
            [1, 'other'],
            [2, 65_535],
          ]),
        ),
      ],
      { messages: 1 },
    ),
    says('an END behind a hello, which has none, and is not read', helloSide, [hello, end(1)], {
      messages: 1,
    }),
    says('bytes behind a hello that are no frame, and not read', helloSide, [hello, filled(0xff)], {
      messages: 1,
    }),
  ];
}

function recipients(): readonly ValidCase[] {
  const request = data(requestItem());
  const receipt = (size: number): Buffer => data(receiptItem([1, size], [2, sampleLedger.receipt(size, 1)]));
  return [
    says(
      'the recipient of the worked example',
      recipient(1),
      [
        data(map([1, 'pull'], [2, 0], [3, sha256()])),
        data(map([1, 1], [2, exampleLedger.receipt(1, 1_795_514_402)])),
        end(1),
      ],
      { messages: 2 },
    ),
    says('a recipient that was sent no batch', recipient(), [request, end(0)], { messages: 1 }),
    says('a recipient that asks for the head alone', recipient(), [data(requestItem([1, 'head'])), end(0)], {
      messages: 1,
    }),
    says('a receipt', recipient(3), [request, receipt(3), end(1)], { messages: 2 }),
    says(
      'a receipt for each of three batches',
      recipient(3, 4, 9),
      [request, receipt(3), receipt(4), receipt(9), end(3)],
      { messages: 4 },
    ),
    says(
      'END after the first of two receipts, by one that wants no more',
      recipient(3, 9),
      [request, receipt(3), end(1)],
      { messages: 2 },
    ),
    says(
      'a receipt whose line says nothing: it is not verified here',
      recipient(3),
      [request, data(receiptItem([1, 3], [2, 'x'])), end(1)],
      { messages: 2 },
    ),
  ];
}

function senders(): readonly ValidCase[] {
  const example = exampleLedger.checkpoint(1);
  const head = data(head9);
  const two = [data(batchFrom(3, 4)), data(batchFrom(4, 9))];
  const stills = (count: number): readonly Buffer[] => Array.from({ length: count }, () => still);
  return [
    says(
      'the sender of the worked example',
      sender(0),
      [
        data(map([1, 1], [2, example], [3, []])),
        data(map([1, 0], [2, example], [3, [itemOf(cbor(entryItem()))]])),
        end(1),
      ],
      { messages: 2 },
    ),
    says('HEAD and nothing else', sender(9), [head, end(0)], { messages: 1 }),
    says('one batch', sender(3), [head, data(batchFrom(3, 9)), end(1)], { messages: 2 }),
    says('two batches, one after the other', sender(3), [head, ...two, end(2)], { messages: 3 }),
    says(
      'a batch that goes beyond HEAD, as the ledger has grown',
      sender(3),
      [data(headItem([1, 4])), ...two, end(2)],
      { messages: 3 },
    ),
    says('a batch that does not reach HEAD', sender(3), [head, data(batchFrom(3, 4)), end(1)], {
      messages: 2,
    }),
    says(
      'STILL after HEAD, between batches and before END',
      sender(3),
      [head, still, data(batchFrom(3, 4)), still, data(batchFrom(4, 9)), still, end(2)],
      { messages: 3 },
    ),
    says('8 times STILL at once', sender(3), [head, ...stills(8), data(batchFrom(3, 9)), end(1)], {
      messages: 2,
    }),
    says('STILL after END, which is not read', sender(9), [head, end(0), still], { messages: 1 }),
    says('a batch after END, which is not read', sender(3), [head, end(0), ...two], { messages: 1 }),
    says(
      'HEAD that is smaller than what was asked from: the evidence of the recipient',
      sender(100),
      [head, end(0)],
      { messages: 1 },
    ),
  ];
}

function returns(): readonly ValidCase[] {
  return [
    says('a request for what is held beyond 3 entries', returnAsking, [data(map([1, 3]))], { messages: 1 }),
    says('nothing is held beyond that', returnAnswering(3), [end(0)], { messages: 0 }),
    says(
      'two batches, each to a checkpoint of its own',
      returnAnswering(3),
      [data(batchFrom(3, 5)), data(batchFrom(5, 9)), end(2)],
      { messages: 2 },
    ),
  ];
}

function answers(): readonly ValidCase[] {
  return [
    says('a request for entries', fetchAsking, [data(map([1, [4, 2]]))], { messages: 1 }),
    says(
      'an item for each of two indexes, one of them bare',
      fetchAnswering(2),
      [data(fetched), data(itemOf(numberedEntry(1))), end(2)],
      { messages: 2 },
    ),
    says('a question', queryAsking, [data(question)], { messages: 1 }),
    says('no answer', queryAnswering, [end(0)], { messages: 0 }),
    says('two answers', queryAnswering, [data(answer), data(answer), end(2)], { messages: 2 }),
    says('an answer, and there is more', queryAnswering, [data(answer), end(1, true)], {
      messages: 1,
      more: true,
    }),
    says(
      'STILL before each answer and before END',
      queryAnswering,
      [still, still, data(answer), still, end(1)],
      { messages: 1 },
    ),
    says('8 times STILL before END', queryAnswering, [...Array.from({ length: 8 }, () => still), end(0)], {
      messages: 0,
    }),
  ];
}

/** Messages around the length of a frame, and as long as one can be. */
function parts(): readonly ValidCase[] {
  const oneItem = fetchAnswering(1);
  const lengths: readonly (readonly [number, string])[] = [
    [FULL, 'one DATA as long as a frame can be'],
    [FULL + 1, 'a PART, and one byte in DATA'],
    [2 * FULL, 'a PART, and DATA that is as long'],
    [LARGEST, 'four PARTs and DATA, which have the length of the longest message'],
  ];
  return [
    ...lengths.map(([byteLength, comment]) =>
      saysInPieces(comment, oneItem, [...framed(itemOfBytes(byteLength)), end(1)], { messages: 1 }),
    ),
    saysInPieces(
      'a long item between short ones',
      fetchAnswering(3),
      [data(fetched), ...framed(itemOfBytes(FULL + 1)), data(fetched), end(3)],
      { messages: 3 },
    ),
  ];
}

export const witnessed: Item = map([1, 200], [2, 'x']);

function witnesses(): readonly ValidCase[] {
  return [
    says('a request', witnessAsking, [data(map([1, 'add'], [2, ['x']]))], { messages: 1 }),
    says('one answer', witnessAnswering(1), [data(witnessed), end(1)], { messages: 1 }),
    says('three answers', witnessAnswering(3), [data(witnessed), data(witnessed), data(witnessed), end(3)], {
      messages: 3,
    }),
    says('no answer, as nothing was asked', witnessAnswering(0), [end(0)], { messages: 0 }),
  ];
}
