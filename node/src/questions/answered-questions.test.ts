import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Question } from '@comity/query';
import { Store, TABLES } from '@comity/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AnsweredQuestions } from './answered-questions.ts';

const [one, other, self] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [StateId, StateId, StateId];
const LIMITS = { keptQuestions: 3, maxAgeSeconds: 100 };

let directory: string;
let store: Store;
let nowSeconds: number;
let questions: AnsweredQuestions;

const now = (): number => nowSeconds;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'comity-questions-'));
  store = await Store.create(join(directory, 'store'), { state: self });
  nowSeconds = 10_000;
  questions = new AnsweredQuestions({ store, now }, LIMITS);
});

afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

const questionOf = (number: number, issuedAtSeconds = nowSeconds): Question =>
  ({
    id: number.toString(16).padStart(64, '0'),
    issuedAtSeconds,
    bytes: new Uint8Array([number & 255]),
    purpose: 'incident-response',
  }) as Question;

const codeOf = (work: Promise<void>): Promise<string> =>
  work.then(
    () => 'begun',
    ({ code }: Fault) => code,
  );

/** Numbers of the questions of a peer that are in the store, the oldest first. */
async function keptOf(peer: StateId): Promise<number[]> {
  const rows = await store.list(TABLES.queries, ['real', 'answered']);
  return rows.filter(({ row }) => row.peer === peer).map(({ key }) => Number(`0x${key[3]}`));
}

test('of each peer so many questions are kept, and the oldest go', async () => {
  for (let number = 1; number <= 5; number += 1) {
    nowSeconds += 101;
    await questions.begin(one, questionOf(number));
    await questions.end(one, questionOf(number), 'answered', 0);
  }
  await questions.begin(other, questionOf(9));
  expect(await keptOf(one)).toEqual([3, 4, 5]);
  expect(await keptOf(other)).toEqual([9]);
});

test('what could be sent again is kept, and known again; nothing more is taken until it is too old', async () => {
  // Asked in another order than issued: a clock may be ahead.
  for (const [number, ahead] of [
    [1, 50],
    [2, -20],
    [3, 0],
  ] as const)
    await questions.begin(one, questionOf(number, nowSeconds + ahead));
  const asked = questionOf(3, nowSeconds);
  for (const each of [questions, new AnsweredQuestions({ store, now }, LIMITS)]) {
    expect(await codeOf(each.begin(one, questionOf(4)))).toBe('query.budget');
    expect(await codeOf(each.begin(one, asked))).toBe('query.replayed');
    expect(await keptOf(one)).toEqual([2, 3, 1]);
  }
  expect(await codeOf(questions.begin(other, questionOf(5)))).toBe('begun');
  nowSeconds += 81;
  expect(await codeOf(questions.begin(one, questionOf(6)))).toBe('begun');
  expect(await keptOf(one)).toEqual([3, 1, 6]);
  expect(await codeOf(questions.begin(one, questionOf(7)))).toBe('query.budget');
});

test('a store that holds more than is kept is brought down to it, some at a time', async () => {
  const many = new AnsweredQuestions({ store, now }, { ...LIMITS, keptQuestions: 10_000 });
  for (let number = 1; number <= 300; number += 1) await many.begin(one, questionOf(number));
  nowSeconds += 101;
  const few = new AnsweredQuestions({ store, now }, LIMITS);
  await few.begin(one, questionOf(301));
  expect(await keptOf(one)).toHaveLength(45);
  await few.begin(one, questionOf(302));
  expect(await keptOf(one)).toEqual([300, 301, 302]);
});

test('the audit line of a question is short and names no filter', async () => {
  await questions.begin(one, questionOf(1));
  await questions.end(one, questionOf(1), 'answered', 7);
  const lines = [];
  for await (const chunk of store.audit()) lines.push(...chunk);
  expect(lines.map(({ event, fields }) => ({ event, fields: Object.fromEntries(fields) }))).toEqual([
    {
      event: 'question-answered',
      fields: { peer: one, question: '0'.repeat(16), purpose: 'incident-response', records: 7 },
    },
  ]);
});
