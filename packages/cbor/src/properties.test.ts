import { fromHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { cdeDecodeOptions, decode as decodeCbor2, Simple, Tag } from 'cbor2';
import { decode as decodeCborg, encode as encodeCborg, rfc8949EncodeOptions } from 'cborg';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CborKey, type CborValue, decode, encode, REDACTED, Tagged } from './index.ts';

const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1),
  fc.constantFrom(-1, -24, -25, -256, -257, -65_537, -(2 ** 32), -(2 ** 32) - 1, -(2 ** 53) + 1),
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const byteString = fc.uint8Array({ maxLength: 40 });
const key: fc.Arbitrary<CborKey> = fc.oneof(integer, text, fc.constant(REDACTED));
const redacted = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((digest) => new Tagged(60, digest));

const { inner } = fc.letrec<{ inner: CborValue }>((tie) => ({
  inner: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(fc.constantFrom(null, true, false), integer, text, byteString),
    fc.array(fc.oneof({ arbitrary: tie('inner'), weight: 5 }, redacted), { maxLength: 6 }),
    fc.array(fc.tuple(key, tie('inner')), { maxLength: 6 }).map((entries) => new Map(entries)),
  ),
}));
const document = fc.oneof(
  { arbitrary: inner, weight: 4 },
  fc.tuple(fc.constantFrom<18 | 98>(18, 98), inner).map(([tag, value]) => new Tagged(tag, value)),
);

/** Heads and fragments that the profile is about; random bytes alone are refused at the first of them. */
const fragment = fc.oneof(
  ...[
    '00',
    '17',
    '1817',
    '1818',
    '1900ff',
    '20',
    '3800',
    '40',
    '4101',
    '580101',
    '60',
    '6161',
    '61ff',
    '62c3bc',
  ].map((hex) => fc.constant(hex)),
  ...[
    '80',
    '81',
    '82',
    '9801',
    '9f',
    'ff',
    'a0',
    'a1',
    'a2',
    'a3',
    'b801',
    'bf',
    'c2',
    'd2',
    'd83c',
    'd862',
    'd812',
  ].map((hex) => fc.constant(hex)),
  ...['f4', 'f6', 'f7', 'f83b', 'f83c', 'f814', 'f93c00', 'fa47c35000', 'fb3ff199999999999a', 'fc'].map(
    (hex) => fc.constant(hex),
  ),
  fc.constant('1b0020000000000000'),
  fc.constant('1b001fffffffffffff'),
  fc.constant(`5820${'00'.repeat(32)}`),
);
const assembled = fc.array(fragment, { maxLength: 12 }).map((parts) => fromHex(parts.join('')));

/** Encodings with a few changed, added or removed bytes. */
const mutated = fc
  .tuple(document, fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom(0, 1, 2)), { maxLength: 3 }))
  .map(([value, changes]) => {
    const bytes = [...encode(value)];
    for (const [position, byte, removed] of changes) {
      if (removed === 2) bytes.splice(position % (bytes.length + 1), 1);
      else bytes.splice(position % (bytes.length + 1), removed, byte);
    }
    return new Uint8Array(bytes);
  });

const hostile = fc.oneof(mutated, assembled, fc.uint8Array({ maxLength: 12 }));

/** What the decoder under test makes of an input; undefined if it refuses, in the one way it may refuse. */
function accepted(bytes: Uint8Array): CborValue | undefined {
  try {
    return decode(bytes);
  } catch (thrown) {
    if (!isFault(thrown) || !thrown.code.startsWith('cbor.')) throw thrown;
    return undefined;
  }
}

