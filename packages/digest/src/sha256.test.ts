import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256, sha256Hex, toHex } from './index.ts';
import { sha256 as inNode, sha256Hex as inNodeHex } from './sha256.node.ts';
import { sha256 as portable, sha256Hex as portableHex } from './sha256.portable.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

describe.each([
  ['chosen for this run-time', sha256, sha256Hex],
  ['in Node', inNode, inNodeHex],
  ['portable', portable, portableHex],
])('SHA-256 %s', (_name, hash, hashHex) => {
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ])('FIPS 180 example %#', (text, hex) => {
    expect(toHex(hash(ascii(text)))).toBe(hex);
    expect(hashHex(ascii(text))).toBe(hex);
  });

  test('gives 32 bytes of its own, as a plain Uint8Array', () => {
    const digest = hash(ascii('abc'));
    expect(digest.constructor).toBe(Uint8Array);
    expect(digest.length).toBe(32);
    digest.fill(0);
    expect(toHex(hash(ascii('abc')))).toMatch(/^ba7816bf/);
  });
});

test('both engines agree, at every length around the block size and inside larger buffers', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, start) => {
      const part = bytes.subarray(start);
      expect(portable(part)).toEqual(inNode(part));
    }),
    { numRuns: 500 },
  );
});
