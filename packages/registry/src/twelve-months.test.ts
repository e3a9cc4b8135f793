import { expect, test } from 'vitest';
import { afterTwelveMonths } from './twelve-months.ts';

const seconds = (text: string): number => Date.parse(text) / 1000;

test.each([
  ['2026-06-01T10:00:00Z', '2027-06-01T10:00:00Z'],
  ['2027-02-28T23:59:59Z', '2028-02-28T23:59:59Z'],
  ['2027-03-01T00:00:00Z', '2028-03-01T00:00:00Z'],
  ['2028-01-31T00:00:00Z', '2029-01-31T00:00:00Z'],
  ['2028-02-28T00:00:00Z', '2029-02-28T00:00:00Z'],
  ['2028-02-29T12:00:00Z', '2029-02-28T12:00:00Z'],
  ['2028-03-01T00:00:00Z', '2029-03-01T00:00:00Z'],
  ['2099-12-31T00:00:00Z', '2100-12-31T00:00:00Z'],
  ['2099-06-01T00:00:00Z', '2100-06-01T00:00:00Z'],
])('twelve months after %s is %s', (begin, end) => {
  expect(afterTwelveMonths(seconds(begin))).toBe(seconds(end));
});
