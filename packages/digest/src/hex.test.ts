import { isFault } from '@comity/fault';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from './index.ts';

test('every byte has two lower-case characters', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(toHex(all)).toBe(Buffer.from(all).toString('hex'));
  expect(fromHex(toHex(all))).toEqual(all);
  expect(toHex(new Uint8Array(0))).toBe('');
  expect(fromHex('')).toEqual(new Uint8Array(0));
});

test('both ways, any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

test.each<[string, Record<string, number>]>([
  ['a', { length: 1 }],
  ['abc', { length: 3 }],
  ['AB', { at: 0 }],
  ['aB', { at: 1 }],
  ['0x00', { at: 1 }],
  ['00 1', { at: 2 }],
  ['000g', { at: 3 }],
  ['ab\n0', { at: 2 }],
  ['００', { at: 0 }],
  ['`a', { at: 0 }],
  ['/a', { at: 0 }],
  [':a', { at: 0 }],
  ['a@', { at: 1 }],
])('refuses %j', (text, fields) => {
  try {
    fromHex(text);
  } catch (thrown) {
    expect(isFault(thrown, 'digest.bad-hex') && thrown.fields).toEqual(fields);
    return;
  }
  expect.unreachable();
});
