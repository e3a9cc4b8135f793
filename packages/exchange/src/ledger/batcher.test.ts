import { expect, test } from 'vitest';
import { sampleItem } from '../memory-ports.test-support.ts';
import { itemBytes } from './batcher.ts';

test('the size of an item is what it adds to a message', () => {
  expect(itemBytes({ entry: new Uint8Array(10), record: undefined, disclosures: [] })).toBe(26);
  expect(itemBytes(sampleItem(1, 100, 3, 50))).toBe(16 + 160 + 100 + 3 * 55);
});
