import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from './deadline.ts';
import { releaseOf } from './foreign-ledger.ts';
import { ForeignNode } from './foreign-node.ts';
import { ForeignState } from './foreign-state.ts';
import { applyPolicy, type FoundedState, recognise } from './founding.ts';
import type { NodeProcess } from './node-process.ts';
import { type OneNode, startOneNode } from './one-node.ts';

// What Arcadia (XAA) may hand on to Caldera (XCC) also depends on its terms with the originator of a record: they say what
// the originator's levels are in Arcadia. When those terms change, its records are looked at again, for everybody.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const LEVELS = ['unclassified', 'restricted', 'confidential', 'secret', 'top-secret'];
const SAME = Object.fromEntries(LEVELS.map((id) => [id, id]));
const HAND_ON = {
  comity: 'policy/1',
  rules: [
    {
      name: 'hand-on',
      to: ['XCC'],
      mode: ['relay'],
      purpose: ['incident-response'],
      when: { type: 'incident' },
    },
  ],
};

let suite: OneNode;
let founded: FoundedState;
let node: NodeProcess;
let caldera: ForeignState;

beforeAll(async () => {
  caldera = await ForeignState.found('XCC');
  suite = await startOneNode();
  ({ founded, node } = suite);
  await recognise(node, caldera);
  await applyPolicy(node, HAND_ON);
});

afterAll(async () => {
  await suite?.[Symbol.asyncDispose]();
});

const handedOn = async (): Promise<number> =>
  (await node.call<{ size: number }>('release.ledger', { peer: 'XCC', direction: 'out' })).size;

/** Lets a state release a restricted record that Caldera may have. */
async function give(state: ForeignState, peer: ForeignNode): Promise<void> {
  const view = await state.issue(
    {
      type: 'incident',
      label: { classification: 'restricted', releasableTo: ['XCC'] },
      content: { title: { en: `Of ${state.code}` }, stage: 'final' },
    },
    { known: [caldera] },
  );
  peer.ledger.append(releaseOf(view));
  await node.logged(
    'batch-accepted',
    ({ peer: from, to, rejected }) => from === state.code && to === peer.ledger.size && rejected === 0,
  );
}

test('once a suspension of the originator ends, what was withheld because of it is handed on', async () => {
  const borealis = await ForeignState.found('XBA');
  await recognise(node, borealis);
  const before = await handedOn();
  await applyPolicy(node, { comity: 'policy/1', rules: [] });
  {
    await using peer = await (await ForeignNode.start(borealis, founded)).live();
    await give(borealis, peer);
  }
  await node.call('peer.suspend', { peer: 'XBA' });
  await applyPolicy(node, HAND_ON);
  expect(await handedOn()).toBe(before);
  await node.call('peer.suspend', { peer: 'XBA', resume: true });
  expect(await handedOn()).toBe(before + 1);
});

test('once the recognition of the originator is renewed, what its terms withheld is handed on', async () => {
  const borealis = await ForeignState.found('XBB');
  const inbound = { unclassified: 'unclassified' };
  await recognise(node, borealis, { equivalence: { outbound: SAME, inbound } });
  const before = await handedOn();
  {
    await using peer = await (await ForeignNode.start(borealis, founded)).live();
    await give(borealis, peer);
  }
  await applyPolicy(node, HAND_ON);
  expect(await handedOn()).toBe(before);
  await recognise(node, borealis, { renew: true, equivalence: { outbound: SAME, inbound: SAME } });
  expect(await handedOn()).toBe(before + 1);
});

test('once the originator no longer disputes an equivalence, what the dispute withheld is handed on', async () => {
  const borealis = await ForeignState.found('XBC');
  await recognise(node, borealis);
  const before = await handedOn();
  const saying = (laterBySeconds: number, equivalents: Record<string, string>) =>
    borealis.recognise(founded.card, undefined, laterBySeconds, equivalents);
  {
    const hello = { recognition: await saying(0, { restricted: 'confidential' }) };
    await using peer = await (await ForeignNode.start(borealis, founded, { hello })).live();
    await node.logged('equivalence-disputed', ({ peer: code }) => code === 'XBC');
    await give(borealis, peer);
  }
  await applyPolicy(node, HAND_ON);
  expect(await handedOn()).toBe(before);
  const hello = { recognition: await saying(5, {}) };
  await using _peer = await (await ForeignNode.start(borealis, founded, { hello })).live();
  await until('it is handed on', async () => (await handedOn()) === before + 1);
});
