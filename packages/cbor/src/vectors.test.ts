import { readdirSync, readFileSync } from 'node:fs';
import { fromHex, toHex } from '@comity/digest';
import { codes, isFault } from '@comity/fault';
import { expect, test } from 'vitest';
import { type CborLimits, decode, diagnose, encode } from './index.ts';

interface Vector {
  readonly file: string;
  readonly comment: string;
  readonly in: {
    readonly hex: string;
    readonly limits?: { readonly bytes?: number; readonly depth?: number; readonly items?: number };
  };
}

function vectors<V extends Vector>(kind: 'valid' | 'invalid'): readonly V[] {
  const folder = new URL(`../../../protocol/vectors/cbor/${kind}/`, import.meta.url);
  return readdirSync(folder).flatMap((file) => {
    const { op, vectors: each } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    return op === 'cbor.decode' ? each.map((vector: V) => ({ ...vector, file })) : [];
  });
}

const valid = vectors<Vector & { readonly out: { readonly reencoded: string } }>('valid');
const invalid = vectors<Vector & { readonly code: string; readonly clause: string }>('invalid');

function limitsOf({ bytes, depth, items }: Vector['in']['limits'] = {}): Partial<CborLimits> {
  return {
    ...(bytes === undefined ? {} : { maxBytes: bytes }),
    ...(depth === undefined ? {} : { maxDepth: depth }),
    ...(items === undefined ? {} : { maxItems: items }),
  };
}

function codeOf({ hex, limits }: Vector['in']): string {
  try {
    decode(fromHex(hex), limitsOf(limits));
  } catch (thrown) {
    return isFault(thrown) ? thrown.code : String(thrown);
  }
  return 'accepted';
}

test.each(valid)('accepts $comment', ({ file, comment, in: { hex, limits }, out }) => {
  const value = decode(fromHex(hex), limitsOf(limits));
  expect(toHex(encode(value, limitsOf(limits)))).toBe(hex);
  expect(out.reencoded).toBe(hex);
  // The comments of these end with the diagnostic notation.
  if (file === 'items.json') expect(comment.endsWith(`: ${diagnose(value)}`), diagnose(value)).toBe(true);
});

test.each(invalid)('refuses as $code: $comment', ({ in: input, code }) => {
  expect(codeOf(input)).toBe(code);
});

test('the vectors are many, each once, with a reason', () => {
  expect(valid.filter(({ file }) => file === 'items.json').length).toBeGreaterThanOrEqual(70);
  expect(invalid.length).toBeGreaterThanOrEqual(160);
  const all = [...valid, ...invalid];
  expect(new Set(all.map(({ in: input }) => JSON.stringify(input))).size).toBe(all.length);
  expect(new Set(invalid.map(({ comment }) => comment)).size).toBe(invalid.length);
});

test('every code that a decoder gives has a vector, and cbor.md lists every code', () => {
  const registered = Object.keys(codes).filter((code) => code.startsWith('cbor.'));
  // Two of the encoder and one of shapes.
  const elsewhere = ['cbor.lone-surrogate', 'cbor.unsupported-value', 'cbor.shape'];
  const covered = [...new Set(invalid.map(({ code }) => code)), ...elsewhere];
  expect(covered.sort()).toEqual(registered.sort());

  const text = readFileSync(new URL('../../../protocol/cbor.md', import.meta.url), 'utf8');
  const tables = text.slice(text.indexOf(' Refusals\n'));
  const listed = [...tables.matchAll(/^\| `(cbor\.[a-z0-9-]+)`\s*\|/gm)].map((row) => row[1]);
  expect(listed.sort()).toEqual(registered);
});
