import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteQueue } from './byte-queue.ts';

test('the byte queue gives back what was put in, whatever the chunks', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 });
  fc.assert(
    fc.property(chunks, fc.array(fc.nat(60), { maxLength: 30 }), (pushed, sizes) => {
      const queue = new ByteQueue();
      for (const chunk of pushed) queue.push(chunk);
      let rest = Buffer.concat(pushed);
      for (const size of sizes) {
        expect(queue.byteLength).toBe(rest.length);
        expect(queue.peekUint32()).toBe(rest.length < 4 ? undefined : rest.readUInt32BE());
        if (size > rest.length) {
          expect(() => queue.take(size)).toThrow(RangeError);
          continue;
        }
        if (size % 3 === 0) queue.skip(size);
        else expect(Buffer.from(queue.take(size))).toEqual(rest.subarray(0, size));
        rest = rest.subarray(size);
      }
    }),
  );
});
