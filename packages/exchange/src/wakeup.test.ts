import { expect, test } from 'vitest';
import { settle, VirtualClock } from './virtual-clock.test-support.ts';
import { Wakeup } from './wakeup.ts';

test('a wait ends by notice, by time or by signal, and a notice is not lost', async () => {
  const clock = new VirtualClock();
  const wakeup = new Wakeup(clock);
  wakeup.notify();
  expect(await wakeup.wait(1_000)).toBe(true);
  const timed = wakeup.wait(1_000);
  await clock.advance(1_000);
  expect(await timed).toBe(false);
  const noticed = wakeup.wait(Number.POSITIVE_INFINITY);
  await settle();
  wakeup.notify();
  expect(await noticed).toBe(true);
  const abort = new AbortController();
  const aborted = wakeup.wait(1_000, abort.signal);
  abort.abort();
  expect(await aborted).toBe(false);
  expect(await wakeup.wait(1_000, abort.signal)).toBe(false);
  expect(clock.pending).toBe(0);
});
