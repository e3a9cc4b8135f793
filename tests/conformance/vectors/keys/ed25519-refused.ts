// What each condition of the one verification rule (keys.md §2) refuses.

import { createHash } from 'node:crypto';
import { hex } from '../cbor-text.ts';
import type { InvalidCase } from '../vector.ts';
import { add, challenge, encode, L, littleEndian, P, SIGN, SMALL_ORDER } from './edwards.ts';
import {
  eighth,
  KEY,
  MESSAGE,
  MIXED_KEY,
  messageWhere,
  NONCE,
  NOT_CANONICAL,
  R,
  RFC_8032,
  SECRET,
  SMALL_ORDER_ENCODINGS,
  solve,
  type Triple,
  triple,
} from './forgery.ts';

export function refusedSignatures(): readonly InvalidCase[] {
  const key = encode(KEY);
  const r = encode(R);
  const good = solve(r, key, MESSAGE);
  const belowP = littleEndian(P - 3n);
  const s = BigInt(`0x${Buffer.from(good.subarray(32)).reverse().toString('hex')}`);
  const withS = (value: bigint): Triple => triple(key, MESSAGE, Buffer.concat([r, littleEndian(value)]));
  return [
    refused('public-key-length', '2.1', 'the key left empty', triple(Buffer.alloc(0), MESSAGE, good)),
    refused(
      'public-key-length',
      '2.1',
      'last byte of the key taken off',
      triple(key.subarray(0, 31), MESSAGE, good),
    ),
    refused(
      'public-key-length',
      '2.1',
      'one byte behind the key',
      triple(Buffer.concat([key, Buffer.alloc(1)]), MESSAGE, good),
    ),
    refused('signature-length', '2.1', 'the signature left empty', triple(key, MESSAGE, Buffer.alloc(0))),
    refused('signature-length', '2.1', 'last byte taken off', triple(key, MESSAGE, good.subarray(0, 63))),
    refused(
      'signature-length',
      '2.1',
      'one byte behind it',
      triple(key, MESSAGE, Buffer.concat([good, Buffer.alloc(1)])),
    ),
    refused(
      'signature-length',
      '2.1',
      'the signature twice',
      triple(key, MESSAGE, Buffer.concat([good, good])),
    ),
    refused('s-not-reduced', '2.2', 'L added to S of a good signature', withS(s + L)),
    refused('s-not-reduced', '2.2', '2 L added to S of a good signature', withS(s + 2n * L)),
    refused('s-not-reduced', '2.2', 'S = L, the smallest that is not reduced', withS(L)),
    refused('s-not-reduced', '2.2', 'S = L + 1, which is 1 modulo L', withS(L + 1n)),
    refused('s-not-reduced', '2.2', 'S = 2^253, above L', withS(2n ** 253n)),
    refused('s-not-reduced', '2.2', 'S = 2^256 - 1', withS(2n ** 256n - 1n)),
    refused('s-not-reduced', '2.2', 'top bit of S set, which some mask', withS(s + SIGN)),
    refused('bad-signature', '2.5', 'S = L - 1, which is reduced: the equation refuses it', withS(L - 1n)),
    refused('bad-signature', '2.5', 'S = 2^252, which is below L', withS(2n ** 252n)),
    refused('bad-signature', '2.5', 'S = 0, which is reduced', withS(0n)),
    refused('bad-signature', '2.5', 'S of a good signature less 1', withS(s - 1n)),
    refused(
      'bad-signature',
      '2.5',
      'key with y = p - 3, which is canonical',
      triple(belowP, MESSAGE, solve(r, belowP, MESSAGE)),
    ),
    refused(
      'bad-signature',
      '2.5',
      'R with y = p - 3, which is canonical',
      triple(key, MESSAGE, solve(belowP, key, MESSAGE)),
    ),
    ...smallOrder(),
    ...notCanonical(),
    ...equation(key, r, good),
    ...orderOfChecks(key, r, good),
  ];
}

/** Each encoding as key, under which the equation alone holds, and as R, under which it holds with the cofactor. */
function smallOrder(): InvalidCase[] {
  const r = encode(R);
  const key = encode(KEY);
  return SMALL_ORDER_ENCODINGS.flatMap((small) => {
    const message = messageWhere(r, small, eighth);
    return [
      refused(
        'public-key-small-order',
        '2.3',
        `key ${hex(small)}, for which the equation holds with S = r, because 8 divides k`,
        triple(small, message, solve(r, small, message, 0n)),
      ),
      refused(
        'r-small-order',
        '2.3',
        `R ${hex(small)}, for which the equation holds times 8 with S = k times the secret scalar`,
        triple(key, MESSAGE, solve(small, key, MESSAGE, SECRET, 0n)),
      ),
    ];
  });
}

function notCanonical(): InvalidCase[] {
  const r = encode(R);
  const key = encode(KEY);
  return NOT_CANONICAL.flatMap((encoding) => [
    refused(
      'public-key-not-canonical',
      '2.4',
      `key ${hex(encoding)}`,
      triple(encoding, MESSAGE, solve(r, encoding, MESSAGE)),
    ),
    refused(
      'r-not-canonical',
      '2.4',
      `R ${hex(encoding)}`,
      triple(key, MESSAGE, solve(encoding, key, MESSAGE)),
    ),
  ]);
}

