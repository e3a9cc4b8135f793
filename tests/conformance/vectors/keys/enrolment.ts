// Keys: enrolment (keys.md 1.2), key ids (1.4) and COSE_Key (1.3).

import { cbor, Entries, filled, hex, type Item, map } from '../cbor-text.ts';
import { coseKey, keyIdOf, keyPair } from '../signing.ts';
import type { InvalidCase, ValidCase } from '../vector.ts';
import { add, BASE, encode, littleEndian, multiply, P, SIGN, SMALL_ORDER } from './edwards.ts';
import { KEY, NOT_CANONICAL, RFC_8032, SMALL_ORDER_ENCODINGS } from './forgery.ts';

export function enrolledKeys(): readonly ValidCase[] {
  const enrolled = (comment: string, publicKey: Buffer): ValidCase => ({
    comment,
    in: { publicKey: hex(publicKey) },
    out: { keyId: hex(keyIdOf(publicKey)) },
  });
  return [
    enrolled('key of the seed 07 × 32, the one of the worked example', keyPair(0x07).publicKey),
    ...RFC_8032.map(([publicKey], place) =>
      enrolled(`key ${place + 1} of the examples of RFC 8032 §7.1`, Buffer.from(publicKey, 'hex')),
    ),
    enrolled('key with the sign of x set', keyPair(0x02).publicKey),
    enrolled('the base point', encode(BASE)),
    enrolled('twice the base point', encode(multiply(2n, BASE))),
  ];
}

export function refusedKeys(): readonly InvalidCase[] {
  const refused = (code: string, comment: string, publicKey: Buffer): InvalidCase => ({
    comment,
    in: { publicKey: hex(publicKey) },
    code: `ed25519.public-key-${code}`,
    clause: '1.2',
  });
  const key = encode(KEY);
  return [
    refused('length', 'no bytes', Buffer.alloc(0)),
    refused('length', 'last byte taken off', key.subarray(0, 31)),
    refused('length', 'one byte behind the key', Buffer.concat([key, Buffer.alloc(1)])),
    refused('length', 'the key twice', Buffer.concat([key, key])),
    ...SMALL_ORDER_ENCODINGS.map((small) => refused('small-order', 'one of the 14 encodings of 2.3', small)),
    ...NOT_CANONICAL.map((encoding) => refused('not-canonical', 'y from p to 2^255 - 1', encoding)),
    ...[2n, 2n + SIGN, 7n, P - 2n, P - 2n + SIGN].map((value) =>
      refused('not-on-curve', 'no point of the curve has this y', littleEndian(value)),
    ),
    ...SMALL_ORDER.slice(1).map((small, place) =>
      refused(
        'mixed-order',
        `the key of a secret scalar, and ${place + 1} T added to it`,
        encode(add(KEY, small)),
      ),
    ),
    refused('mixed-order', 'the base point, and the point of order 2 added', encode(add(BASE, order2()))),
    refused('mixed-order', 'y = 3, the smallest y beside 0 and 1 that is on the curve', littleEndian(3n)),
  ];
}

function order2(): (typeof SMALL_ORDER)[number] {
  return SMALL_ORDER[4] ?? BASE;
}

export function coseKeys(): readonly ValidCase[] {
  const read = (comment: string, publicKey: Buffer): ValidCase => ({
    comment,
    in: { key: hex(cbor(coseKey(publicKey))) },
    out: { publicKey: hex(publicKey), keyId: hex(keyIdOf(publicKey)) },
  });
  return [
    read('the key of the worked example', keyPair(0x07).publicKey),
    read('another key', keyPair(0x01).publicKey),
    read('32 bytes that enrolment refuses: the form says nothing about the point', filled(0)),
  ];
}

export function refusedCoseKeys(): readonly InvalidCase[] {
  const { publicKey } = keyPair(0x07);
  const members: readonly (readonly [Item, Item])[] = [
    [1, 1],
    [3, -19],
    [-1, 6],
    [-2, publicKey],
  ];
  const refused = (comment: string, key: Item, code = 'cose.bad-key', clause = '1.3'): InvalidCase => ({
    comment,
    in: { key: hex(cbor(key)) },
    code,
    clause,
  });
  const without = (label: number): Entries => map(...members.filter(([each]) => each !== label));
  const changed = (label: number, value: Item): Entries =>
    map(...members.filter(([each]) => each !== label), [label, value]);
  return [
    refused('member 1 taken away', without(1)),
    refused('member 3 taken away: the algorithm is required', without(3)),
    refused('member -1 taken away', without(-1)),
    refused('member -2 taken away', without(-2)),
    refused('key type 2 (EC2)', changed(1, 2)),
    refused('key type as text', changed(1, 'OKP')),
    refused('algorithm -8 (EdDSA), which leaves the curve open', changed(3, -8)),
    refused('algorithm as text', changed(3, 'Ed25519')),
    refused('curve 4 (X25519)', changed(-1, 4)),
    refused('public key of 31 bytes', changed(-2, publicKey.subarray(1))),
    refused('public key of 33 bytes', changed(-2, Buffer.concat([publicKey, Buffer.alloc(1)]))),
    refused('public key in hex', changed(-2, hex(publicKey))),
    refused('a private key (-4) beside it', map(...members, [-4, filled(0x07)])),
    refused('a key id (2) beside it', map(...members, [2, keyIdOf(publicKey)])),
    refused('key operations (4) beside it', map(...members, [4, [2]])),
    refused(
      'a key id in place of the algorithm',
      map(...members.filter(([label]) => label !== 3), [2, filled(1)]),
    ),
    refused('labels as texts', map(['1', 1], ['3', -19], ['-1', 6], ['-2', publicKey])),
    refused('an array of the members', members.flat()),
    refused('the public key alone', publicKey),
    refused('an empty map', map()),
    refused('members in the order 3, 1, -1, -2', unsorted(members), 'cbor.unsorted-keys', 'cbor 3.3'),
  ];
}

function unsorted([first, second, ...others]: readonly (readonly [Item, Item])[]): Entries {
  return new Entries([second, first, ...others].filter((entry) => entry !== undefined));
}
