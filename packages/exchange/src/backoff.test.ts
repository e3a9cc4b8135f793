import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Backoff } from './backoff.ts';

test('pauses stay within their bounds, whatever is drawn', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.uint8Array({ minLength: 4, maxLength: 4 })), (drawn) => {
      const backoff = new Backoff(1_000, 60_000, () => drawn.next().value as Uint8Array);
      let previous = 1_000;
      for (let round = 0; round < 50; round += 1) {
        const pause = backoff.next();
        expect(pause).toBeGreaterThanOrEqual(1_000);
        expect(pause).toBeLessThanOrEqual(Math.min(60_000, 3 * previous));
        previous = pause;
      }
      backoff.reset();
      expect(backoff.next()).toBeLessThanOrEqual(3_000);
    }),
    { numRuns: 50 },
  );
});