function equation(key: Buffer, r: Buffer, good: Buffer): InvalidCase[] {
  const bad = (comment: string, input: Triple): InvalidCase =>
    refused('bad-signature', '2.5', comment, input);
  const [publicKey, message, signature] = RFC_8032[1];
  const mixed = encode(MIXED_KEY);
  const oddMessage = messageWhere(r, mixed, (k) => k % 8n !== 0n);
  const offCurve = littleEndian(2n);
  const prehashed = createHash('sha512').update(MESSAGE).digest();
  return [
    bad('RFC 8032 §7.1 TEST 2 with another message', { publicKey, message: `${message}00`, signature }),
    bad('RFC 8032 §7.1 TEST 2 with the signature of TEST 3', {
      publicKey,
      message,
      signature: RFC_8032[2][2],
    }),
    bad('first bit of R turned', triple(key, MESSAGE, turned(good, 0))),
    bad('sign of x in R turned', triple(key, MESSAGE, turned(good, 255))),
    bad('first bit of S turned', triple(key, MESSAGE, turned(good, 256))),
    bad('sign of x in the key turned', triple(turned(key, 255), MESSAGE, good)),
    bad(
      'a key that is no point of the curve (y = 2)',
      triple(offCurve, MESSAGE, solve(r, offCurve, MESSAGE)),
    ),
    bad('R that is no point of the curve (y = 2)', triple(key, MESSAGE, solve(offCurve, key, MESSAGE))),
    ...SMALL_ORDER.slice(1).map((small, place) => {
      const mixedR = encode(add(R, small));
      return bad(
        `R with a component of small order, ${place + 1} T: the equation holds only times 8`,
        triple(key, MESSAGE, solve(mixedR, key, MESSAGE)),
      );
    }),
    bad(
      'key with a component of order 8, and k not a multiple of 8: the equation holds only times 8',
      triple(mixed, oddMessage, solve(r, mixed, oddMessage)),
    ),
    bad(
      'good as Ed25519ph (RFC 8032 §5.1), which hashes the message first',
      triple(key, MESSAGE, variant(key, r, dom2(1, ''), prehashed)),
    ),
    bad(
      'good as Ed25519ctx (RFC 8032 §5.1) with the context "comity"',
      triple(key, MESSAGE, variant(key, r, dom2(0, 'comity'), MESSAGE)),
    ),
  ];
}

/** Two conditions are broken in each: 2.6 says which of them gives the code. */
function orderOfChecks(key: Buffer, r: Buffer, good: Buffer): InvalidCase[] {
  const [small, otherSmall] = SMALL_ORDER_ENCODINGS as readonly [Buffer, Buffer];
  const [noncanonical] = NOT_CANONICAL as readonly [Buffer];
  const short = good.subarray(0, 63);
  const signature = (point: Buffer, s: bigint): Buffer => Buffer.concat([point, littleEndian(s)]);
  const first = (code: string, clause: string, comment: string, input: Triple): InvalidCase =>
    refused(code, clause, `order of checks: ${comment}`, input);
  return [
    first('public-key-length', '2.1', 'key and signature short', triple(key.subarray(1), MESSAGE, short)),
    first('signature-length', '2.1', 'signature short, key of small order', triple(small, MESSAGE, short)),
    first('s-not-reduced', '2.2', 'S = L, key of small order', triple(small, MESSAGE, signature(r, L))),
    first('s-not-reduced', '2.2', 'S = L, R of small order', triple(key, MESSAGE, signature(small, L))),
    first(
      'public-key-small-order',
      '2.3',
      'key and R of small order',
      triple(small, MESSAGE, signature(otherSmall, 1n)),
    ),
    first(
      'public-key-small-order',
      '2.3',
      'key of small order, R not canonical',
      triple(small, MESSAGE, signature(noncanonical, 1n)),
    ),
    first(
      'public-key-not-canonical',
      '2.4',
      'key not canonical, R of small order',
      triple(noncanonical, MESSAGE, signature(small, 1n)),
    ),
    first(
      'public-key-not-canonical',
      '2.4',
      'key and R not canonical',
      triple(noncanonical, MESSAGE, signature(noncanonical, 1n)),
    ),
  ];
}

/** A signature of one of the variants, over what is hashed there in place of the message. */
function variant(key: Buffer, r: Buffer, prefix: Buffer, hashed: Buffer): Buffer {
  return Buffer.concat([r, littleEndian((NONCE + challenge(r, key, hashed, prefix) * SECRET) % L)]);
}

/** RFC 8032 §2. */
function dom2(flag: number, context: string): Buffer {
  return Buffer.from(
    `SigEd25519 no Ed25519 collisions${String.fromCharCode(flag, context.length)}${context}`,
  );
}

function turned(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

function refused(code: string, clause: string, comment: string, input: Triple): InvalidCase {
  return { comment, in: input, code: `ed25519.${code}`, clause };
}
