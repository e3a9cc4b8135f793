import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packItems, unpackItems } from './packed-items.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const item = fc.record({
  entry: bytes,
  record: fc.option(bytes, { nil: undefined }),
  disclosures: fc.array(bytes, { maxLength: 5 }),
});

test('items are the same after they were packed, an empty record and none told apart', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 6 }), (items) => {
      expect(unpackItems(packItems(items))).toEqual(items);
    }),
  );
});

test('packed items share nothing with the batch they came from: their buffers can be handed over', () => {
  const message = Uint8Array.of(1, 2, 3, 4);
  const { bytes: packed } = packItems([
    { entry: message.subarray(0, 2), record: message.subarray(2), disclosures: [] },
  ]);
  structuredClone(packed, { transfer: [packed.buffer] });
  expect([...message]).toEqual([1, 2, 3, 4]);
});
