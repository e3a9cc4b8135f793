import { beforeEach, expect, test } from 'vitest';
import { AnswerPace, classEndMs } from './answer-pace.ts';

const never = new AbortController().signal;

let nowMs: number;
let pausesMs: number[];
let pace: AnswerPace;

const timing = {
  nowMs: () => nowMs,
  pause: async (ms: number) => {
    pausesMs.push(ms);
    nowMs += ms;
  },
};

beforeEach(() => {
  nowMs = 1_000;
  pausesMs = [];
  pace = new AnswerPace(timing);
});

/** When something leaves that took so much work. */
async function leavesAfter(workMs: number): Promise<number> {
  pace = new AnswerPace(timing);
  const fromMs = nowMs;
  nowMs += workMs;
  await pace.reachEnd(never);
  return nowMs - fromMs;
}

test('whatever is done within a class leaves at its end', async () => {
  for (const workMs of [0, 16, 43, 249]) expect(await leavesAfter(workMs)).toBe(250);
  for (const workMs of [250, 499]) expect(await leavesAfter(workMs)).toBe(500);
  expect(await leavesAfter(501)).toBe(1_000);
  expect(await leavesAfter(33_000)).toBe(64_000);
});

test('classes double up to a minute or so, and do not grow on', () => {
  expect([63_999, 64_000, 128_000, 130_000].map(classEndMs)).toEqual([64_000, 128_000, 192_000, 192_000]);
});

test('work that goes on beyond a class is told so at its end, and ends with a later one', async () => {
  nowMs += 249;
  expect(pace.isOver).toBe(false);
  nowMs += 11;
  expect(pace.isOver).toBe(true);
  pace.next();
  expect(pace.isOver).toBe(false);
  nowMs += 3;
  await pace.reachEnd(never);
  expect(nowMs).toBe(1_500);
});

test('what the peer takes to take answers moves the ends of the classes along', async () => {
  nowMs += 100;
  pace.leave();
  nowMs += 10_001;
  pace.resume();
  nowMs += 100;
  expect(pace.isOver).toBe(false);
  await pace.reachEnd(never);
  expect(nowMs).toBe(1_000 + 10_001 + 250);
});

test('counting begins anew where the rest answers as another question would', async () => {
  nowMs += 400;
  await pace.reachEnd(never);
  pace.restart();
  nowMs += 10;
  await pace.reachEnd(never);
  expect(nowMs).toBe(1_000 + 500 + 250);
});

test('a timer that comes early is waited for again, and nothing is once nobody listens', async () => {
  const early = new AnswerPace({
    nowMs: () => nowMs,
    pause: async (ms) => {
      pausesMs.push(ms);
      nowMs += Math.max(1, ms - 2);
    },
  });
  await early.reachEnd(never);
  expect(nowMs).toBeGreaterThanOrEqual(1_250);
  expect(pausesMs.length).toBeGreaterThan(1);
  const before = nowMs;
  await new AnswerPace(timing).reachEnd(AbortSignal.abort());
  expect(nowMs).toBe(before);
});
