import { fromHex, toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { describe, expect, test } from 'vitest';
import { type CborKey, type CborLimits, type CborValue, decode, encode, REDACTED, Tagged } from './index.ts';

const hexOf = (value: CborValue) => toHex(encode(value));

/** The code for a value, of whatever type: the compiler is not there for every caller. */
function codeOf(value: unknown, limits?: Partial<CborLimits>): string {
  try {
    encode(value as CborValue, limits);
  } catch (thrown) {
    return isFault(thrown) ? thrown.code : String(thrown);
  }
  return 'encoded';
}

describe('order of keys', () => {
  test('the example of cbor.md §3.3, from every rotation', () => {
    const keys: CborKey[] = [10, 100, -1, '', 'a', REDACTED];
    for (let turn = 0; turn < keys.length; turn += 1) {
      const turned = [...keys.slice(turn), ...keys.slice(0, turn)];
      const encoded = encode(new Map(turned.map((key) => [key, null])));
      expect(toHex(encoded)).toBe('a60af61864f620f660f66161f6f83bf6');
      expect([...(decode(encoded) as Map<CborKey, CborValue>).keys()]).toEqual(keys);
    }
  });

  test('inner maps are sorted too, and entries of different size change places', () => {
    const inner = new Map<CborKey, CborValue>([
      ['zz', 'x'.repeat(300)],
      [
        -5,
        [
          new Map([
            [2, 2],
            [1, 1],
          ]),
        ],
      ],
      [7, new Uint8Array(3)],
    ]);
    expect(
      hexOf(
        new Map<CborKey, CborValue>([
          ['b', inner],
          ['a', 1],
        ]),
      ),
    ).toBe(`a2616101${'6162'}a30743000000${'24'}81a201010202${'627a7a'}79012c${'78'.repeat(300)}`);
  });

  test('many keys', () => {
    const keys = Array.from({ length: 500 }, (_, index) => (index * 7_919) % 500);
    const encoded = encode(new Map(keys.map((key) => [key, `value ${key}`])));
    const decoded = decode(encoded) as Map<number, string>;
    expect([...decoded.keys()]).toEqual(keys.toSorted((a, b) => a - b));
    expect(decoded.get(499)).toBe('value 499');
  });

  test('a map that shows one key twice is refused', () => {
    class Repeating extends Map<CborKey, CborValue> {
      override *[Symbol.iterator](): MapIterator<[CborKey, CborValue]> {
        yield ['a', 1];
        yield ['a', 2];
      }
    }
    expect(
      codeOf(
        new Repeating([
          ['a', 1],
          ['b', 1],
        ]),
      ),
    ).toBe('cbor.duplicate-key');
    expect(codeOf(new Repeating([['a', 1]]))).toBe('cbor.unsupported-value');
  });

  test('a map may encode something else while it is encoded', () => {
    class Encoding extends Map<CborKey, CborValue> {
      override *[Symbol.iterator](): MapIterator<[CborKey, CborValue]> {
        for (const key of this.keys()) yield [key, encode('inner')];
      }
    }
    expect(
      hexOf(
        new Encoding([
          [1, 0],
          [2, 0],
        ]),
      ),
    ).toBe('a2014665696e6e6572024665696e6e6572');
  });
});

describe('values outside the profile', () => {
  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'cbor.undefined'],
    ['a hole', new Array(1), 'cbor.undefined'],
    ['undefined in a map', new Map([[1, undefined]]), 'cbor.undefined'],
    ['a fraction', 1.5, 'cbor.float'],
    ['not a number', Number.NaN, 'cbor.float'],
    ['infinity', Number.POSITIVE_INFINITY, 'cbor.float'],
    ['a fraction as key', new Map([[0.5, 0]]), 'cbor.float'],
    ['2^53', 2 ** 53, 'cbor.integer-range'],
    ['-2^53', -(2 ** 53), 'cbor.integer-range'],
    ['1e300', 1e300, 'cbor.integer-range'],
    ['a bigint', 1n, 'cbor.bignum'],
    ['an object', {}, 'cbor.unsupported-value'],
    ['an object without prototype', Object.create(null), 'cbor.unsupported-value'],
    ['a date', new Date(0), 'cbor.unsupported-value'],
    ['a set', new Set([1]), 'cbor.unsupported-value'],
    ['a function', () => 0, 'cbor.unsupported-value'],
    ['a symbol', Symbol('x'), 'cbor.unsupported-value'],
    ['another view', new Uint16Array(2), 'cbor.unsupported-value'],
    ['a buffer', new ArrayBuffer(2), 'cbor.unsupported-value'],
    ['simple(59) as value', REDACTED, 'cbor.misplaced-redaction'],
    ['simple(59) as element', [REDACTED], 'cbor.misplaced-redaction'],
    ['a boolean as key', new Map([[true, 0]]), 'cbor.key-type'],
    ['null as key', new Map([[null, 0]]), 'cbor.key-type'],
    ['bytes as key', new Map([[new Uint8Array(1), 0]]), 'cbor.key-type'],
    ['half a surrogate pair', '\ud800', 'cbor.lone-surrogate'],
    ['the other half', 'a\udc00', 'cbor.lone-surrogate'],
    ['a pair the wrong way round', '\udc00\ud800', 'cbor.lone-surrogate'],
    ['half a pair in a long text', `${'x'.repeat(100)}\ud83d${'x'.repeat(100)}`, 'cbor.lone-surrogate'],
    ['half a pair in a key', new Map([['\ud800', 0]]), 'cbor.lone-surrogate'],
    ['a key of 256 bytes', new Map([['k'.repeat(256), 0]]), 'cbor.key-too-long'],
    ['a key of 128 characters in 256 bytes', new Map([['ü'.repeat(128), 0]]), 'cbor.key-too-long'],
    ['a key of 70000 bytes', new Map([['k'.repeat(70_000), 0]]), 'cbor.key-too-long'],
    ['another tag', new Tagged(61 as 60, new Uint8Array(32)), 'cbor.unknown-tag'],
    ['tag 18 as element', [new Tagged(18, null)], 'cbor.misplaced-tag'],
    ['tag 98 in a map', new Map([[1, new Tagged(98, null)]]), 'cbor.misplaced-tag'],
    ['tag 18 in tag 18', new Tagged(18, new Tagged(18, null)), 'cbor.misplaced-tag'],
    ['tag 60 outermost', new Tagged(60, new Uint8Array(32)), 'cbor.misplaced-tag'],
    ['tag 60 in a map', new Map([[1, new Tagged(60, new Uint8Array(32))]]), 'cbor.misplaced-tag'],
    ['tag 60 around 31 bytes', [new Tagged(60, new Uint8Array(31))], 'cbor.tag-content'],
    ['tag 60 around text', [new Tagged(60, 'x'.repeat(32))], 'cbor.tag-content'],
  ])('%s', (_what, value, code) => {
    expect(codeOf(value)).toBe(code);
    expect(hexOf([1])).toBe('8101');
  });

  test.each<[string, CborValue, string]>([
    ['2^53 - 1', 2 ** 53 - 1, '1b001fffffffffffff'],
    ['-(2^53 - 1)', -(2 ** 53 - 1), '3b001ffffffffffffe'],
    ['-0', -0, '00'],
    ['2^32', 2 ** 32, '1b0000000100000000'],
    ['2^32 - 1', 2 ** 32 - 1, '1affffffff'],
    ['-2^32', -(2 ** 32), '3affffffff'],
    ['-2^32 - 1', -(2 ** 32) - 1, '3b0000000100000000'],
    ['a key of 255 bytes', new Map([['k'.repeat(255), 0]]), `a178ff${'6b'.repeat(255)}00`],
    [
      'a key of 127 characters in 254 bytes',
      new Map([['ü'.repeat(127), 0]]),
      `a178fe${'c3bc'.repeat(127)}00`,
    ],
    ['a leading U+FEFF', '\ufeffa', '64efbbbf61'],
    ['a Buffer', Buffer.from('0102', 'hex'), '420102'],
  ])('but %s is inside', (_what, value, hex) => {
    expect(hexOf(value)).toBe(hex);
  });
});

