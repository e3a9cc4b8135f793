import { fromHex, toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  anyValue,
  array,
  bool,
  bytes,
  type CborKey,
  type CborValue,
  decodeWith,
  defineShape,
  dictionary,
  document,
  encode,
  encodeWith,
  field,
  type Infer,
  int,
  lazy,
  literal,
  nothing,
  optionalField,
  REDACTED,
  refuseShape,
  type Shape,
  text,
  tuple,
  uint,
  union,
  variant,
} from '../index.ts';

/** `place: expected, got` of the fault, or its code if it is another than that of shapes. */
function faultOf(convert: () => unknown): string {
  try {
    convert();
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    const { at, expected, got } = thrown.fields;
    return thrown.code === 'cbor.shape' ? `${at}: ${expected}, ${got}` : thrown.code;
  }
  return 'accepted';
}

const word = text({ maxBytes: 8 });
const map = (...entries: [CborKey, CborValue][]) => new Map(entries);

describe('array and tuple', () => {
  const words = array(word, { min: 1, max: 3 });
  const pair = tuple(bytes(2), uint(9));

  test('both ways, as frozen arrays', () => {
    expect(words.decode(['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
    expect(words.encode(['a'])).toEqual(['a']);
    expect(Object.isFrozen(words.decode(['a']))).toBe(true);
    expect(pair.decode([new Uint8Array(2), 9])).toEqual([new Uint8Array(2), 9]);
    expectTypeOf<Infer<typeof pair>>().toEqualTypeOf<readonly [Uint8Array, number]>();
    expectTypeOf<Infer<typeof words>>().toEqualTypeOf<readonly string[]>();
  });

  test.each<[Shape<unknown>, CborValue, string]>([
    [words, [], ': an array of 1 to 3, an array of 0'],
    [words, ['a', 'b', 'c', 'd'], ': an array of 1 to 3, an array of 4'],
    [words, 'a', ': an array of 1 to 3, text of 1 characters'],
    [words, ['a', 1], '[1]: text of at most 8 bytes, a number'],
    [array(words, { max: 2 }), [['a'], ['a', null]], '[1][1]: text of at most 8 bytes, null'],
    [pair, [new Uint8Array(2)], ': an array of 2, an array of 1'],
    [pair, [new Uint8Array(2), 9, 9], ': an array of 2, an array of 3'],
    [pair, [new Uint8Array(2), 10], '[1]: an integer from 0 to 9, a number'],
    [pair, map([0, 0]), ': an array of 2, a map of 1'],
  ])('refusals, both ways %#', (shape, value, fault) => {
    expect(faultOf(() => shape.decode(value))).toBe(fault);
    expect(faultOf(() => shape.encode(value))).toBe(fault);
  });
});

describe('dictionary', () => {
  const names = dictionary(word, { minEntries: 1, maxEntries: 2, keyPattern: /^[a-z]{2}$/ });

  test('both ways', () => {
    expect(names.decode(map(['de', 'x'], ['en', 'y']))).toEqual(
      new Map([
        ['de', 'x'],
        ['en', 'y'],
      ]),
    );
    expect(names.encode(new Map([['de', 'x']]))).toEqual(new Map([['de', 'x']]));
    expectTypeOf<Infer<typeof names>>().toEqualTypeOf<ReadonlyMap<string, string>>();
  });

  test.each<[CborValue, string]>([
    [map(), ': a map of 1 to 2, a map of 0'],
    [map(['aa', ''], ['ab', ''], ['ac', '']), ': a map of 1 to 2, a map of 3'],
    [['de'], ': a map of 1 to 2, an array of 1'],
    [map(['de', 1]), '[0]: text of at most 8 bytes, a number'],
    [
      map(['de', ''], ['secret', '']),
      '[1]: text of at most 255 bytes, matching ^[a-z]{2}$, text of 6 characters',
    ],
    [map([1, '']), '[0]: text of at most 255 bytes, matching ^[a-z]{2}$, a number'],
    [map([REDACTED, '']), '[0]: text of at most 255 bytes, matching ^[a-z]{2}$, simple(59)'],
  ])('refusals, both ways %#', (value, fault) => {
    expect(faultOf(() => names.decode(value))).toBe(fault);
    expect(faultOf(() => names.encode(value as ReadonlyMap<string, string>))).toBe(fault);
  });
});

describe('document', () => {
  const shape = document({
    title: field('title', word),
    note: optionalField(-1, word),
    version: field(1, literal(1)),
    parts: field(2, array(document({ size: field(1, uint()) }), { max: 3 })),
  });
  const value = map([1, 1], [2, [map([1, 5])]], ['title', 'x']);
  const object = { title: 'x', version: 1 as const, parts: [{ size: 5 }] };

  test('both ways, as a frozen object without what is absent', () => {
    expectTypeOf<Infer<typeof shape>>().toEqualTypeOf<{
      readonly title: string;
      readonly version: 1;
      readonly parts: readonly { readonly size: number }[];
      readonly note?: string;
    }>();
    expect(shape.decode(value)).toEqual(object);
    expect(Object.isFrozen(shape.decode(value))).toBe(true);
    expect('note' in shape.decode(value)).toBe(false);
    expect(shape.encode(object)).toEqual(value);
    expect(shape.decode(map(...(value as Map<CborKey, CborValue>), [-1, 'n']))).toEqual({
      ...object,
      note: 'n',
    });
  });

  test('the keys come out in the order of the encoder, whatever the declaration', () => {
    const encoded = shape.encode({ ...object, note: 'n' }) as ReadonlyMap<CborKey, CborValue>;
    expect([...encoded.keys()]).toEqual([1, 2, -1, 'title']);
  });

  test('from bytes and to bytes', () => {
    const hex = 'a30101028'.concat('1a10105657469746c656178');
    expect(toHex(encodeWith(shape, object))).toBe(hex);
    expect(decodeWith(shape, fromHex(hex))).toEqual(object);
    expect(faultOf(() => decodeWith(shape, fromHex(hex), { maxBytes: 5 }))).toBe('cbor.too-many-bytes');
    expect(faultOf(() => encodeWith(shape, object, { maxBytes: 5 }))).toBe('cbor.too-many-bytes');
  });

  test.each<[CborValue, string]>([
    [null, ': a map, null'],
    [[], ': a map, an array of 0'],
    [map([2, []], ['title', 'x']), 'version: a value, nothing'],
    [map([1, 2], [2, []], ['title', 'x']), 'version: 1, a number'],
    [map([1, 1], [2, []], ['title', null]), 'title: text of at most 8 bytes, null'],
    [map([1, 1], [2, []], ['title', 'x'], [-1, null]), 'note: text of at most 8 bytes, null'],
    [map([1, 1], [2, []], ['title', 'x'], ['other', 0]), ': no keys but the 4 declared ones, a map of 4'],
    [map([1, 1], [2, []], ['title', 'x'], ['1', 1]), ': no keys but the 4 declared ones, a map of 4'],
    [map([1, 1], [2, []], ['title', 'x'], [REDACTED, []]), ': no keys but the 4 declared ones, a map of 4'],
    [
      map([1, 1], [2, [map([1, 0]), map([1, -1])]], ['title', 'x']),
      'parts[1].size: an integer from 0 to 9007199254740991, a negative number',
    ],
  ])('refuses %#', (refused, fault) => {
    expect(faultOf(() => shape.decode(refused))).toBe(fault);
  });

  test('refuses to encode what it would not decode', () => {
    expect(faultOf(() => shape.encode({ ...object, title: 'longer than eight' }))).toBe(
      'title: text of at most 8 bytes, text of 17 characters',
    );
    expect(faultOf(() => shape.encode({ ...object, title: undefined } as never))).toBe(
      'title: a value, nothing',
    );
    expect(faultOf(() => shape.encode({ ...object, parts: [{ size: 0 }, { size: -1 }] }))).toBe(
      'parts[1].size: an integer from 0 to 9007199254740991, a negative number',
    );
    expect(faultOf(() => shape.encode(null as never))).toBe(': an object, null');
    expect(faultOf(() => shape.encode('text' as never))).toBe(': an object, text of 4 characters');
  });

  test('a place given from outside stands in front', () => {
    expect(faultOf(() => shape.decode(map([1, 1], [2, [null]], ['title', 'x']), 'charter'))).toBe(
      'charter.parts[0]: a map, null',
    );
    expect(faultOf(() => shape.decode(null, 'charter'))).toBe('charter: a map, null');
  });

  test('objects do not inherit what a map lacks, and cannot gain a prototype', () => {
    const decoded = document({ a: optionalField('__proto__', anyValue) }, { unknown: 'keep' }).decode(
      map(['__proto__', map(['x', 1])], ['constructor', 1]),
    );
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(({} as { x?: number }).x).toBeUndefined();
    expect([...decoded.unknown.keys()]).toEqual(['constructor']);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'no property is called %s',
    (name) => {
      expect(faultOf(() => document({ [name]: field(1, bool) }))).toBe('fault.internal');
    },
  );

  test('no two properties share a key', () => {
    expect(faultOf(() => document({ a: field(1, bool), b: field(1, bool) }))).toBe('fault.internal');
    expect(faultOf(() => document({ a: field(1, bool), b: field('1', bool) }))).toBe('accepted');
  });
});

describe('document that keeps what it does not know', () => {
  const shape = document({ id: field(1, uint()) }, { unknown: 'keep' });

  test('both ways', () => {
    expectTypeOf<Infer<typeof shape>>().toEqualTypeOf<{
      readonly id: number;
      readonly unknown: ReadonlyMap<CborKey, CborValue>;
    }>();
    const value = map([1, 7], [9, 'later'], ['x', null], [REDACTED, []]);
    const decoded = shape.decode(value);
    expect(decoded).toEqual({ id: 7, unknown: map([9, 'later'], ['x', null], [REDACTED, []]) });
    expect(encode(shape.encode(decoded))).toEqual(encode(value));
    expect(shape.decode(map([1, 7])).unknown.size).toBe(0);
  });

  test('an unknown entry cannot take the place of a known one', () => {
    expect(faultOf(() => shape.encode({ id: 7, unknown: map([1, 8]) }))).toBe(
      'unknown: entries under keys that are not declared, a map of 1',
    );
    expect(faultOf(() => shape.encode({ id: 7 } as never))).toBe('unknown: a map, nothing');
  });

  test('the property belongs to it alone', () => {
    expect(faultOf(() => document({ unknown: field(1, bool) }, { unknown: 'keep' }))).toBe('fault.internal');
    expect(faultOf(() => document({ unknown: field(1, bool) }))).toBe('accepted');
  });
});

describe('choices', () => {
  const release = document({ kind: field(1, literal('release')), size: field(2, uint()) });
  const recall = document({ kind: field(1, literal('recall')) });
  const entry = variant({ property: 'kind', key: 1 }, { release, recall });

  test('variant, both ways', () => {
    expectTypeOf<Infer<typeof entry>>().toEqualTypeOf<
      { readonly kind: 'release'; readonly size: number } | { readonly kind: 'recall' }
    >();
    expect(entry.decode(map([1, 'recall']))).toEqual({ kind: 'recall' });
    expect(entry.encode({ kind: 'release', size: 3 })).toEqual(map([1, 'release'], [2, 3]));
  });

  test.each<[CborValue, string]>([
    [null, ': a map, null'],
    [map(), 'kind: one of "release", "recall", nothing'],
    [map([1, 'other']), 'kind: one of "release", "recall", text of 5 characters'],
    [map([1, 'constructor']), 'kind: one of "release", "recall", text of 11 characters'],
    [map([1, 'release']), 'size: a value, nothing'],
    [map([1, 'recall'], [2, 3]), ': no keys but the 1 declared ones, a map of 2'],
  ])('variant refuses %#', (value, fault) => {
    expect(faultOf(() => entry.decode(value))).toBe(fault);
  });

  test('variant by number is not variant by its digits', () => {
    const numbered = variant({ property: 'v', key: 0 }, { 1: document({ v: field(0, literal(1)) }) });
    expect(numbered.decode(map([0, 1]))).toEqual({ v: 1 });
    expect(numbered.encode({ v: 1 })).toEqual(map([0, 1]));
    expect(faultOf(() => numbered.decode(map([0, '1'])))).toBe('v: 1, text of 1 characters');
  });

  test('variant refuses to encode what has no variant', () => {
    expect(faultOf(() => entry.encode({ kind: 'other' } as never))).toBe(
      'kind: one of "release", "recall", text of 5 characters',
    );
    expect(faultOf(() => entry.encode(null as never))).toBe(': an object, null');
  });

  test('union, both ways, without a way back', () => {
    const shape = union(
      {
        shape: word,
        probe: (value) => typeof value === 'string',
        holds: (value) => typeof value === 'string',
      },
      { shape: array(word, { max: 2 }), probe: Array.isArray, holds: Array.isArray },
    );
    expectTypeOf<Infer<typeof shape>>().toEqualTypeOf<string | readonly string[]>();
    expect(shape.decode('a')).toBe('a');
    expect(shape.decode(['a', 'b'])).toEqual(['a', 'b']);
    expect(shape.encode(['a'])).toEqual(['a']);
    expect(faultOf(() => shape.decode(1))).toBe(': one of 2 forms, a number');
    expect(faultOf(() => shape.encode(1 as never))).toBe(': one of 2 forms, a number');
    expect(faultOf(() => shape.decode(['a', 1]))).toBe('[1]: text of at most 8 bytes, a number');
  });

  test('lazy, for what contains itself', () => {
    interface Tree {
      readonly name: string;
      readonly children: readonly Tree[];
    }
    const tree: Shape<Tree> = document({
      name: field(1, word),
      children: field(
        2,
        array(
          lazy(() => tree),
          { max: 2 },
        ),
      ),
    });
    const value = map([1, 'a'], [2, [map([1, 'b'], [2, []])]]);
    expect(tree.encode(tree.decode(value))).toEqual(value);
    expect(faultOf(() => tree.decode(map([1, 'a'], [2, [map([1, 'b'], [2, [null]])]])))).toBe(
      'children[0].children[0]: a map, null',
    );
  });
});

describe('a shape of one’s own', () => {
  const even = defineShape<number>(
    (value) => {
      const number = int(0, 100).decode(value);
      return number % 2 === 0 ? number : refuseShape('an even number', value);
    },
    (value) => value,
  );

  test('takes part in the places of faults', () => {
    expect(array(even, { max: 3 }).decode([2, 4])).toEqual([2, 4]);
    expect(faultOf(() => array(even, { max: 3 }).decode([2, 3]))).toBe('[1]: an even number, a number');
    expect(faultOf(() => even.decode(3, 'here'))).toBe('here: an even number, a number');
  });

  test('may give a fault of its own, which passes unchanged', () => {
    const strict = defineShape<string>(
      (value) => toHex(fromHex(word.decode(value))),
      (value) => value,
    );
    const inside = document({ id: field(1, array(strict, { max: 1 })) });
    expect(inside.decode(map([1, ['ab']]))).toEqual({ id: ['ab'] });
    expect(faultOf(() => inside.decode(map([1, ['AB']])))).toBe('digest.bad-hex');
  });
});

test('what a shape encodes it decodes', () => {
  const shape = document({
    a: field(
      1,
      tuple(int(-9, 9), nothing, dictionary(array(bytes({ max: 3 }), { max: 3 }), { maxEntries: 4 })),
    ),
    b: optionalField('b', text({ maxBytes: 100 })),
  });
  const values = fc.record(
    {
      a: fc.tuple(
        fc.integer({ min: -9, max: 9 }),
        fc.constant(null),
        fc
          .dictionary(
            fc.string({ maxLength: 9 }),
            fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 3 }),
            { maxKeys: 4 },
          )
          .map((entries) => new Map(Object.entries(entries))),
      ),
      b: fc.string({ unit: 'binary', maxLength: 25 }),
    },
    { requiredKeys: ['a'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(values, (value) => {
      expect(decodeWith(shape, encodeWith(shape, value))).toEqual(value);
    }),
    { numRuns: 300 },
  );
});
