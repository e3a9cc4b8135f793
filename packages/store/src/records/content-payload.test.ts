import type { StateId } from '@comity/label';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRowValue } from '../layout/row-value.ts';
import { type ContentPayload, ContentWriter, readContent } from './content-payload.ts';

const digest = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
/** Lengths on both sides of where a head grows. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536).map((length) => new Uint8Array(length).fill(5)),
);
const number = fc.oneof(
  fc.maxSafeNat(),
  fc.nat({ max: 300 }),
  fc.constantFrom(65_535, 65_536, 2 ** 32 - 1, 2 ** 32),
);
const source = fc.record({
  peer: fc.option(digest.map((text) => text as StateId)),
  receivedAtSeconds: number,
  ledgerIndex: fc.option(number),
});
const content = fc.record({
  bytes,
  disclosures: fc.array(bytes, { maxLength: 30 }),
  sources: fc.array(source, { maxLength: 4 }),
  withdrawn: fc.array(digest, { minLength: 1, maxLength: 4 }),
});

function written(payload: ContentPayload): Uint8Array {
  const writer = new ContentWriter(payload);
  const target = new Uint8Array(writer.byteLength + 9).fill(0xee);
  writer.write(target, 4);
  // Not a byte before or behind.
  expect([...target.subarray(0, 4), ...target.subarray(-5)]).toEqual(new Array(9).fill(0xee));
  return target.subarray(4, -5);
}

test('what is written is read back, and is the CBOR that any encoder would write', () => {
  fc.assert(
    fc.property(content, (payload) => {
      const bytesWritten = written(payload);
      expect(readContent(bytesWritten)).toEqual(payload);
      const { bytes: signed, disclosures, sources, withdrawn } = payload;
      const plain = encodeRowValue([
        signed,
        disclosures,
        sources.map(({ peer, receivedAtSeconds, ledgerIndex }) => [peer, receivedAtSeconds, ledgerIndex]),
        withdrawn.map((text) => new Uint8Array(Buffer.from(text, 'hex'))),
      ]);
      // cbor-x writes integers beyond 2^32 as floats.
      if (
        !sources.some((source) => source.receivedAtSeconds >= 2 ** 32 || (source.ledgerIndex ?? 0) >= 2 ** 32)
      ) {
        expect(Buffer.from(bytesWritten).equals(plain)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test('where nothing was taken away, nothing is said about it', () => {
  const payload = { bytes: new Uint8Array(3), disclosures: [], sources: [] };
  expect(readContent(written(payload))).toEqual(payload);
  expect(readContent(written({ ...payload, withdrawn: [] }))).toEqual(payload);
});
