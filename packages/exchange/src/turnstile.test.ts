import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';
import { settle } from './virtual-clock.test-support.ts';

test('a turnstile lets in as many as it has places, in order', async () => {
  const turnstile = new Turnstile(2);
  const never = new AbortController().signal;
  const entered: number[] = [];
  const leaves = new Map<number, () => void>();
  for (let index = 0; index < 5; index += 1) {
    void turnstile.enter(never).then((leave) => {
      entered.push(index);
      leaves.set(index, leave);
    });
  }
  await settle();
  expect(entered).toEqual([0, 1]);
  leaves.get(1)?.();
  leaves.get(1)?.();
  await settle();
  expect(entered).toEqual([0, 1, 2]);
  for (const index of [0, 2]) leaves.get(index)?.();
  await settle();
  expect(entered).toEqual([0, 1, 2, 3, 4]);
});

test('whoever stops waiting takes no place', async () => {
  const turnstile = new Turnstile(1);
  const never = new AbortController().signal;
  const leave = await turnstile.enter(never);
  const abort = new AbortController();
  const given = turnstile.enter(abort.signal);
  const next = turnstile.enter(never);
  const gaveUp = expect(given).rejects.toMatchObject({ code: 'exchange.stopping' });
  abort.abort();
  await gaveUp;
  leave();
  (await next)();
  (await turnstile.enter(never))();
  await expect(turnstile.enter(abort.signal)).rejects.toMatchObject({ code: 'exchange.stopping' });
});
