import type { StateId } from '@comity/label';
import { type AuditEntry, MemoryEngine, MemoryMedium, Store } from '@comity/store';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RefusedQuestions } from './refused-questions.ts';

const A = 'aa'.repeat(32) as StateId;
const B = 'bb'.repeat(32) as StateId;

let store: Store;
let refused: RefusedQuestions;
let nowMs: number;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  store = await Store.onEngine(new MemoryEngine(new MemoryMedium()), { state: A });
  refused = new RefusedQuestions({ store, now: () => 1_800_000_000 }, () => nowMs);
  nowMs = 0;
});

afterEach(async () => {
  vi.useRealTimers();
  await store.close();
});

async function lines(): Promise<AuditEntry[]> {
  const all: AuditEntry[] = [];
  for await (const chunk of store.audit()) all.push(...chunk);
  return all;
}

test('each refusal has a line, with the state and the code and nothing else', async () => {
  await refused.note(A, 'query.too-old');
  await refused.note(B, 'query.busy');
  await refused.note(A, 'query.too-old');
  expect((await lines()).map(({ event, fields }) => [event, Object.fromEntries(fields)])).toEqual([
    ['question-refused', { peer: A, code: 'query.too-old' }],
    ['question-refused', { peer: B, code: 'query.busy' }],
    ['question-refused', { peer: A, code: 'query.too-old' }],
  ]);
});

test('a flood has one line a minute for what goes beyond, which counts it', async () => {
  for (let count = 0; count < 1_000; count += 1) await refused.note(A, 'query.budget');
  await refused.note(B, 'query.busy');
  expect(await lines()).toHaveLength(61);
  nowMs = 60_000;
  await vi.advanceTimersByTimeAsync(60_000);
  const last = async (): Promise<object> => Object.fromEntries((await lines()).at(-1)?.fields ?? []);
  await vi.waitFor(async () => expect(await last()).toEqual({ peer: A, count: 940 }));
  // The next minute begins anew.
  await refused.note(A, 'query.budget');
  expect(await last()).toEqual({ peer: A, code: 'query.budget' });
  expect(await lines()).toHaveLength(63);
});
