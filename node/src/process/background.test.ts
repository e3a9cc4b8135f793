import { Fault } from '@comity/fault';
import { expect, test } from 'vitest';
import { Events } from '../events.ts';
import { Background } from './background.ts';

function watched(): { background: Background; failures: string[]; pausesMs: number[] } {
  const events = new Events('silent', { write: () => {} });
  const failures: string[] = [];
  const pausesMs: number[] = [];
  events.on((event, fields) => {
    if (event !== 'work-failed') return;
    const { code, retryInMs } = fields as { code: string; retryInMs: number };
    failures.push(code);
    pausesMs.push(retryInMs);
  });
  return { background: new Background(events, 1), failures, pausesMs };
}

test('work that fails is told of and tried again until it is done', async () => {
  const { background, failures } = watched();
  const outcomes = [new Fault('store.write-failed', 'full'), new Error('odd'), undefined];
  let runs = 0;
  await new Promise<void>((resolve) => {
    background.run('test', async () => {
      const failure = outcomes[runs];
      runs += 1;
      if (failure !== undefined) throw failure;
      resolve();
    });
  });
  await background.stop();
  expect(runs).toBe(3);
  expect(failures).toEqual(['store.write-failed', 'node.internal']);
});

test('stopping interrupts what is at work, and what waits for its next attempt, and begins nothing new', async () => {
  const { background, failures } = watched();
  let isAborted = false;
  background.run('at work', async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    isAborted = true;
    signal.throwIfAborted();
  });
  const slow = new Background(new Events('silent', { write: () => {} }), 60_000);
  slow.run('waiting', async () => {
    throw new Fault('store.write-failed', 'full');
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await Promise.all([background.stop(), slow.stop()]);
  expect(isAborted).toBe(true);
  expect(failures).toEqual([]);
  let isBegun = false;
  background.run('late', async () => {
    isBegun = true;
  });
  await background.stop();
  expect(isBegun).toBe(false);
});

test('work that never ends waits as after a first failure again once it has had a success', async () => {
  const { background, pausesMs } = watched();
  const hasSuccess = [false, false, true, false, true, true];
  let runs = 0;
  await new Promise<void>((resolve) => {
    background.run('test', async (_signal, succeeded) => {
      if (hasSuccess[runs] === true) succeeded();
      runs += 1;
      if (runs <= hasSuccess.length) throw new Fault('store.write-failed', 'full');
      resolve();
    });
  });
  await background.stop();
  expect(pausesMs).toEqual([1, 2, 1, 2, 1, 1]);
});