test('a value survives encoding and decoding', () => {
  fc.assert(
    fc.property(document, (value) => {
      expect(decode(encode(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test('the order in which a map was filled does not matter', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(key, inner), { selector: ([each]) => each, maxLength: 40 }),
      (entries) => {
        expect(encode(new Map(entries.toReversed()))).toEqual(encode(new Map(entries)));
      },
    ),
    { numRuns: 300 },
  );
});

test('whatever is accepted is the encoding of what it becomes', () => {
  let acceptedInputs = 0;
  fc.assert(
    fc.property(hostile, (bytes) => {
      const value = accepted(bytes);
      if (value === undefined) return;
      acceptedInputs += 1;
      expect(encode(value)).toEqual(bytes);
    }),
    { numRuns: 5_000 },
  );
  expect(acceptedInputs).toBeGreaterThan(200);
});

test('no prefix of an encoding is accepted', () => {
  fc.assert(
    fc.property(document, fc.nat(), (value, length) => {
      const bytes = encode(value);
      expect(accepted(bytes.subarray(0, length % bytes.length))).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

/** A value as cbor2 gives it, in the terms of this package; throws where the profile is narrower than CDE. */
function fromCbor2(value: unknown, place: 'outermost' | 'element' | 'inside'): CborValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map((each) => fromCbor2(each, 'element'));
  if (value instanceof Map) {
    return new Map([...value].map(([each, of]) => [keyFromCbor2(each), fromCbor2(of, 'inside')]));
  }
  if (value instanceof Tag) {
    const tag = Number(value.tag);
    const content = fromCbor2(value.contents, 'inside');
    if ((tag === 18 || tag === 98) && place === 'outermost') return new Tagged(tag, content);
    const digest = content instanceof Uint8Array && content.length === 32;
    if (tag === 60 && place === 'element' && digest) return new Tagged(60, content);
  }
  throw new Error('outside the profile');
}

function keyFromCbor2(value: unknown): CborKey {
  if (value instanceof Simple && value.value === 59) return REDACTED;
  if (typeof value === 'string' && new TextEncoder().encode(value).length <= 255) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Error('outside the profile');
}

function acceptedByCbor2(bytes: Uint8Array): CborValue | undefined {
  const options = {
    ...cdeDecodeOptions,
    rejectLongFloats: true,
    rejectFloats: true,
    ignoreGlobalTags: true,
    preferMap: true,
  };
  try {
    return fromCbor2(decodeCbor2(bytes, options), 'outermost');
  } catch {
    return undefined;
  }
}

test('cbor2 accepts the same inputs, and sees the same values', () => {
  let acceptedInputs = 0;
  fc.assert(
    fc.property(hostile, (bytes) => {
      const ours = accepted(bytes);
      if (ours !== undefined) acceptedInputs += 1;
      expect(ours).toEqual(acceptedByCbor2(bytes));
    }),
    { numRuns: 5_000 },
  );
  expect(acceptedInputs).toBeGreaterThan(200);
});

/** cborg knows no simple(59), and tags only with a decoder for each. */
function isPlain(value: CborValue): boolean {
  if (value instanceof Tagged) return false;
  if (Array.isArray(value)) return value.every(isPlain);
  if (!(value instanceof Map)) return true;
  return [...(value as ReadonlyMap<CborKey, CborValue>)].every(
    ([each, of]) => each !== REDACTED && isPlain(of),
  );
}

function acceptedByCborg(bytes: Uint8Array): CborValue | undefined {
  try {
    const options = { strict: true, useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false };
    const value: unknown = decodeCborg(bytes, options);
    const again = encodeCborg(value, rfc8949EncodeOptions);
    return again.every((byte, index) => byte === bytes[index]) ? fromCbor2(value, 'outermost') : undefined;
  } catch {
    return undefined;
  }
}

test('cborg, with the order of keys checked by encoding again, accepts the same inputs without tags', () => {
  let acceptedInputs = 0;
  fc.assert(
    fc.property(hostile, (bytes) => {
      const ours = accepted(bytes);
      if (ours !== undefined && !isPlain(ours)) return;
      if (ours !== undefined) acceptedInputs += 1;
      expect(ours).toEqual(acceptedByCborg(bytes));
    }),
    { numRuns: 3_000 },
  );
  expect(acceptedInputs).toBeGreaterThan(100);
});