describe('limits', () => {
  const nested = (depth: number): CborValue => (depth === 0 ? 0 : [nested(depth - 1)]);

  test('depth, also of a value that contains itself', () => {
    expect(codeOf(nested(16))).toBe('encoded');
    expect(codeOf(nested(17))).toBe('cbor.too-deep');
    expect(codeOf(nested(17), { maxDepth: 17 })).toBe('encoded');
    expect(codeOf(nested(65), { maxDepth: 1_000 })).toBe('cbor.too-deep');
    const circular: CborValue[] = [];
    circular.push(circular);
    expect(codeOf(circular, { maxDepth: 1_000_000 })).toBe('cbor.too-deep');
  });

  test('bytes and items only where given', () => {
    expect(encode(new Uint8Array(1_000_000))).toHaveLength(1_000_005);
    expect(codeOf(new Uint8Array(10), { maxBytes: 11 })).toBe('encoded');
    expect(codeOf(new Uint8Array(11), { maxBytes: 11 })).toBe('cbor.too-many-bytes');
    expect(codeOf(new Map([[1, [2]]]), { maxItems: 4 })).toBe('encoded');
    expect(codeOf(new Map([[1, [2]]]), { maxItems: 3 })).toBe('cbor.too-many-items');
  });
});

test('results are independent of each other and of the input', () => {
  const input = fromHex('0102');
  const first = encode(input);
  input[0] = 9;
  const second = encode([1, 2, 3]);
  expect(toHex(first)).toBe('420102');
  expect(toHex(second)).toBe('83010203');
  expect(first.buffer.byteLength).toBe(3);
});
