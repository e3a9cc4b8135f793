import { isFault } from '@comity/fault';
import { expect, test } from 'vitest';
import { type CborKey, type CborValue, diagnose, REDACTED, Tagged } from './index.ts';

test('every type, on one line', () => {
  const value = new Map<CborKey, CborValue>([
    [1, [true, false, null, -7]],
    ['key', new Uint8Array([0, 255])],
    [REDACTED, [new Tagged(60, new Uint8Array(1))]],
  ]);
  expect(diagnose(value)).toBe(`{1: [true, false, null, -7], "key": h'00ff', simple(59): [60(h'00')]}`);
  expect(diagnose(new Tagged(18, []))).toBe('18([])');
});

test('what could rearrange a terminal is escaped', () => {
  expect(diagnose('a\u202eb\u001b[2J\n"\\\u0085\u200b')).toBe(
    '"a\\u202eb\\u001b[2J\\n\\"\\\\\\u0085\\u200b"',
  );
  expect(diagnose(new Map([['\u2066', 'ü水']]))).toBe('{"\\u2066": "ü水"}');
  expect(diagnose('\u{e0001}')).toBe('"\\udb40\\udc01"');
});

test('a value that contains itself is refused', () => {
  const circular: CborValue[] = [];
  circular.push(circular);
  try {
    diagnose(circular);
  } catch (thrown) {
    expect(isFault(thrown, 'cbor.too-deep')).toBe(true);
    return;
  }
  expect.unreachable();
});
