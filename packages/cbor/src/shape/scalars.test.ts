import { isFault } from '@comity/fault';
import { describe, expect, test } from 'vitest';
import {
  anyValue,
  bool,
  bytes,
  type CborValue,
  int,
  literal,
  nothing,
  oneOf,
  REDACTED,
  type Shape,
  Tagged,
  text,
  uint,
} from '../index.ts';

/** Fields and message of the one fault that shapes give. */
function shapeFaultOf(convert: () => unknown): unknown {
  try {
    convert();
  } catch (thrown) {
    if (isFault(thrown, 'cbor.shape')) return { ...thrown.fields, message: thrown.message };
    throw thrown;
  }
  return 'accepted';
}

const acceptable: readonly [string, Shape<unknown>, readonly CborValue[]][] = [
  ['uint', uint(), [0, 1, 2 ** 53 - 1]],
  ['uint(10)', uint(10), [0, 10]],
  ['int(-5, 5)', int(-5, 5), [-5, 0, 5]],
  ['bool', bool, [true, false]],
  ['nothing', nothing, [null]],
  ['literal(1)', literal(1), [1]],
  ['literal("a")', literal('a'), ['a']],
  ['oneOf(1, "1", null)', oneOf(1, '1', null), [1, '1', null]],
  ['bytes(2)', bytes(2), [new Uint8Array(2)]],
  ['bytes 1 to 3', bytes({ min: 1, max: 3 }), [new Uint8Array(1), new Uint8Array(3)]],
  ['bytes up to 3', bytes({ max: 3 }), [new Uint8Array(0), new Uint8Array(3)]],
  ['text up to 4', text({ maxBytes: 4 }), ['', 'abcd', 'üü', '水', '𐅑']],
  ['text 2 to 4', text({ minBytes: 2, maxBytes: 4 }), ['ab', 'ü', 'abcd']],
  ['text with a pattern', text({ maxBytes: 9, pattern: /^[a-f]+$/ }), ['abc']],
  ['display', text({ maxBytes: 40, display: true }), ['a\tb\nc', 'עברית\u200f', 'u\u0308', 'a\u200db']],
  ['anyValue', anyValue, [null, [1], new Tagged(18, null), new Map([[REDACTED, []]])]],
];

test.each(acceptable)('%s passes values through, both ways', (_name, shape, values) => {
  for (const value of values) {
    expect(shape.decode(value)).toBe(value);
    expect(shape.encode(value)).toBe(value);
  }
});

const unacceptable: readonly [string, Shape<unknown>, readonly unknown[]][] = [
  ['uint', uint(), [-1, '1', true, null, 1.5, Number.NaN, 2 ** 53, [], 1n]],
  ['uint(10)', uint(10), [11, -1]],
  ['int(-5, 5)', int(-5, 5), [-6, 6, 0.5, '0']],
  ['bool', bool, [0, 1, 'true', null]],
  ['nothing', nothing, [0, false, '', undefined]],
  ['literal(1)', literal(1), ['1', true, 2]],
  ['literal("a")', literal('a'), ['b', '', 97]],
  ['oneOf(1, "1", null)', oneOf(1, '1', null), [2, 'null', false, undefined]],
  ['bytes(2)', bytes(2), [new Uint8Array(1), new Uint8Array(3), 'ab', [1, 2]]],
  ['bytes 1 to 3', bytes({ min: 1, max: 3 }), [new Uint8Array(0), new Uint8Array(4)]],
  ['text up to 4', text({ maxBytes: 4 }), ['abcde', 'üüü', '水水', '𐅑a', 4, null, new Uint8Array(2)]],
  ['text 2 to 4', text({ minBytes: 2, maxBytes: 4 }), ['', 'a', 'abcde']],
  ['text with a pattern', text({ maxBytes: 9, pattern: /^[a-f]+$/ }), ['', 'abg', 'ABC', 'abcdefabcdef']],
  [
    'display',
    text({ maxBytes: 40, display: true }),
    ['a\rb', '\u202e', 'a\u2066b', '\u0000', '\u0085', '\u001b[2J'],
  ],
];

test.each(unacceptable)('%s refuses others, both ways', (_name, shape, values) => {
  for (const value of values) {
    expect(shapeFaultOf(() => shape.decode(value as CborValue))).toMatchObject({ at: '' });
    expect(shapeFaultOf(() => shape.encode(value))).toMatchObject({ at: '' });
  }
});

describe('the fault', () => {
  test('names the place, what was expected, and type and size of what was got', () => {
    expect(shapeFaultOf(() => text({ maxBytes: 3 }).decode('secret', 'charter.code'))).toEqual({
      at: 'charter.code',
      expected: 'text of at most 3 bytes',
      got: 'text of 6 characters',
      message: 'charter.code: expected text of at most 3 bytes, got text of 6 characters',
    });
  });

  test.each<[unknown, string]>([
    [undefined, 'nothing'],
    [null, 'null'],
    [7, 'a number'],
    [-7, 'a negative number'],
    ['secret', 'text of 6 characters'],
    [new Uint8Array(4), '4 bytes'],
    [[1, 2], 'an array of 2'],
    [new Map([[1, 2]]), 'a map of 1'],
    [new Tagged(98, 'secret'), 'tag 98'],
    [REDACTED, 'simple(59)'],
    [true, 'a boolean'],
    [{ secret: 1 }, 'a value of type object'],
  ])('never quotes content', (value, got) => {
    expect(shapeFaultOf(() => literal('x').decode(value as CborValue))).toMatchObject({
      got,
      expected: '"x"',
    });
  });
});
