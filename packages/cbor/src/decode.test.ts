import { fromHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { describe, expect, test } from 'vitest';
import { type CborLimits, decode, encode, REDACTED, Tagged } from './index.ts';

function faultOf(bytes: Uint8Array, limits?: Partial<CborLimits>): unknown {
  try {
    decode(bytes, limits);
  } catch (thrown) {
    return isFault(thrown) ? [thrown.code, thrown.fields.offset] : thrown;
  }
  return 'accepted';
}

const accepted = 'accepted';

describe('what a value becomes', () => {
  test('maps are Map, in order, also with keys that are special to objects', () => {
    const value = decode(fromHex('a30100613101695f5f70726f746f5f5ff6'));
    expect(value).toBeInstanceOf(Map);
    expect([...(value as Map<unknown, unknown>)]).toEqual([
      [1, 0],
      ['1', 1],
      ['__proto__', null],
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('simple(59) and tags', () => {
    const value = decode(fromHex(`a1f83b81d83c5820${'07'.repeat(32)}`)) as ReadonlyMap<unknown, unknown>;
    expect(value.get(REDACTED)).toEqual([new Tagged(60, new Uint8Array(32).fill(7))]);
  });

  test('byte strings are plain views of the input, of a Buffer too', () => {
    const input = Buffer.from('824101420203', 'hex');
    const [one, two] = decode(input) as Uint8Array[];
    expect(one?.constructor).toBe(Uint8Array);
    expect(one?.buffer).toBe(input.buffer);
    expect(two).toEqual(new Uint8Array([2, 3]));
  });

  test('an input that begins inside its buffer', () => {
    const outer = new Uint8Array([0xff, 0x82, 0x41, 0x07, 0x61, 0x61, 0xff]);
    expect(decode(outer.subarray(1, 6))).toEqual([new Uint8Array([7]), 'a']);
  });

  test('a fault does not disturb the next call', () => {
    expect(faultOf(fromHex('8261ff'))).toEqual(['cbor.bad-utf8', 2]);
    expect(faultOf(fromHex('8261'))).toEqual(['cbor.truncated', 0]);
    expect(decode(fromHex('820102'))).toEqual([1, 2]);
  });

  test.each([0, 1, 3, 4, 5, 15, 16, 17, 23, 24, 255, 256, 5_000])('texts of %i units', (units) => {
    for (const character of ['x', 'ü', '水', '𐅑']) {
      const text = character.repeat(units);
      expect(decode(encode(text))).toBe(text);
      const mixed = `${'x'.repeat(units)}${character}`;
      expect(decode(encode(mixed))).toBe(mixed);
    }
  });
});

describe('the fault tells where', () => {
  test.each([
    ['830102f7', 'cbor.undefined', 3],
    ['a2016161024100f9', 'cbor.trailing-bytes', 7],
    ['a20161610142aabb', 'cbor.duplicate-key', 4],
    ['8161ff', 'cbor.bad-utf8', 2],
    ['8281001817', 'cbor.not-shortest', 3],
  ])('%s: %s at %i', (hex, code, offset) => {
    expect(faultOf(fromHex(hex))).toEqual([code, offset]);
  });

  test('and does not quote the input', () => {
    try {
      decode(fromHex(`a2667365637265740066736563726574${'00'}`));
    } catch (thrown) {
      expect(JSON.stringify(thrown)).not.toContain('secret');
      return;
    }
    expect.unreachable();
  });
});

describe('limits, on both sides', () => {
  const nested = (depth: number) => new Uint8Array(depth + 1).fill(0x81, 0, depth);

  test('bytes: 65536 by default', () => {
    expect(faultOf(encode(new Uint8Array(65_533)))).toBe(accepted);
    expect(faultOf(encode(new Uint8Array(65_534)))).toEqual(['cbor.too-many-bytes', 65_536]);
  });

  test('bytes as given, before anything is parsed', () => {
    expect(faultOf(fromHex('4401020304'), { maxBytes: 5 })).toBe(accepted);
    expect(faultOf(fromHex('4401020304'), { maxBytes: 4 })).toEqual(['cbor.too-many-bytes', 4]);
    expect(faultOf(fromHex('ffffffffff'), { maxBytes: 4 })).toEqual(['cbor.too-many-bytes', 4]);
  });

  test('depth: 16 by default, arrays and maps alike', () => {
    expect(faultOf(nested(16))).toBe(accepted);
    expect(faultOf(nested(17))).toEqual(['cbor.too-deep', 16]);
    const maps = (depth: number) => fromHex(`${'a100'.repeat(depth)}00`);
    expect(faultOf(maps(16))).toBe(accepted);
    expect(faultOf(maps(17))).toEqual(['cbor.too-deep', 32]);
  });

  test('depth as given, but never beyond 64', () => {
    expect(faultOf(nested(2), { maxDepth: 2 })).toBe(accepted);
    expect(faultOf(nested(3), { maxDepth: 2 })).toEqual(['cbor.too-deep', 2]);
    expect(faultOf(fromHex('00'), { maxDepth: 0 })).toBe(accepted);
    expect(faultOf(fromHex('80'), { maxDepth: 0 })).toEqual(['cbor.too-deep', 0]);
    expect(faultOf(nested(64), { maxDepth: 1_000_000 })).toBe(accepted);
    expect(faultOf(nested(65), { maxDepth: 1_000_000 })).toEqual(['cbor.too-deep', 64]);
    expect(faultOf(nested(60_000), { maxDepth: 1_000_000 })).toEqual(['cbor.too-deep', 64]);
  });

  test('a tag is no level', () => {
    expect(faultOf(fromHex(`d2${'81'.repeat(16)}00`))).toBe(accepted);
  });

  test('items: 4096 by default, the outermost included', () => {
    expect(faultOf(encode(new Array(4_095).fill(0)))).toBe(accepted);
    expect(faultOf(encode(new Array(4_096).fill(0)))).toEqual(['cbor.too-many-items', 0]);
  });

  test('items as given: keys, values and tag contents count', () => {
    expect(faultOf(fromHex('a10000'), { maxItems: 3 })).toBe(accepted);
    expect(faultOf(fromHex('a10000'), { maxItems: 2 })).toEqual(['cbor.too-many-items', 0]);
    expect(faultOf(fromHex('d20c'), { maxItems: 2 })).toBe(accepted);
    expect(faultOf(fromHex('d20c'), { maxItems: 1 })).toEqual(['cbor.too-many-items', 0]);
    expect(faultOf(fromHex('828080'), { maxItems: 3 })).toBe(accepted);
    expect(faultOf(fromHex('82808100'), { maxItems: 3 })).toEqual(['cbor.too-many-items', 2]);
  });

  test('larger limits where they are given', () => {
    const large = new Array(100_000).fill('element');
    const limits = { maxBytes: 2 ** 20, maxItems: 2 ** 17 };
    expect(decode(encode(large), limits)).toEqual(large);
  });
});
