import { type CborKey, type CborValue, encode } from '@comity/cbor';
import { fromHex, toHex } from '@comity/digest';
import { describe, expect, test } from 'vitest';
import { coseKeyOf, keyThumbprint, publicKeyOf } from './index.ts';

// RFC 8032 §7.1 TEST 1
const publicKey = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');

describe('keyThumbprint', () => {
  test('is SHA-256 over the required members only (RFC 9679)', () => {
    expect(toHex(keyThumbprint(publicKey))).toBe(
      '866eefbd6718c8846cd7ddfe43fc74ab1daac4538ff8514ea2ec2d410a415743',
    );
  });

  test.each([0, 31, 33])('refuses a key of %i bytes', (byteLength) => {
    const wrong = new Uint8Array(byteLength);
    for (const use of [keyThumbprint, coseKeyOf]) {
      expect(() => use(wrong)).toThrow(expect.objectContaining({ code: 'ed25519.public-key-length' }));
    }
  });
});

describe('COSE_Key', () => {
  test('has four members and comes back', () => {
    expect(toHex(encode(coseKeyOf(publicKey)))).toBe(`a4010103322006215820${toHex(publicKey)}`);
    expect(publicKeyOf(coseKeyOf(publicKey))).toEqual(publicKey);
  });

  const members: readonly [CborKey, CborValue][] = [
    [1, 1],
    [3, -19],
    [-1, 6],
    [-2, publicKey],
  ];

  test.each<[string, CborValue]>([
    ['no map', publicKey],
    ['an empty map', new Map()],
    ['another key type', new Map([...members, [1, 2]])],
    ['algorithm -8', new Map([...members, [3, -8]])],
    ['X25519', new Map([...members, [-1, 4]])],
    ['a short x', new Map([...members, [-2, publicKey.subarray(1)]])],
    ['x as text', new Map([...members, [-2, toHex(publicKey)]])],
    ['no algorithm', new Map(members.filter(([label]) => label !== 3))],
    ['a private key too', new Map([...members, [-4, publicKey]])],
    [
      'a key id instead of the algorithm',
      new Map([...members.filter(([label]) => label !== 3), [2, publicKey]]),
    ],
  ])('refuses %s', (_what, value) => {
    expect(() => publicKeyOf(value)).toThrow(expect.objectContaining({ code: 'cose.bad-key' }));
  });
});
