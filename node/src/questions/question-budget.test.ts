import type { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { beforeEach, expect, test } from 'vitest';
import { WorkSlices } from '../process/work-slices.ts';
import { QuestionBudget } from './question-budget.ts';

const [one, other] = ['a', 'b'].map((digit) => digit.repeat(64)) as [StateId, StateId];
const WORK_MS = 1_000;

let nowMs: number;
let budget: QuestionBudget;

beforeEach(() => {
  nowMs = 5;
  budget = new QuestionBudget(WORK_MS, () => nowMs);
});

const enter = (peer = one, signal = new AbortController().signal) => budget.enter(peer, signal);
const codeOf = (admitting: Promise<unknown>): Promise<string> =>
  admitting.then(
    () => 'admitted',
    ({ code }: Fault) => code,
  );

test('of each peer one question is answered at a time', async () => {
  const first = await enter();
  expect(await codeOf(enter())).toBe('query.busy');
  expect(await codeOf(enter(other))).toBe('admitted');
  first.leave(0);
  expect(await codeOf(enter())).toBe('admitted');
});

test('one that the peer has given up is waited for, and makes room for one', async () => {
  const givenUp = new AbortController();
  const first = await enter(one, givenUp.signal);
  givenUp.abort();
  const waiting = [codeOf(enter()), codeOf(enter())];
  await new Promise(setImmediate);
  first.leave(0);
  expect((await Promise.all(waiting)).sort()).toEqual(['admitted', 'query.busy']);
});

test('what a peer has used of a minute is forgiven evenly, and is nothing to another peer', async () => {
  (await enter()).leave(WORK_MS / 2 - 1);
  expect(await codeOf(enter())).toBe('admitted');
  budget = new QuestionBudget(WORK_MS, () => nowMs);
  // A long one is not cut short; it is owed.
  (await enter()).leave(3 * WORK_MS);
  expect(await codeOf(enter())).toBe('query.budget');
  expect(await codeOf(enter(other))).toBe('admitted');
  nowMs += 180_000;
  expect(await codeOf(enter())).toBe('query.budget');
  nowMs += 1;
  expect(await codeOf(enter())).toBe('admitted');
});

test('the least question is charged a class, so that many of them come to an end', async () => {
  let admitted = 0;
  for (; (await codeOf(enter().then((admission) => admission.leave(0)))) === 'admitted'; ) admitted += 1;
  expect(admitted).toBe(WORK_MS / 250);
});

test('two times that are alike to the peer are charged alike', async () => {
  const admittedAfter = async (spentMs: number): Promise<number> => {
    budget = new QuestionBudget(WORK_MS, () => nowMs);
    let admitted = 0;
    for (; (await codeOf(enter().then((admission) => admission.leave(spentMs)))) === 'admitted'; )
      admitted += 1;
    return admitted;
  };
  expect(await admittedAfter(251)).toBe(await admittedAfter(499));
  expect(await admittedAfter(251)).toBeLessThan(await admittedAfter(249));
});

test('leaving twice is leaving once', async () => {
  const first = await enter();
  first.leave(0);
  const second = await enter();
  first.leave(10 * WORK_MS);
  expect(await codeOf(enter())).toBe('query.busy');
  second.leave(0);
  expect(await codeOf(enter())).toBe('admitted');
});

test('work is counted without its pauses, and rests when a slice is over', async () => {
  const slices = new WorkSlices(() => nowMs);
  let turns = 0;
  const others = (): void => {
    turns += 1;
    nowMs += 1_000;
  };
  nowMs += 9;
  setImmediate(others);
  await slices.rest();
  expect({ turns, isOver: slices.isOver }).toEqual({ turns: 0, isOver: false });
  nowMs += 1;
  expect(slices.isOver).toBe(true);
  await slices.rest();
  expect({ turns, isOver: slices.isOver, spentMs: slices.spentMs }).toEqual({
    turns: 1,
    isOver: false,
    spentMs: 10,
  });
  slices.pause();
  nowMs += 500;
  expect(slices.spentMs).toBe(10);
  slices.resume();
  nowMs += 5;
  await expect(slices.during(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  nowMs += 2;
  expect(slices.spentMs).toBe(17);
});
