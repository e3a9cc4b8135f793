import { isFault } from '@comity/fault';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex as inNode } from './hex.node.ts';
import { toHex as portable } from './hex.portable.ts';
import { fromHex, toHex } from './index.ts';

test.each([
  ['chosen for this run-time', toHex],
  ['in Node', inNode],
  ['portable', portable],
])('every byte has two lower-case characters: %s', (_name, write) => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const text = Array.from(all, (byte) => byte.toString(16).padStart(2, '0')).join('');
  expect(write(all)).toBe(text);
  expect(fromHex(text)).toEqual(all);
  expect(write(new Uint8Array(0))).toBe('');
  expect(fromHex('')).toEqual(new Uint8Array(0));
});

test('both ways, any length, in whatever larger buffer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, start) => {
      const part = bytes.subarray(start);
      expect(fromHex(inNode(part))).toEqual(part.slice());
      expect(portable(part)).toBe(inNode(part));
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
