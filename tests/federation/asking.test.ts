import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { comity } from './command-line.ts';
import { until } from './deadline.ts';
import { ForeignNode } from './foreign-node.ts';
import { ForeignState } from './foreign-state.ts';
import { type FoundedState, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) asks Borealis (XBB), whose node does not answer unless it is told to.

vi.setConfig({ testTimeout: 110_000, hookTimeout: 110_000 });

interface Answer {
  readonly question: string | null;
  readonly outcome: string;
  readonly code: string | null;
}

let scratch: ScratchDirectory;
let arcadia: FoundedState;
let node: NodeProcess;
let peer: ForeignNode;
let isAnswering = false;

const QUESTION = { peers: ['XBB'], purpose: 'incident-response', filter: {} };

async function ask(timeoutMs: number, options: Parameters<NodeProcess['call']>[2] = {}): Promise<Answer> {
  const args = { ...QUESTION, timeoutMs };
  const { answers } = await node.call<{ answers: [Answer] }>('query.ask', args, options);
  return answers[0];
}

async function asked(): Promise<number> {
  return (await node.call<{ queries: unknown[] }>('query.list')).queries.length;
}

beforeAll(async () => {
  scratch = await scratchDirectory();
  arcadia = (await foundStates(scratch, ['XAA']))[0];
  const borealis = await ForeignState.found('XBB');
  node = await NodeProcess.start(arcadia.home);
  await recognise(node, borealis);
  const answers = async function* () {
    if (!isAnswering) await new Promise(() => {});
    yield* [];
  };
  peer = await (await ForeignNode.start(borealis, arcadia, { answers })).live();
});

afterAll(async () => {
  await peer?.[Symbol.asyncDispose]();
  await node?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

describe('a peer that does not answer', () => {
  test('holds up nobody for longer than he wants to wait', async () => {
    const before = await asked();
    const first = ask(2_000);
    await until('the first question is logged', async () => (await asked()) === before + 1);
    // The turn of the others does not come, and nothing of theirs leaves.
    for (const answer of await Promise.all([ask(200), ask(300)]))
      expect(answer).toMatchObject({ outcome: 'failed', code: 'query.busy', question: null });
    expect(await first).toMatchObject({ outcome: 'failed', code: 'query.timeout' });
    expect(await asked()).toBe(before + 1);
  });

  test('is said not to have answered in the time of --timeout', async () => {
    const given = ['query', 'ask', 'XBB', '--purpose', 'incident-response', '--yes', '--timeout', '0.5'];
    const { code, stdout } = await comity(['--home', arcadia.home, ...given]);
    expect(code).toBe(30);
    expect(stdout).toMatch(
      /XBB: failed: .*'--timeout' gives\. \[query\.timeout\]\n {2}what to do: .*--timeout/,
    );
  });

  test('is asked nothing for whoever has left while he waited', async () => {
    const before = await asked();
    const [first, second] = [new AbortController(), new AbortController()];
    const hanging = ask(60_000, { signal: first.signal }).catch(() => 'left');
    await until('the first question is logged', async () => (await asked()) === before + 1);
    const heard: unknown[] = [];
    const waiting = ask(60_000, { signal: second.signal, heard: (line) => heard.push(line) }).catch(
      () => 'left',
    );
    await until('the second waits', () => heard.length > 0);
    expect(heard).toEqual([{ progress: 'XBB is answering another question of this state, waiting' }]);
    second.abort();
    expect(await waiting).toBe('left');
    // The node has learned of it before it answers whoever comes later.
    expect(await asked()).toBe(before + 1);
    isAnswering = true;
    first.abort();
    expect(await hanging).toBe('left');
    expect(await ask(60_000)).toMatchObject({ outcome: 'answered' });
    expect(await asked()).toBe(before + 2);
  });
});

test('a question that is given while the node starts waits for the node', async () => {
  await node.stop();
  await using starting = NodeProcess.launch(arcadia.home);
  const given = ['query', 'ask', 'XBB', '--purpose', 'incident-response', '--yes'];
  const { stdout, stderr } = await comity(['--home', arcadia.home, ...given]);
  // Whether the peer is connected by then is another matter.
  expect(stdout, stderr).toMatch(/^XBB: /m);
  expect(await starting.started()).toBe(true);
});
