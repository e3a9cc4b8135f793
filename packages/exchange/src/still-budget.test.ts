import { expect, test } from 'vitest';
import { StillBudget } from './still-budget.ts';
import { VirtualClock } from './virtual-clock.test-support.ts';

test('an honest pace is never refused, a burst now and then neither, a flood is', async () => {
  const clock = new VirtualClock();
  const budget = new StillBudget(clock, 15_000);
  for (let round = 0; round < 100; round += 1) {
    await clock.advance(5_000);
    budget.spend();
  }
  await clock.advance(60_000);
  for (let round = 0; round < 8; round += 1) budget.spend();
  expect(() => budget.spend()).toThrow(expect.objectContaining({ code: 'exchange.still-flood' }));
  await clock.advance(3_750);
  budget.spend();
  expect(() => budget.spend()).toThrow(expect.objectContaining({ code: 'exchange.still-flood' }));
});
