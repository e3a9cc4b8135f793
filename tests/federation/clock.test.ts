import { rename, writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { comity } from './command-line.ts';
import { until } from './deadline.ts';
import { applyPolicy, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) runs on a machine whose clock is set; Borealis (XBB) on one whose clock is right.

vi.setConfig({ testTimeout: 180_000 });

const HOUR_SECONDS = 3_600;
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XAA', 'XBB'] },
  content: { title: { en: 'Outage of a registry' }, stage: 'final' },
};
const policyTo = (peer: string, ...mode: readonly string[]): object => ({
  comity: 'policy/1',
  rules: [{ name: 'warn', to: [peer], mode, purpose: ['incident-response'] }],
});

const sizeOf = async (node: NodeProcess, peer: string, direction: 'in' | 'out'): Promise<number> =>
  (await node.call<{ size: number }>('release.ledger', { peer, direction })).size;

const holds = async (node: NodeProcess): Promise<boolean> =>
  (await node.call<{ clock: { held: boolean } }>('node.status')).clock.held;

/** Fields of the audit lines of some events. */
async function audited(node: NodeProcess, ...events: readonly string[]): Promise<object[]> {
  const { lines, broken } = await node.call<{ lines: { event: string; fields: object }[]; broken: unknown }>(
    'log.audit',
  );
  expect(broken).toBeNull();
  return lines.filter(({ event }) => events.includes(event)).map(({ fields }) => fields);
}

/** Outcome of a question, or the code with which it was refused. */
async function asked(node: NodeProcess, peer: string): Promise<string | null> {
  const question = { peers: [peer], purpose: 'incident-response', filter: {} };
  const { answers } = await node.call<{ answers: { outcome: string; code: string | null }[] }>(
    'query.ask',
    question,
  );
  return answers[0]?.code ?? answers[0]?.outcome ?? null;
}

test('a node whose clock is set releases nothing until it is right or accepted, and goes on receiving', async () => {
  await using scratch = await scratchDirectory();
  const [xaa, xbb] = await foundStates(scratch, ['XAA', 'XBB']);
  const file = scratch.at('clock');
  /** Whole at every moment: the node reads it all the time. */
  const setClock = async (seconds: number): Promise<void> => {
    await writeFile(`${file}.new`, String(seconds));
    await rename(`${file}.new`, file);
  };
  await setClock(0);
  const falseClock = {
    FALSE_CLOCK: file,
    NODE_OPTIONS: `--import=${new URL('./false-clock.ts', import.meta.url).href}`,
  };
  await using first = await NodeProcess.start(xaa.home, falseClock);
  await using borealis = await NodeProcess.start(xbb.home);
  await recognise(first, xbb);
  await recognise(borealis, xaa);
  await applyPolicy(first, policyTo('XBB', 'query'));
  await applyPolicy(borealis, policyTo('XAA', 'push'));
  await first.call('record.issue', { drafts: [DRAFT] });
  await until('a question is answered', async () => (await asked(borealis, 'XAA')) === 'answered');
  // It was released in answer to the question; this one was not released at all.
  await first.call('record.issue', { drafts: [DRAFT] });
  expect(await sizeOf(first, 'XBB', 'out')).toBe(1);

  await setClock(HOUR_SECONDS);
  await first.logged('clock-held', ({ deviation }) => deviation === 'set-forward');
  await applyPolicy(first, policyTo('XBB', 'push', 'query'));
  expect(await sizeOf(first, 'XBB', 'out')).toBe(1);
  await expect(first.call('record.issue', { drafts: [DRAFT] })).rejects.toThrow('node.clock-held');
  // In which state the node is, is not told.
  expect(await asked(borealis, 'XAA')).toBe('exchange.refused');
  await first.logged('question-refused', ({ code }) => code === 'node.clock-held');
  expect(await audited(first, 'question-refused')).toMatchObject([{ code: 'node.clock-held' }]);
  await borealis.call('record.issue', { drafts: [DRAFT] });
  await until('it goes on receiving', async () => (await sizeOf(first, 'XBB', 'in')) === 1);

  // A restart makes a wrong clock no better.
  await first.kill();
  await using second = await NodeProcess.start(xaa.home, falseClock);
  expect(await holds(second)).toBe(true);
  expect(await sizeOf(second, 'XBB', 'out')).toBe(1);

  await setClock(0);
  await second.logged('clock-returned');
  expect(await holds(second)).toBe(false);
  await until('what was held is released', async () => (await sizeOf(borealis, 'XAA', 'in')) === 2);

  // The other way out: somebody says that it is right.
  await second.call('record.issue', { drafts: [DRAFT] });
  await applyPolicy(second, policyTo('XBB', 'query'));
  await setClock(-HOUR_SECONDS);
  await second.logged('clock-held', ({ deviation }) => deviation === 'set-back');
  const accept = await comity(['--home', xaa.home, 'node', 'clock', 'accept', '--yes']);
  expect(accept).toMatchObject({ code: 0, stderr: '' });
  expect(accept.stdout).toMatch(/^the node goes by /);
  await second.logged('clock-accepted');
  expect(await holds(second)).toBe(false);
  expect(await audited(second, 'clock-held')).toMatchObject([
    { deviation: 'set-forward' },
    { deviation: 'set-back' },
  ]);
  expect(await audited(second, 'clock-returned', 'clock-accepted')).toHaveLength(2);
  expect(await second.stop()).toBe(0);
});
