import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '@comity/digest';
import { codes, isFault } from '@comity/fault';
import { expect, test } from 'vitest';
import { decode, diagnose, encode } from './index.ts';

interface Vector {
  readonly hex: string;
  readonly comment: string;
}

function vectors<V extends Vector>(kind: 'valid' | 'invalid'): readonly V[] {
  const file = new URL(`../../../protocol/vectors/cbor/${kind}/items.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const valid = vectors<Vector & { diagnostic: string }>('valid');
const invalid = vectors<Vector & { code: string }>('invalid');

function codeOf(hex: string): string {
  try {
    decode(fromHex(hex));
  } catch (thrown) {
    return isFault(thrown) ? thrown.code : String(thrown);
  }
  return 'accepted';
}

test.each(valid)('accepts $diagnostic: $comment', ({ hex, diagnostic }) => {
  const value = decode(fromHex(hex));
  expect(diagnose(value)).toBe(diagnostic);
  expect(toHex(encode(value))).toBe(hex);
});

test.each(invalid)('refuses as $code: $comment', ({ hex, code }) => {
  expect(codeOf(hex)).toBe(code);
});

test('the vectors are many, each once, with a reason', () => {
  expect(valid.length).toBeGreaterThanOrEqual(60);
  expect(invalid.length).toBeGreaterThanOrEqual(60);
  const all = [...valid, ...invalid];
  expect(new Set(all.map(({ hex }) => hex)).size).toBe(all.length);
  expect(new Set(invalid.map(({ comment }) => comment)).size).toBe(invalid.length);
});

test('every code that a decoder gives has a vector, and cbor.md lists every code', () => {
  const registered = Object.keys(codes).filter((code) => code.startsWith('cbor.'));
  // Two of the encoder, one of shapes, and an input that is too long to write down.
  const elsewhere = ['cbor.lone-surrogate', 'cbor.unsupported-value', 'cbor.shape', 'cbor.too-many-bytes'];
  const covered = [...new Set(invalid.map(({ code }) => code)), ...elsewhere];
  expect(covered.sort()).toEqual(registered.sort());

  const text = readFileSync(new URL('../../../protocol/cbor.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `(cbor\.[a-z0-9-]+)`\s*\|/gm)].map((row) => row[1]);
  expect(listed.sort()).toEqual(registered);
});
