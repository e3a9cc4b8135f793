import type { View } from '@comity/record';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { until } from './deadline.ts';
import { releaseOf } from './foreign-ledger.ts';
import { ForeignNode } from './foreign-node.ts';
import { ForeignState } from './foreign-state.ts';
import { applyPolicy, type FoundedState, recognise } from './founding.ts';
import type { NodeProcess } from './node-process.ts';
import { type OneNode, startOneNode } from './one-node.ts';

// Whoever is handed a record that its issuer has withdrawn is told so, in whatever order record and retraction came.
// Arcadia (XAA) is given them by Borealis (XBB) and may hand them on to Caldera (XCC).

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const rule = (type: string): object => ({
  name: type,
  to: ['XCC'],
  mode: ['relay'],
  purpose: ['incident-response'],
  when: { type },
});
const NOTHING = { comity: 'policy/1', rules: [rule('norm')] };
const HAND_ON = { comity: 'policy/1', rules: [rule('incident'), rule('retraction')] };
const LABEL = { classification: 'unclassified', tlp: 'CLEAR', releasableTo: ['XAA', 'XCC'] };

interface Ledger {
  readonly size: number;
  readonly entries: readonly { readonly record: string }[];
}

let suite: OneNode;
let founded: FoundedState;
let node: NodeProcess;
let borealis: ForeignState;
let caldera: ForeignState;
let peer: ForeignNode;

beforeAll(async () => {
  borealis = await ForeignState.found('XBB');
  caldera = await ForeignState.found('XCC');
  suite = await startOneNode();
  ({ founded, node } = suite);
  for (const state of [borealis, caldera]) await recognise(node, state);
  peer = await (await ForeignNode.start(borealis, founded)).live();
});

beforeEach(async () => {
  await applyPolicy(node, NOTHING);
});

afterAll(async () => {
  await peer?.stop();
  await suite?.[Symbol.asyncDispose]();
});

const issue = (draft: object): Promise<View> => borealis.issue(draft, { known: [caldera, arcadia()] });

/** Known by its code alone: a label names it. */
const arcadia = (): ForeignState => ({ code: 'XAA', state: peer.other.state }) as ForeignState;

/** A record and its retraction, whose id sorts before that of the record, or after it. */
async function withdrawn(first: 'record' | 'retraction'): Promise<{ record: View; retraction: View }> {
  for (;;) {
    const content = { title: { en: 'To be withdrawn' }, stage: 'final' };
    const record = await issue({ type: 'incident', label: LABEL, content });
    const retraction = await issue({
      type: 'retraction',
      label: LABEL,
      retracts: record.header.id,
      content: { reason: { en: 'Withdrawn' }, requestedAction: 'cease-use' },
    });
    if (retraction.header.id < record.header.id === (first === 'retraction')) return { record, retraction };
  }
}

async function given(...views: readonly View[]): Promise<void> {
  const size = peer.ledger.size + views.length;
  peer.ledger.append(...views.map(releaseOf));
  await node.logged('batch-accepted', ({ to }) => to === size);
}

const handedOn = async (): Promise<string[]> =>
  (await node.call<Ledger>('release.ledger', { peer: 'XCC', direction: 'out', limit: 1_000 })).entries.map(
    ({ record }) => record,
  );

/** Waits until a record is handed on, and then says in which order its retraction was. */
async function orderOf({ record, retraction }: { record: View; retraction: View }): Promise<string[]> {
  const records = await until('the record is handed on', async () => {
    const all = await handedOn();
    return all.includes(record.header.id) ? all : undefined;
  });
  return records.filter((id) => id === record.header.id || id === retraction.header.id);
}

test.each(['record', 'retraction'] as const)(
  'a retraction is handed on with its record, where the id of the %s sorts first',
  async (first) => {
    await applyPolicy(node, HAND_ON);
    const { record, retraction } = await withdrawn(first);
    await given(record, retraction);
    expect(await orderOf({ record, retraction })).toEqual([record.header.id, retraction.header.id]);
  },
);

test('a retraction that came before its record is handed on after it', async () => {
  await applyPolicy(node, HAND_ON);
  const { record, retraction } = await withdrawn('retraction');
  await given(retraction);
  // Looked at by itself: what it withdraws nobody here was given.
  const { record: other } = await withdrawn('record');
  await given(other);
  await until('what came after it is handed on', async () => (await handedOn()).includes(other.header.id));
  await given(record);
  expect(await orderOf({ record, retraction })).toEqual([record.header.id, retraction.header.id]);
});

test('a policy that hands on a record hands on its retraction, also where that came first', async () => {
  const { record, retraction } = await withdrawn('retraction');
  await given(retraction, record);
  await applyPolicy(node, HAND_ON);
  expect((await handedOn()).slice(-2)).toEqual([record.header.id, retraction.header.id]);
});
