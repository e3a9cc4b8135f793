import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { until } from './deadline.ts';
import { nowSeconds } from './foreign-state.ts';
import { applyPolicy, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) issues, Borealis (XBB) hands on to Caldera (XCC), which is never connected to Arcadia.

vi.setConfig({ testTimeout: 180_000 });

const rule = (name: string, to: string, mode: string, type: string): object => ({
  name,
  to: [to],
  mode: [mode],
  purpose: ['incident-response'],
  when: { type },
});
const PUSH = {
  comity: 'policy/1',
  rules: [
    rule('incidents', 'XBB', 'push', 'incident'),
    rule('retractions', 'XBB', 'push', 'retraction'),
    rule('to-nobody', 'XCC', 'query', 'incident'),
  ],
};
const RELAY = { comity: 'policy/1', rules: [rule('hand-on', 'XCC', 'relay', 'incident')] };

interface Issued {
  readonly told: readonly string[];
  readonly notTold: readonly { readonly peer: string; readonly reason: string }[];
  readonly records: readonly {
    readonly id: string;
    readonly released: readonly { readonly peer: string }[];
  }[];
}

interface Previewed {
  readonly peers: readonly { readonly peer: string; readonly parts: readonly { readonly from?: string }[] }[];
}

const timeText = (atSeconds: number): string => `${new Date(atSeconds * 1000).toISOString().slice(0, 19)}Z`;

/** Secret, which is above the ceiling of every peer, until a date; from then on restricted. */
const draftUntil = (atSeconds: number): object => ({
  type: 'incident',
  label: {
    classification: 'secret',
    releasableTo: ['XBB', 'XCC'],
    succession: { at: timeText(atSeconds), label: { classification: 'restricted' } },
  },
  content: { title: { en: 'An incident that is secret for a while' }, stage: 'final' },
});

/** Unclassified for Borealis now, and releasable to Caldera only from a date on. */
const handedOnFrom = (atSeconds: number): object => ({
  type: 'incident',
  label: {
    classification: 'restricted',
    releasableTo: ['XBB'],
    succession: {
      at: timeText(atSeconds),
      label: { classification: 'restricted', releasableTo: ['XBB', 'XCC'] },
    },
  },
  content: { title: { en: 'An incident for more states later' }, stage: 'final' },
});

const sizeOf = async (node: NodeProcess, peer: string, direction: 'in' | 'out'): Promise<number> =>
  (await node.call<{ size: number }>('release.ledger', { peer, direction })).size;

const untilPast = (atSeconds: number): Promise<true> =>
  until('the date has come', () => nowSeconds() >= atSeconds || undefined);

test('what a succession permits is handed over at its date, also by a node that was not running then', async () => {
  await using scratch = await scratchDirectory();
  const [xaa, xbb, xcc] = await foundStates(scratch, ['XAA', 'XBB', 'XCC']);
  await using arcadia = await NodeProcess.start(xaa.home);
  await using borealis = await NodeProcess.start(xbb.home);
  for (const state of [xbb, xcc]) await recognise(arcadia, state);
  for (const state of [xaa, xcc]) await recognise(borealis, state);
  await applyPolicy(borealis, RELAY);
  await applyPolicy(arcadia, PUSH);

  // While the node runs.
  const firstAt = nowSeconds() + 6;
  const { peers } = await arcadia.call<Previewed>('release.preview', { draft: draftUntil(firstAt) });
  const ofBorealis = peers.find(({ peer }) => peer === 'XBB');
  expect(ofBorealis?.parts.map(({ from }) => from)).toEqual(ofBorealis?.parts.map(() => timeText(firstAt)));
  expect(peers.find(({ peer }) => peer === 'XCC')?.parts.every(({ from }) => from === undefined)).toBe(true);
  const first = await arcadia.call<Issued>('record.issue', {
    drafts: [draftUntil(firstAt)],
    acceptRelay: true,
  });
  expect(first.records[0]?.released).toEqual([]);
  await sleep(2_500);
  expect(nowSeconds()).toBeLessThan(firstAt);
  expect(await sizeOf(arcadia, 'XBB', 'out')).toBe(0);
  await untilPast(firstAt);
  await until('Borealis holds it', async () => (await sizeOf(borealis, 'XAA', 'in')) === 1 || undefined);
  // Borealis in turn hands it on; and its own clock decides.
  await until('it is handed on', async () => (await sizeOf(borealis, 'XCC', 'out')) === 1 || undefined);

  // Who was given it by a succession is told that it is withdrawn; who is not told of it, is named.
  const id = first.records[0]?.id;
  const { rules } = PUSH;
  await applyPolicy(arcadia, { ...PUSH, rules: rules.filter((_, index) => index !== 1) });
  const unheard = await arcadia.call<Issued>('record.retract', { id, reason: 'Withdrawn', dryRun: true });
  expect(unheard).toMatchObject({ told: [], notTold: [{ peer: 'XBB', reason: 'no-permit' }] });
  await applyPolicy(arcadia, PUSH);
  for (const dryRun of [true, false]) {
    const retraction = await arcadia.call<Issued>('record.retract', { id, reason: 'Withdrawn', dryRun });
    expect(retraction).toMatchObject({ told: ['XBB'], notTold: [] });
  }

  // Both nodes are killed before the date and started after it: one owes a release of its own, the other a relay. One of
  // the records is withdrawn meanwhile: whoever is given it then is told that too.
  const secondAt = nowSeconds() + 10;
  const drafts = [draftUntil(secondAt), draftUntil(secondAt), handedOnFrom(secondAt)];
  const second = await arcadia.call<Issued>('record.issue', { drafts, acceptRelay: true });
  expect(second.records.map(({ released }) => released.length)).toEqual([0, 0, 1]);
  const withdrawn = await arcadia.call<Issued>('record.retract', { id: second.records[1]?.id, reason: 'No' });
  expect(withdrawn).toMatchObject({ told: [], notTold: [] });
  await until(
    'Borealis holds the third',
    async () => (await sizeOf(borealis, 'XAA', 'in')) === 3 || undefined,
  );
  await arcadia.kill();
  await borealis.kill();
  expect(nowSeconds()).toBeLessThan(secondAt);
  await untilPast(secondAt);
  await using later = await NodeProcess.start(xaa.home);
  await using handing = await NodeProcess.start(xbb.home);
  await until(
    'two and a retraction come',
    async () => (await sizeOf(handing, 'XAA', 'in')) === 6 || undefined,
  );
  await until('all are handed on', async () => (await sizeOf(handing, 'XCC', 'out')) === 4 || undefined);

  // Nothing goes twice.
  await sleep(2_500);
  expect(await sizeOf(later, 'XBB', 'out')).toBe(6);
  expect(await sizeOf(handing, 'XCC', 'out')).toBe(4);
  expect(await later.stop()).toBe(0);
  expect(await handing.stop()).toBe(0);
});
