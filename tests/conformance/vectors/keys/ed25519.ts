// What the one verification rule (keys.md §2) accepts.

import { keyPair } from '../signing.ts';
import type { ValidCase } from '../vector.ts';
import { add, BASE, encode } from './edwards.ts';
import {
  eighth,
  KEY,
  MESSAGE,
  MIXED_KEY,
  messageWhere,
  ORDER_2,
  R,
  RFC_8032,
  SECRET,
  solve,
  type Triple,
  triple,
} from './forgery.ts';

export function acceptedSignatures(): readonly ValidCase[] {
  const ofSeed = keyPair(0x07);
  const long = Buffer.alloc(1023, 0x5a);
  const key = encode(KEY);
  const mixed = encode(MIXED_KEY);
  const r = encode(R);
  const multiple = messageWhere(r, mixed, eighth);
  // Of R the part of small order that -k times that of the key leaves.
  const mixedR = encode(add(R, ORDER_2));
  const cancelling = messageWhere(mixedR, mixed, (k) => k % 8n === 4n);
  return [
    ...RFC_8032.map(([publicKey, message, signature], place) => ({
      comment: `RFC 8032 §7.1, ${['TEST 1', 'TEST 2', 'TEST 3', 'TEST SHA(abc)'][place]}`,
      in: { publicKey, message, signature },
      out: {},
    })),
    accepted('key of a seed, message of 1023 bytes', triple(ofSeed.publicKey, long, ofSeed.sign(long))),
    accepted('key and nonce from plain numbers', triple(key, MESSAGE, solve(r, key, MESSAGE))),
    accepted(
      'nonce 1: R is the base point',
      triple(key, MESSAGE, solve(encode(BASE), key, MESSAGE, SECRET, 1n)),
    ),
    accepted(
      'secret scalar 1: the key is the base point',
      triple(encode(BASE), MESSAGE, solve(r, encode(BASE), MESSAGE, 1n)),
    ),
    accepted(
      'key with a component of order 8, which k, a multiple of 8, takes out of the equation: enrolment, not verification, refuses this key',
      triple(mixed, multiple, solve(r, mixed, multiple)),
    ),
    accepted(
      'key with a component of order 8, R with one of order 2, k = 4 modulo 8: the components cancel',
      triple(mixed, cancelling, solve(mixedR, mixed, cancelling)),
    ),
  ];
}

function accepted(comment: string, input: Triple): ValidCase {
  return { comment, in: input, out: {} };
}
