// Frames that are none, or have no place where they stand (exchange.md §3).

import { cbor, filled, map } from '../cbor-text.ts';
import type { InvalidFile } from '../vector.ts';
import {
  batchFrom,
  fetchAnswering,
  fetchAsking,
  fetched,
  helloSide,
  queryAnswering,
  queryAsking,
  question,
  recipient,
  sender,
} from './streams.ts';
import { type Case, head, hello, receipt, refusedStreams, request, withCode } from './streams-refused.ts';
import {
  DATA,
  data,
  END,
  ERROR,
  end,
  error,
  FULL,
  frame,
  frameHead,
  helloItem,
  LARGEST,
  PART,
  type Piece,
  parted,
  Repeated,
  STILL,
  still,
} from './text.ts';

const full: Piece = new Repeated(Buffer.from([0]), FULL);

export function refusedFrameFiles(): readonly InvalidFile[] {
  return [
    refusedStreams('frames', [
      ...withCode('exchange.frame-too-large', tooLarge()),
      ...withCode('exchange.frame-malformed', malformed()),
      ...withCode('exchange.message-too-large', messagesTooLarge()),
    ]),
    refusedStreams('unexpected-frames', withCode('exchange.frame-unexpected', unexpected())),
    refusedStreams('truncated-streams', withCode('exchange.truncated', truncated())),
  ];
}

function tooLarge(): readonly Case[] {
  const length = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  return [
    [
      '3.1',
      'a length of 1048577, and nothing behind it: it is judged when its four bytes are there',
      helloSide,
      [length(1_048_577)],
    ],
    ['3.1', 'a length of 4294967295', helloSide, [length(0xffff_ffff)]],
    ['3.1', 'a length without end, as a varint would be', helloSide, [new Repeated(Buffer.from([0x80]), 64)]],
    ['3.1', 'a length of 1048577 behind a good frame', sender(3), [head, length(1_048_577), filled(0)]],
  ];
}

function malformed(): readonly Case[] {
  const emptyEnd = frame(END, Buffer.alloc(0));
  return [
    ['3.1', 'a length of 0', helloSide, [Buffer.alloc(4), hello]],
    ['3.1', 'STILL with a byte in it', queryAnswering, [frame(STILL, Buffer.alloc(1)), end(0)]],
    [
      '3.2',
      'a PART that is not full',
      fetchAnswering(1),
      [frame(PART, cbor(fetched)), data(fetched), end(1)],
    ],
    [
      '3.2',
      'a PART that is one byte short',
      fetchAnswering(1),
      [
        frameHead(PART, FULL - 1),
        new Repeated(Buffer.from([0]), FULL - 1),
        frame(DATA, Buffer.alloc(1)),
        end(1),
      ],
    ],
    ['3.2', 'a PART of no bytes', fetchAnswering(1), [frame(PART, Buffer.alloc(0)), data(fetched), end(1)]],
    [
      '3.2',
      'DATA of no bytes behind a PART',
      fetchAnswering(1),
      [frameHead(PART, FULL), full, frame(DATA, Buffer.alloc(0)), end(1)],
    ],
    ['3.3', 'END without a body', queryAnswering, [emptyEnd]],
    ['3.3', 'END that is no CBOR', queryAnswering, [frame(END, Buffer.from('ff', 'hex'))]],
    ['3.3', 'END of 257 bytes', queryAnswering, [frame(END, Buffer.alloc(257))]],
    ['3.3', 'END with a key 3', queryAnswering, [frame(END, cbor(map([1, 0], [3, true])))]],
    ['3.3', 'ERROR without a body', queryAnswering, [frame(ERROR, Buffer.alloc(0))]],
    ['3.3', 'ERROR with a number as code', queryAnswering, [error(404)]],
    ['3.4', 'a recipient says that there are more receipts', recipient(), [request, end(0, true)]],
    ['3.4', 'a sender says that there are more batches', sender(9), [head, end(0, true)]],
    ['3.4', 'an answer to a fetch says that there is more', fetchAnswering(1), [data(fetched), end(1, true)]],
    ['5.2', 'ERROR with a code of 65 bytes', queryAnswering, [error('x'.repeat(65))]],
  ];
}

function messagesTooLarge(): readonly Case[] {
  return [
    [
      '3.2',
      'a message of one byte more than there may be',
      fetchAnswering(1),
      [...parted(0, LARGEST + 1), end(1)],
    ],
    [
      '3.2',
      'five PARTs, before the message has ended',
      sender(3),
      [head, ...Array.from({ length: 5 }, () => [frameHead(PART, FULL), full]).flat()],
    ],
  ];
}

function unexpected(): readonly Case[] {
  const part = [frameHead(PART, FULL), full];
  const between = (other: Buffer, what: string): Case => [
    '3.2',
    `${what} between the parts of a message`,
    sender(3),
    [head, ...part, other, data(fetched)],
  ];
  return [
    between(still, 'STILL'),
    between(end(0), 'END'),
    between(error('exchange.stopping'), 'ERROR'),
    between(frame(9, Buffer.alloc(0)), 'a frame of no kind'),
    ['3.6', 'a frame of kind 5, which does not exist', helloSide, [frame(5, cbor(helloItem()))]],
    ['3.6', 'a frame of kind 255', sender(3), [head, frame(255, Buffer.alloc(0))]],
    ['3.6', 'END instead of a hello', helloSide, [end(0)]],
    ['3.6', 'STILL instead of a hello', helloSide, [still, hello]],
    ['3.6', 'END instead of a request', recipient(), [end(0)]],
    ['3.6', 'STILL before a request', recipient(), [still, request, end(0)]],
    ['3.6', 'STILL of a recipient after its request', recipient(), [request, still, end(0)]],
    ['3.6', 'STILL before HEAD', sender(9), [still, head, end(0)]],
    ['3.6', 'END instead of HEAD', sender(9), [end(0)]],
    ['3.6', 'STILL before the request of a fetch', fetchAsking, [still, data(map([1, [0]]))]],
    ['3.6', 'END instead of the request of a fetch', fetchAsking, [end(0)]],
    ['3.6', 'STILL in the answer to a fetch', fetchAnswering(1), [still, data(fetched), end(1)]],
    ['3.6', 'STILL instead of a question', queryAsking, [still, data(question)]],
    ['3.6', 'END instead of a question', queryAsking, [end(0)]],
  ];
}

function truncated(): readonly Case[] {
  const partOf = (bytes: Buffer, byteLength: number): Buffer => bytes.subarray(0, byteLength);
  return [
    ['3.4', 'no bytes at all', helloSide, []],
    ['3.4', 'half a length', helloSide, [partOf(hello, 2)]],
    ['3.4', 'a length and nothing behind it', helloSide, [partOf(hello, 4)]],
    ['3.4', 'a hello without its last byte', helloSide, [partOf(hello, hello.length - 1)]],
    ['3.4', 'a request, and no END', recipient(), [request]],
    ['3.4', 'a receipt, and no END', recipient(3), [request, receipt(3)]],
    ['3.4', 'HEAD, and no END', sender(9), [head]],
    ['3.4', 'a batch, and no END', sender(3), [head, data(batchFrom(3, 9))]],
    ['3.4', 'STILL, and no END', sender(9), [head, still]],
    ['3.4', 'END without its last byte', sender(9), [head, partOf(end(0), end(0).length - 1)]],
    ['3.4', 'all items that were asked for, and no END', fetchAnswering(1), [data(fetched)]],
    ['3.4', 'no answer, and no END', queryAnswering, []],
    ['3.4', 'a PART and nothing behind it', sender(3), [head, frameHead(PART, FULL), full]],
  ];
}
