// Keys, signatures and encodings of points that no library makes, for the vectors of the verification rule.

import { hex } from '../cbor-text.ts';
import {
  add,
  BASE,
  challenge,
  encode,
  L,
  littleEndian,
  multiply,
  P,
  type Point,
  SIGN,
  SMALL_ORDER,
} from './edwards.ts';

/** RFC 8032 §7.1, TEST 1, 2, 3 and SHA(abc): public key, message, signature. */
export const RFC_8032 = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
] as const;

/** A secret scalar and a nonce, and what they make. Any would do. */
export const SECRET = 0x0123456789abcdef0123456789abcdef0123456789abcdefn;
export const NONCE = 0x0fedcba987654321fedcba9876543210n;
export const KEY = multiply(SECRET, BASE);
export const R = multiply(NONCE, BASE);
export const [, ORDER_8, , , ORDER_2] = SMALL_ORDER as readonly [Point, Point, Point, Point, Point];
export const MIXED_KEY = add(KEY, ORDER_8);
export const MESSAGE = Buffer.from('one rule');

export type Triple = { readonly publicKey: string; readonly message: string; readonly signature: string };

export function triple(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Triple {
  return { publicKey: hex(key), message: hex(message), signature: hex(signature) };
}

/** R and the S that solves the equation for the multiples of the base point in R and key, whatever else is in them. */
export function solve(r: Buffer, key: Buffer, message: Buffer, secret = SECRET, nonce = NONCE): Buffer {
  return Buffer.concat([r, littleEndian((nonce + challenge(r, key, message) * secret) % L)]);
}

/** The first message whose k fulfils the condition. */
export function messageWhere(r: Buffer, key: Buffer, holds: (k: bigint) => boolean): Buffer {
  for (let count = 0; ; count += 1) {
    const message = Buffer.from(`message ${count}`);
    if (holds(challenge(r, key, message))) return message;
  }
}

export const eighth = (k: bigint): boolean => k % 8n === 0n;

/** The 14 encodings of the points of small order: each y in each spelling below 2^255, with either top bit. */
export const SMALL_ORDER_ENCODINGS: readonly Buffer[] = [
  ...new Set(
    SMALL_ORDER.flatMap((point) => {
      const y = yOf(encode(point));
      return [y, y + P].filter((spelling) => spelling < SIGN).flatMap((each) => [each, each + SIGN]);
    }),
  ),
]
  .sort((a, b) => (a < b ? -1 : 1))
  .map(littleEndian);

function yOf(encoded: Buffer): bigint {
  return BigInt(`0x${Buffer.from(encoded).reverse().toString('hex')}`) % SIGN;
}

/** The encodings whose y is p to 2^255 - 1, without those of points of small order. */
export const NOT_CANONICAL: readonly Buffer[] = [2n, 3n, 9n, 18n].flatMap((above) =>
  [P + above, P + above + SIGN].map(littleEndian),
);
