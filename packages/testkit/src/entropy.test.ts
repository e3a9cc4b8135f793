import { toHex } from '@comity/digest';
import { expect, test } from 'vitest';

import { seededEntropy } from './index.ts';

test('one seed gives one stream, in every run', () => {
  const [one, two] = [seededEntropy('a'), seededEntropy('a')];
  for (const byteLength of [16, 1, 0, 32, 33, 100]) {
    const bytes = one(byteLength);
    expect(bytes).toHaveLength(byteLength);
    expect(two(byteLength)).toEqual(bytes);
  }
  expect(toHex(seededEntropy('comity')(8))).toBe('b039549a8a796b9f');
});

test('seeds are told apart, numbers from texts too', () => {
  const streams = ['a', 'b', '', 1, '1', 2].map((seed) => toHex(seededEntropy(seed)(16)));
  expect(new Set(streams).size).toBe(streams.length);
});

test('no two calls give the same bytes', () => {
  const entropy = seededEntropy(7);
  const salts = Array.from({ length: 1_000 }, () => toHex(entropy(16)));
  expect(new Set(salts).size).toBe(1_000);
});
