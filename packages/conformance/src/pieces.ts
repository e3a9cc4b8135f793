import { concatBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import { Input, isObject } from './input.ts';
import type { Json } from './operation.ts';

/** exchange.md §10.1: all pieces together. */
const MAX_BYTES = 16_777_216;
const MAX_TIMES = 8_388_608;
/** exchange.md §10.1. */
const MAX_PIECES = 1_024;

/**
 * Hex, or pieces of which each may stand for many repetitions: a message of 4 MiB is a line of a few characters.
 *
 * @throws Fault `conformance.bad-input`
 */
export function bytesIn(input: Input, name: string): Uint8Array {
  if (typeof input.json(name) === 'string') return within(input.hex(name), name);
  let byteLength = 0;
  const list = input.list(name);
  if (list.length > MAX_PIECES) throw new Fault('conformance.bad-input', `in.${name} has too many pieces`);
  const pieces = list.map((piece): Uint8Array => {
    const bytes = pieceOf(piece, MAX_BYTES - byteLength, name);
    byteLength += bytes.length;
    return bytes;
  });
  return concatBytes(...pieces);
}

function pieceOf(piece: Json, room: number, name: string): Uint8Array {
  const repeated = new Input(isObject(piece) ? piece : { hex: piece, times: 1 }, `in.${name}[]`);
  const bytes = repeated.hex('hex');
  const times = repeated.natural('times');
  repeated.assertRead();
  if (times < 1 || times > MAX_TIMES || bytes.length * times > room) throw tooMany(name);
  const out = new Uint8Array(bytes.length * times);
  out.set(bytes.subarray(0, out.length));
  // What is there already doubles each time: a byte that stands a million times is no million copies.
  for (let filled = bytes.length; filled < out.length && filled > 0; filled *= 2)
    out.copyWithin(filled, 0, filled);
  return out;
}

function within(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length > MAX_BYTES) throw tooMany(name);
  return bytes;
}

function tooMany(name: string): Fault {
  return new Fault('conformance.bad-input', `in.${name} are too many bytes`);
}
