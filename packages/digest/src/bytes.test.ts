import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes, concatBytes, equalBytes, firstNotAscending } from './index.ts';

const bytes = (...values: number[]) => new Uint8Array(values);

test('equalBytes', () => {
  expect(equalBytes(bytes(), bytes())).toBe(true);
  expect(equalBytes(bytes(1, 2), bytes(1, 2))).toBe(true);
  expect(equalBytes(bytes(1, 2), bytes(0, 1, 2).subarray(1))).toBe(true);
  expect(equalBytes(bytes(1, 2), bytes(1, 3))).toBe(false);
  expect(equalBytes(bytes(1, 2), bytes(2, 2))).toBe(false);
  expect(equalBytes(bytes(1, 2), bytes(1))).toBe(false);
  expect(equalBytes(bytes(1), bytes(1, 0))).toBe(false);
});

test('equalBytes agrees with Buffer', () => {
  const short = fc.uint8Array({ maxLength: 3, max: 1 });
  fc.assert(
    fc.property(short, short, (a, b) => {
      expect(equalBytes(a, b)).toBe(Buffer.from(a).equals(b));
    }),
    { numRuns: 500 },
  );
});

test('compareBytes agrees with Buffer', () => {
  const short = fc.uint8Array({ maxLength: 3, max: 2 });
  fc.assert(
    fc.property(short, short, (a, b) => {
      expect(compareBytes(a, b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 500 },
  );
});

test('firstNotAscending finds what is equal to or below the one before', () => {
  expect(firstNotAscending([])).toBe(-1);
  expect(firstNotAscending([bytes(2)])).toBe(-1);
  expect(firstNotAscending([bytes(1), bytes(1, 0), bytes(2)])).toBe(-1);
  expect(firstNotAscending([bytes(1), bytes(2), bytes(2)])).toBe(2);
  expect(firstNotAscending([bytes(1, 0), bytes(1), bytes(0)])).toBe(1);
});

test('concatBytes', () => {
  expect(concatBytes()).toEqual(bytes());
  expect(concatBytes(bytes(1), bytes(), bytes(0, 2, 3).subarray(1))).toEqual(bytes(1, 2, 3));
  const part = bytes(1);
  const joined = concatBytes(part);
  part[0] = 9;
  expect(joined).toEqual(bytes(1));
});
