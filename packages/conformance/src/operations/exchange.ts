import { concatBytes, sha256Hex, toHex } from '@comity/digest';
import {
  MESSAGE_NAMES,
  type MessageName,
  type RecordedSide,
  reencodeMessage,
  replayStream,
} from '@comity/exchange';
import { Fault } from '@comity/fault';
import { Input, isObject } from '../input.ts';
import type { Json, Operations } from '../operation.ts';

/** exchange.md §10.1: all pieces together. */
const MAX_BYTES = 16_777_216;
const MAX_TIMES = 8_388_608;
/** exchange.md §10.1. */
const MAX_PIECES = 1_024;

/** exchange.md §10. */
export const exchangeOperations: Operations = {
  'exchange.message': (input) => {
    const name = nameIn(input);
    const reencoded = reencodeMessage(name, bytesIn(input));
    return typeof input.json('bytes') === 'string'
      ? { reencoded: toHex(reencoded) }
      : { digest: sha256Hex(reencoded) };
  },

  'exchange.stream': async (input) => {
    const side = sideIn(input);
    const { messages, refused, more } = await replayStream(side, bytesIn(input));
    return { messages, ...(refused !== undefined && { refused }), ...(more === true && { more }) };
  },
};

function nameIn(input: Input): MessageName {
  const text = input.text('message');
  const name = MESSAGE_NAMES.find((each) => each === text);
  if (name === undefined) throw new Fault('conformance.bad-input', 'in.message is no rule of a message');
  return name;
}

/** Hex, or pieces of which each may stand for many repetitions: a message of 4 MiB is a line of a few characters. */
function bytesIn(input: Input): Uint8Array {
  if (typeof input.json('bytes') === 'string') return within(input.hex('bytes'));
  let byteLength = 0;
  const list = input.list('bytes');
  if (list.length > MAX_PIECES) throw new Fault('conformance.bad-input', 'in.bytes has too many pieces');
  const pieces = list.map((piece): Uint8Array => {
    const bytes = pieceOf(piece, MAX_BYTES - byteLength);
    byteLength += bytes.length;
    return bytes;
  });
  return concatBytes(...pieces);
}

function pieceOf(piece: Json, room: number): Uint8Array {
  const repeated = new Input(isObject(piece) ? piece : { hex: piece, times: 1 }, 'in.bytes[]');
  const bytes = repeated.hex('hex');
  const times = repeated.natural('times');
  repeated.assertRead();
  if (times < 1 || times > MAX_TIMES || bytes.length * times > room)
    throw new Fault('conformance.bad-input', 'in.bytes are too many');
  const out = new Uint8Array(bytes.length * times);
  out.set(bytes.subarray(0, out.length));
  // What is there already doubles each time: a byte that stands a million times is no million copies.
  for (let filled = bytes.length; filled < out.length && filled > 0; filled *= 2)
    out.copyWithin(filled, 0, filled);
  return out;
}

function within(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_BYTES) throw new Fault('conformance.bad-input', 'in.bytes are too many');
  return bytes;
}

/** @throws Fault conformance.bad-input */
function ascending(input: Input, name: string): number[] {
  const ends = input.naturals(name);
  if (ends.some((end, index) => index > 0 && end <= (ends[index - 1] as number)))
    throw new Fault('conformance.bad-input', `in.${name} does not ascend`);
  return ends;
}

function sideIn(input: Input): RecordedSide {
  const protocol = input.text('protocol');
  const side = input.text('side');
  if (side !== 'asking' && side !== 'answering')
    throw new Fault('conformance.bad-input', 'in.side is no side of a stream');
  if (protocol === 'hello')
    return { protocol, federation: input.text('federation'), era: input.natural('era') };
  if (protocol === 'query') return { protocol, side };
  if (protocol === 'fetch')
    return side === 'asking'
      ? { protocol, side }
      : { protocol, side, askedCount: input.natural('askedCount') };
  if (protocol === 'ledger')
    return side === 'asking'
      ? { protocol, side, batchEnds: ascending(input, 'batchEnds') }
      : { protocol, side, heldSize: input.natural('heldSize') };
  throw new Fault('conformance.bad-input', 'in.protocol is no protocol');
}
