import { createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEY_NUMBERS, KeyTree } from '../keys/key-tree.ts';
import { codeThrownBy } from '../sample.test-support.ts';
import { keyNumberIn, keyOfNumber, openContentRow, type SealedPayload, sealContent } from './content-seal.ts';
import { RECORD } from './keyspace.ts';

const tree = KeyTree.ofRoot(new Uint8Array(32).fill(7));

const payloadOf = (bytes: Uint8Array): SealedPayload => ({
  byteLength: bytes.length,
  write: (target, at) => target.set(bytes, at),
});

const seal = (arrival: number, number: number, bytes: Uint8Array) =>
  sealContent(RECORD.key('real', arrival), number, keyOfNumber(tree, number), payloadOf(bytes));

const number = fc.nat({ max: KEY_NUMBERS - 1 });

test('what was sealed opens under its number, at any length', () => {
  fc.assert(
    fc.property(fc.nat(), number, fc.uint8Array({ maxLength: 3_000 }), (arrival, keyNumber, bytes) => {
      const { key, value } = seal(arrival, keyNumber, bytes);
      expect(RECORD.parse(key)).toEqual(['real', arrival]);
      expect(keyNumberIn(key, value)).toBe(keyNumber);
      expect(openContentRow(key, value, tree)).toEqual(bytes);
    }),
  );
});

test('the value is tag, number, nonce and AES-256-GCM of the payload, with the row key beside it', () => {
  const bytes = new Uint8Array(500).fill(3);
  const { key, value } = seal(9, 0x12_3456_789a, bytes);
  expect([...value.subarray(16, 21)]).toEqual([0x12, 0x34, 0x56, 0x78, 0x9a]);
  const secret = Buffer.from(tree.keyOf(0x12_3456_789a) as string, 'latin1');
  const decipher = createDecipheriv('aes-256-gcm', secret, value.subarray(21, 33));
  decipher.setAAD(key).setAuthTag(value.subarray(0, 16));
  expect(Buffer.concat([decipher.update(value.subarray(33)), decipher.final()])).toEqual(Buffer.from(bytes));
});

test('the same content is sealed differently each time', () => {
  const values = Array.from({ length: 1_500 }, () => seal(1, 1, new Uint8Array(20)).value);
  expect(new Set(values.map((value) => Buffer.from(value).toString('hex'))).size).toBe(1_500);
});

test('any flipped bit is noticed, and so are another row key and a value that is cut', () => {
  fc.assert(
    fc.property(number, fc.uint8Array({ maxLength: 100 }), fc.nat(), (keyNumber, bytes, at) => {
      const { key, value } = seal(4, keyNumber, bytes);
      const flipped = value.slice();
      const bit = at % (8 * flipped.length);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(codeThrownBy(() => openContentRow(key, flipped, tree))).toBe('store.row-damaged');
      const short = value.subarray(0, at % value.length);
      expect(codeThrownBy(() => openContentRow(key, short, tree))).toBe('store.row-damaged');
      for (const other of [RECORD.key('real', 5), RECORD.key('exercise', 4)]) {
        expect(codeThrownBy(() => openContentRow(other, value, tree))).toBe('store.row-damaged');
      }
    }),
  );
});

test('without its key it is not there, and nothing is sealed under a key that is not there', () => {
  const { key, value } = seal(1, 77, new Uint8Array(9));
  const left = tree.without([77]);
  expect(openContentRow(key, value, left)).toBeUndefined();
  expect(codeThrownBy(() => keyOfNumber(left, 77))).toBe('store.keys-damaged');
  // Another secret under the same number opens nothing.
  const foreign = KeyTree.ofRoot(new Uint8Array(32).fill(8));
  expect(codeThrownBy(() => openContentRow(key, value, foreign))).toBe('store.row-damaged');
});
