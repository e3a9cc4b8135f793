import { isFault } from '@comity/fault';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Engine, EngineOp } from './engine.ts';
import { FaultyEngine, type WriteFailure } from './faulty-engine.ts';
import { GuardedEngine } from './guarded-engine.ts';
import { MemoryEngine, MemoryMedium } from './memory-engine.ts';

/** Shows the batches that reach it, and holds each one back until it is let go. */
class SlowEngine extends MemoryEngine {
  readonly batches: EngineOp[][] = [];
  readonly #held: (() => void)[] = [];

  override async commit(ops: readonly EngineOp[]): Promise<void> {
    this.batches.push([...ops]);
    await new Promise<void>((resolve) => this.#held.push(resolve));
    await super.commit(ops);
  }

  async letGo(): Promise<void> {
    this.#held.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const put = (name: string, value = name): EngineOp => ({
  type: 'put',
  key: bytes(name),
  value: bytes(value),
});
const bytes = (text: string) => new TextEncoder().encode(text);
const keyNames = (ops: readonly EngineOp[]) => ops.map(({ key }) => new TextDecoder().decode(key));

describe('group commit', () => {
  test('what arrives during a write goes into one next batch, in the order of the calls', async () => {
    const slow = new SlowEngine();
    const engine = new GuardedEngine(slow);
    const order: string[] = [];
    const commit = (...names: string[]) =>
      engine.commit(names.map((name) => put(name))).then(() => order.push(names[0] ?? ''));
    const first = commit('a');
    const others = [commit('b1', 'b2'), commit('c'), commit('d')];
    expect(slow.batches.map(keyNames)).toEqual([['a']]);
    await slow.letGo();
    await first;
    expect(slow.batches.map(keyNames)).toEqual([['a'], ['b1', 'b2', 'c', 'd']]);
    expect(order).toEqual(['a']);
    await slow.letGo();
    await Promise.all(others);
    expect(order).toEqual(['a', 'b1', 'c', 'd']);
    expect(slow.batches.length).toBe(2);
  });

  test('no promise resolves before its own batch is written', async () => {
    const slow = new SlowEngine();
    const engine = new GuardedEngine(slow);
    let second = false;
    const first = engine.commit([put('a')]);
    void engine.commit([put('b')]).then(() => {
      second = true;
    });
    await slow.letGo();
    await first;
    expect(second).toBe(false);
    expect(await engine.get(bytes('b'))).toBeUndefined();
    await slow.letGo();
    expect(second).toBe(true);
    expect(await engine.get(bytes('b'))).toBeDefined();
  });

  test('any pattern of commits ends as if they had been done one by one', async () => {
    const commits = fc.array(
      fc.record({
        names: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 }),
        pauses: fc.nat({ max: 2 }),
      }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(commits, async (plan) => {
        const engine = new GuardedEngine(new MemoryEngine());
        const expected = new Map<string, string>();
        const resolved: number[] = [];
        const running: Promise<unknown>[] = [];
        for (const [turn, { names, pauses }] of plan.entries()) {
          for (let pause = 0; pause < pauses; pause += 1) await Promise.resolve();
          for (const name of names) expected.set(name, `${turn}`);
          running.push(
            engine.commit(names.map((name) => put(name, `${turn}`))).then(() => resolved.push(turn)),
          );
        }
        await Promise.all(running);
        expect(resolved).toEqual(plan.map((_, turn) => turn));
        for (const [name, value] of expected) {
          expect(new TextDecoder().decode(await engine.get(bytes(name)))).toBe(value);
        }
      }),
    );
  });

  test('a merged batch has a limit, and a commit is never divided', async () => {
    const slow = new SlowEngine();
    const engine = new GuardedEngine(slow);
    const large = Array.from({ length: 10_000 }, (_, index) => put(`k${index}`));
    const all = [
      engine.commit([put('a')]),
      engine.commit(large),
      engine.commit(large),
      engine.commit([put('z')]),
    ];
    for (let turn = 0; turn < 4; turn += 1) await slow.letGo();
    await Promise.all(all);
    expect(slow.batches.map((batch) => batch.length)).toEqual([1, 10_000, 10_001]);
  });

  test('an exclusive job runs in its turn, with no write under way', async () => {
    const slow = new SlowEngine();
    const engine = new GuardedEngine(slow);
    const events: string[] = [];
    const all = [
      engine.commit([put('a')]).then(() => events.push('a')),
      engine.exclusive(async () => {
        events.push(`job after ${slow.batches.length}`);
      }),
      engine.commit([put('b')]).then(() => events.push('b')),
    ];
    await slow.letGo();
    await slow.letGo();
    await Promise.all(all);
    expect(events).toEqual(['a', 'job after 1', 'b']);
  });

  test('an exclusive job that fails is the matter of its caller alone', async () => {
    const engine = new GuardedEngine(new MemoryEngine());
    await expect(
      engine.exclusive(() => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
    await engine.commit([put('a')]);
    expect(engine.stopped).toBe(false);
  });
});

describe('fail-stop', () => {
  test.each<WriteFailure>(['lost', 'unconfirmed'])(
    'nothing is read or written after a write that is %s',
    async (failure) => {
      const medium = new MemoryMedium();
      const engine = new GuardedEngine(new FaultyEngine(new MemoryEngine(medium), { atWrite: 2, failure }));
      await engine.commit([put('a')]);
      const range = engine.range();
      const snapshot = engine.snapshot();
      const failed = engine.commit([put('b')]);
      // The job keeps the next commit out of the batch that fails: nothing of it is tried.
      const behind = [engine.exclusive(async () => undefined), engine.commit([put('c')])].map(codeOf);
      await expect(codeOf(failed)).resolves.toBe('store.write-failed');
      await expect(Promise.all(behind)).resolves.toEqual(['store.stopped', 'store.stopped']);
      expect(engine.stopped).toBe(true);
      for (const attempt of [
        () => engine.get(bytes('a')),
        () => engine.getMany([bytes('a')]),
        () => engine.commit([put('d')]),
        () => engine.exclusive(async () => undefined),
        () => range.next(),
        () => snapshot.get(bytes('a')),
        () => snapshot.getMany([bytes('a')]),
        async () => engine.range(),
        async () => engine.snapshot(),
        async () => snapshot.range(),
      ]) {
        await expect(codeOf(attempt())).resolves.toBe('store.stopped');
      }
      await engine.close();
      const names = keyNames(medium.rows.map(({ key, value }) => ({ type: 'put', key, value })));
      expect(names).toEqual(failure === 'lost' ? ['a'] : ['a', 'b']);
    },
  );

  test('an answer that comes after the stop is not given', async () => {
    class Hesitant extends MemoryEngine {
      override async get(key: Uint8Array) {
        const value = await super.get(key);
        await new Promise((resolve) => setImmediate(resolve));
        return value;
      }
    }
    const engine = new GuardedEngine(new Hesitant());
    await engine.commit([put('a')]);
    const reading = engine.get(bytes('a'));
    engine.stop(new Error('elsewhere'));
    await expect(codeOf(reading)).resolves.toBe('store.stopped');
  });

  test('at every write that can fail, what was confirmed is there and the rest is whole or absent', async () => {
    for (let atWrite = 1; atWrite <= 12; atWrite += 1) {
      for (const failure of ['lost', 'unconfirmed'] as const) {
        const medium = new MemoryMedium();
        const engine: Engine = new GuardedEngine(
          new FaultyEngine(new MemoryEngine(medium), { atWrite, failure }),
        );
        const confirmed: number[] = [];
        for (let turn = 0; turn < 12; turn += 1) {
          const writing = [0, 1, 2].map((part) =>
            engine.commit([put(`${turn}-${part}-x`), put(`${turn}-${part}-y`)]),
          );
          const results = await Promise.allSettled(writing);
          confirmed.push(
            ...results.flatMap(({ status }, part) => (status === 'fulfilled' ? [turn * 3 + part] : [])),
          );
        }
        await engine.close();
        const names = new Set(medium.rows.map(({ key }) => new TextDecoder().decode(key)));
        for (const number of confirmed)
          expect(names.has(`${Math.floor(number / 3)}-${number % 3}-x`)).toBe(true);
        for (const name of names) {
          const other = name.endsWith('x') ? `${name.slice(0, -1)}y` : `${name.slice(0, -1)}x`;
          expect(names.has(other)).toBe(true);
        }
        // Nothing was written past the failure, although the medium would have taken it.
        expect(names.size / 2 - confirmed.length).toBeLessThanOrEqual(failure === 'lost' ? 0 : 2);
      }
    }
  });

  test('closing waits for what is queued, and then refuses with another code', async () => {
    const medium = new MemoryMedium();
    const engine = new GuardedEngine(new MemoryEngine(medium));
    const writing = [engine.commit([put('a')]), engine.commit([put('b')])];
    await engine.close();
    await Promise.all(writing);
    expect(medium.rows.length).toBe(2);
    await expect(codeOf(engine.commit([put('c')]))).resolves.toBe('store.closed');
    await engine.close();
  });
});

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}
