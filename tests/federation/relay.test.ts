import { expect, test, vi } from 'vitest';
import { until } from './deadline.ts';
import { releaseOf } from './foreign-ledger.ts';
import { ForeignNode } from './foreign-node.ts';
import { ForeignState } from './foreign-state.ts';
import { applyPolicy, foundStates, recognise } from './founding.ts';
import { type LogLine, NodeProcess } from './node-process.ts';
import { scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) issues, Borealis (XBB) hands on, Caldera (XCC) is never connected to Arcadia. What Caldera holds in the end
// carries Arcadia's signature and came from Borealis.

vi.setConfig({ testTimeout: 180_000 });

const INCIDENTS = { type: 'incident' };
const PUSH = {
  comity: 'policy/1',
  rules: [{ name: 'push', to: ['XBB'], mode: ['push'], purpose: ['incident-response'], when: INCIDENTS }],
};
const RELAY = {
  comity: 'policy/1',
  rules: [{ name: 'hand-on', to: ['XCC'], mode: ['relay'], purpose: ['incident-response'], when: INCIDENTS }],
};
const draftOf = (title: string): object => ({
  type: 'incident',
  label: { classification: 'unclassified', tlp: 'CLEAR', releasableTo: ['XBB', 'XCC'] },
  content: { title: { en: title }, stage: 'final' },
});

/** Kills of a node until one comes while it still has something to hand on. */
const MAX_KILLS = 5;

interface Ledger {
  readonly size: number;
  readonly entries: readonly { readonly record: string; readonly mode: string }[];
}

const ledgerOf = (node: NodeProcess, peer: string, direction: 'in' | 'out'): Promise<Ledger> =>
  node.call<Ledger>('release.ledger', { peer, direction, limit: 10_000 });

test('a record is handed on with the signature of its issuer, also where the node died before it was', async () => {
  await using scratch = await scratchDirectory();
  const [xaa, xbb, xcc] = await foundStates(scratch, ['XAA', 'XBB', 'XCC']);
  await using arcadia = await NodeProcess.start(xaa.home);
  await using first = await NodeProcess.start(xbb.home);
  for (const state of [xbb, xcc]) await recognise(arcadia, state);
  for (const state of [xaa, xcc]) await recognise(first, state);
  await applyPolicy(first, RELAY);
  await applyPolicy(arcadia, PUSH);

  // One by one: handed on by the running node.
  const { records } = await arcadia.call<{ records: { id: string }[] }>('record.issue', {
    drafts: [draftOf('the first')],
  });
  const id = records[0]?.id ?? '';
  await first.logged(
    'released',
    ({ peer, record, mode }) => peer === 'XCC' && record === id && mode === 'relay',
  );

  // Many, and the node is killed as soon as it holds some of them; nobody sends them again. A kill may come when everything
  // held was handed on already: then it proves nothing, and there is another.
  await using rounds = new AsyncDisposableStack();
  const processes = [first];
  let second = first;
  let held = await ledgerOf(first, 'XAA', 'in');
  let handedOn = held.size;
  for (let round = 0; round < MAX_KILLS && handedOn >= held.size; round += 1) {
    const issuer = round === 0 ? arcadia : rounds.use(await NodeProcess.start(xaa.home));
    const { size } = await ledgerOf(second, 'XAA', 'in');
    const drafts = Array.from({ length: 1_500 }, (_, index) => draftOf(`number ${round}/${index}`));
    await issuer.call('record.issue', { drafts });
    await second.logged('batch-accepted', ({ to }) => Number(to) > size + 1);
    await second.kill();
    expect(await issuer.stop()).toBe(0);
    const isHandedOn = ({ event, peer }: LogLine): boolean => event === 'released' && peer === 'XCC';
    handedOn = processes.flatMap(({ log }) => log.filter(isHandedOn)).length;
    second = rounds.use(await NodeProcess.start(xbb.home));
    processes.push(second);
    held = await ledgerOf(second, 'XAA', 'in');
  }
  expect(handedOn).toBeLessThan(held.size);
  const ledger = await until('everything held is handed on', async () => {
    const now = await ledgerOf(second, 'XCC', 'out');
    return now.size >= held.size ? now : undefined;
  });
  const ids = (entries: Ledger['entries']): string[] => entries.map(({ record }) => record).sort();
  expect(ids(ledger.entries)).toEqual(ids(held.entries));

  await using caldera = await NodeProcess.start(xcc.home);
  await recognise(caldera, xaa);
  await recognise(caldera, xbb);
  await until(
    'Caldera holds everything',
    async () => (await ledgerOf(caldera, 'XBB', 'in')).size >= held.size,
  );
  expect(await caldera.call('record.show', { id })).toMatchObject({
    record: { issuer: 'XAA', title: 'the first', status: 'current' },
    sources: ['XBB'],
  });
  const { verdict, steps } = await caldera.call<{
    verdict: string;
    steps: { step: string; result: string }[];
  }>('record.verify', { id });
  expect(verdict).toBe('VALID');
  expect(steps.filter(({ result }) => result === 'failed')).toEqual([]);
  expect(await second.stop()).toBe(0);
  expect(await caldera.stop()).toBe(0);
});

test('a node that is stopped while it hands on ends without a fault, and hands on the rest when it runs again', async () => {
  const count = 1_500;
  await using scratch = await scratchDirectory();
  const [xbb] = await foundStates(scratch, ['XBB']);
  const [arcadia, caldera] = [await ForeignState.found('XAA'), await ForeignState.found('XCC')];
  await using first = await NodeProcess.start(xbb.home);
  for (const state of [arcadia, caldera]) await recognise(first, state);
  await applyPolicy(first, RELAY);
  await using peer = await (await ForeignNode.start(arcadia, xbb)).live();
  const { content } = draftOf('number') as { readonly content: object };
  const draft = {
    type: 'incident',
    label: { classification: 'unclassified', releasableTo: ['XCC'] },
    content,
  };
  const views = await Promise.all(
    Array.from({ length: count }, () => arcadia.issue(draft, { known: [caldera] })),
  );
  peer.ledger.append(...views.map(releaseOf));
  await first.logged('batch-accepted', ({ to }) => Number(to) > 512);
  expect(await first.stop()).toBe(0);
  const handedOn = first.log.filter(({ event }) => event === 'released').length;
  expect(handedOn).toBeLessThan(count);
  expect(first.log.filter(({ event }) => event === 'unexpected-error' || event === 'work-failed')).toEqual(
    [],
  );

  await using second = await NodeProcess.start(xbb.home);
  await until('the rest is handed on', async () => (await ledgerOf(second, 'XCC', 'out')).size === count);
  expect(await second.stop()).toBe(0);
});
