import { expect, test } from 'vitest';
import { lateProgress } from './late-progress.ts';

function shownOf(timesMs: readonly number[], total = timesMs.length): string[] {
  const shown: string[] = [];
  let nowMs = 50_000;
  const told = lateProgress(
    (event) => shown.push(JSON.stringify(event)),
    'verifying',
    () => nowMs,
  );
  for (const [place, atMs] of timesMs.entries()) {
    nowMs = 50_000 + atMs;
    told(place + 1, total);
  }
  return shown;
}
const at = (done: number, total: number): string => JSON.stringify({ progress: 'verifying', done, total });

test('what is done within a second is not shown', () => {
  expect(shownOf([10, 500, 999])).toEqual([]);
  // Nor is what ends with the first thing to show.
  expect(shownOf([10, 5_000])).toEqual([]);
});

test('what takes longer is shown now and then, and its end always', () => {
  expect(shownOf([900, 1_000, 1_100, 1_249, 1_250, 1_300])).toEqual([at(2, 6), at(5, 6), at(6, 6)]);
});
