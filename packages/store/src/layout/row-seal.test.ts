import { encode } from '@comity/cbor';
import { isFault } from '@comity/fault';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RECORD, SETTING } from './keyspace.ts';
import { openRow, ROW_DIGEST_BYTES, sealRow } from './row-seal.ts';
import { decodeRowValue, encodeRowPieces, encodeRowValue } from './row-value.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const key = fc.uint8Array({ minLength: 1, maxLength: 100 });

test('what was sealed opens, also in pieces and at any length', () => {
  fc.assert(
    fc.property(key, fc.array(bytes(2_000), { maxLength: 4 }), (rowKey, pieces) => {
      const { value } = sealRow(rowKey, ...pieces);
      expect(value.length).toBe(ROW_DIGEST_BYTES + pieces.reduce((sum, piece) => sum + piece.length, 0));
      expect(Buffer.from(openRow(rowKey, value)).equals(Buffer.concat(pieces))).toBe(true);
    }),
  );
  const large = new Uint8Array(300_000).fill(1);
  expect(openRow(Uint8Array.of(1), sealRow(Uint8Array.of(1), large).value).length).toBe(large.length);
});

test('rows that are sealed one after the other do not touch each other', () => {
  const rows = Array.from({ length: 5_000 }, (_, number) =>
    sealRow(RECORD.key('real', number), encodeRowValue([number, 'x'.repeat(number % 90)])),
  );
  for (const [number, row] of rows.entries()) {
    expect(RECORD.parse(row.key)).toEqual(['real', number]);
    expect(decodeRowValue(openRow(row.key, row.value))).toEqual([number, 'x'.repeat(number % 90)]);
  }
});

test('any flipped bit is noticed, in digest and payload', () => {
  fc.assert(
    fc.property(key, bytes(200), fc.nat(), (rowKey, payload, at) => {
      const { value } = sealRow(rowKey, payload);
      const flipped = value.slice();
      const bit = at % (8 * flipped.length);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(codeOf(() => openRow(rowKey, flipped))).toBe('store.row-damaged');
    }),
  );
});

test('a value under another key, a cut value and a value too short are noticed', () => {
  const one = sealRow(RECORD.key('real', 1), Uint8Array.of(1, 2, 3));
  expect(codeOf(() => openRow(RECORD.key('real', 2), one.value))).toBe('store.row-damaged');
  expect(codeOf(() => openRow(RECORD.key('exercise', 1), one.value))).toBe('store.row-damaged');
  for (let length = 0; length < one.value.length; length += 1) {
    expect(codeOf(() => openRow(one.key, one.value.subarray(0, length)))).toBe('store.row-damaged');
  }
});

test('a fault names the keyspace and nothing of what is in the row', () => {
  const { key: rowKey, value } = sealRow(SETTING.key('secret-name'), encodeRowValue('secret value'));
  value[20] = (value[20] as number) ^ 1;
  try {
    openRow(rowKey, value);
    expect.unreachable();
  } catch (error) {
    if (!isFault(error)) throw error;
    expect(error.fields).toEqual({ keyspace: 'setting' });
    expect(JSON.stringify(error)).not.toMatch(/secret/);
  }
});

test('pieces make the same bytes as the codec, at every length of a head', () => {
  const lengths = [0, 1, 23, 24, 255, 256, 65_535, 65_536];
  for (const length of lengths) {
    const value = [
      new Uint8Array(length),
      [new Uint8Array(length), new Uint8Array(1)],
      [[null, 1, 'a']],
      null,
      [] as Uint8Array[],
    ];
    const pieces = Buffer.concat(encodeRowPieces(value));
    expect(pieces.equals(encodeRowValue(value))).toBe(true);
    expect(pieces.equals(encode(value, { maxBytes: 1_000_000 }))).toBe(true);
  }
  for (const integer of [
    0,
    1,
    23,
    24,
    255,
    256,
    4_095,
    4_096,
    65_535,
    65_536,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    -1,
  ]) {
    const pieces = Buffer.concat(encodeRowPieces([integer]));
    expect(pieces.equals(encodeRowValue([integer]))).toBe(true);
    expect(decodeRowValue(pieces)).toEqual([integer]);
  }
  const many = Array.from({ length: 300 }, (_, index) => new Uint8Array(index));
  expect(Buffer.concat(encodeRowPieces([many])).equals(encode([many], { maxBytes: 1_000_000 }))).toBe(true);
});

test('a payload that is not one plain item is damage, even under a right digest', () => {
  for (const hex of ['', 'ff', '0000', 'c1', '83', '5820', '1c', 'f800']) {
    expect(codeOf(() => decodeRowValue(Uint8Array.from(Buffer.from(hex, 'hex'))))).toBe('store.row-damaged');
  }
});

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}
