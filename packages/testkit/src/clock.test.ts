import type { Clock } from '@comity/exchange';
import { expect, test } from 'vitest';

import { virtualClock } from './index.ts';

test('a clock stands still until it is moved', () => {
  const clock = virtualClock(1_000);
  expect(clock.nowSeconds()).toBe(1_000);
  clock.advanceMs(1_999);
  expect(clock.nowMs()).toBe(1_001_999);
  expect(clock.nowSeconds()).toBe(1_001);
  clock.advanceSeconds(10);
  expect(clock.nowSeconds()).toBe(1_011);
});

test('a clock never goes back', () => {
  const clock = virtualClock(5);
  expect(() => clock.advanceMs(-1)).toThrow(RangeError);
  expect(() => clock.advanceSeconds(Number.NaN)).toThrow(RangeError);
  expect(clock.nowSeconds()).toBe(5);
});

test('tasks run in order, each at its own time, and only once', () => {
  const clock = virtualClock(0);
  const log: string[] = [];
  const note = (name: string) => () => log.push(`${name}@${clock.nowMs()}`);
  clock.schedule(300, note('c'));
  clock.schedule(100, note('a'));
  clock.schedule(100, note('b'));
  clock.schedule(-5, note('now'));
  expect(clock.pending()).toBe(4);
  clock.advanceMs(0);
  expect(log).toEqual(['now@0']);
  clock.advanceMs(250);
  expect(log).toEqual(['now@0', 'a@100', 'b@100']);
  clock.advanceMs(1_000);
  expect(log).toEqual(['now@0', 'a@100', 'b@100', 'c@300']);
  expect(clock.nowMs()).toBe(1_250);
  expect(clock.pending()).toBe(0);
});

test('a task may schedule another that falls due on the way', () => {
  const clock = virtualClock(0);
  const at: number[] = [];
  const tick = (): void => {
    at.push(clock.nowMs());
    clock.schedule(100, tick);
  };
  clock.schedule(100, tick);
  clock.advanceMs(350);
  expect(at).toEqual([100, 200, 300]);
  expect(clock.pending()).toBe(1);
});

test('what is cancelled does not run, also when another task cancels it', () => {
  const clock = virtualClock(0);
  const log: string[] = [];
  const cancel = clock.schedule(10, () => log.push('first'));
  cancel();
  cancel();
  const later = clock.schedule(30, () => log.push('later'));
  clock.schedule(20, later);
  clock.advanceMs(100);
  expect(log).toEqual([]);
});

test('it can be the clock of an exchange', () => {
  const clock: Clock = virtualClock(0);
  expect(clock.nowMs()).toBe(0);
});
