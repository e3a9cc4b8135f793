import type { Label } from '@comity/label';
import { headerOf } from '@comity/record';
import { Store, WriteSet } from '@comity/store';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { comity } from '../federation/command-line.ts';
import { itemOf } from '../federation/foreign-ledger.ts';
import { ForeignState } from '../federation/foreign-state.ts';
import { applyPolicy, type FoundedState, foundStates, recognise } from '../federation/founding.ts';
import { NodeProcess } from '../federation/node-process.ts';
import { type OneNode, startOneNode } from '../federation/one-node.ts';
import { scratchDirectory } from '../federation/scratch-directory.ts';
import { type CraftedPart, craftRecord } from './crafted-record.ts';
import { HostilePeer, refusalOf } from './hostile-peer.ts';

// One signed record, of which each entry of the ledger discloses a part that opens by itself, and of which the parts
// together do not open. What came first stays; nothing else may fail because of it.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly title: string | null;
  readonly issuer: string;
  readonly damage?: string | null;
}

const labelAt = (state: ForeignState, level: number): Label => ({
  scheme: state.scheme.id,
  classification: state.scheme.levels[level]?.id ?? '',
  tlp: 'GREEN',
});
const text = (content: string): Map<string, string> => new Map([['en', content]]);

const ATTACKS: readonly (readonly [
  kind: string,
  cause: string,
  code: string,
  parts: (state: ForeignState) => readonly CraftedPart[],
])[] = [
  [
    'two parts of one name',
    'record.key-present',
    'XBA',
    () => [
      { name: 'title', content: text('Good, and first') },
      { name: 'title', content: text('second') },
    ],
  ],
  [
    'an overall label below the label of a part',
    'record.label-below-part',
    'XBB',
    (state) => [
      { name: 'overall', content: null, label: labelAt(state, 0) },
      { name: 'title', content: text('above'), label: labelAt(state, 1) },
    ],
  ],
  [
    'more than a view may hold',
    'record.too-large',
    'XBC',
    () =>
      Array.from({ length: 5 }, (_, index) => ({
        name: `part${index}`,
        content: text('x'.repeat(60_000)),
      })),
  ],
];

describe('parts that exclude each other', () => {
  let suite: OneNode;
  let founded: FoundedState;
  let node: NodeProcess;

  beforeAll(async () => {
    suite = await startOneNode();
    ({ founded, node } = suite);
  });

  afterAll(async () => {
    await node?.kill();
    await suite?.[Symbol.asyncDispose]();
  });

  test.each(ATTACKS)('%s: %s', async (_kind, cause, code, parts) => {
    await using peer = await HostilePeer.join(code, founded, node);
    await peer.node.live();
    const { ledger } = peer.node;
    const { state } = peer;
    const rejected = (index: number) =>
      node.logged('item-rejected', ({ peer: of, index: at }) => of === code && at === index);

    // In a batch of its own, and in one batch with the part that came before.
    for (const isTogether of [false, true]) {
      const crafted = craftRecord(state, labelAt(state, 0), parts(state));
      const from = ledger.size;
      const items = crafted.disclosures.map((disclosure) => itemOf(crafted.id, crafted.bytes, [disclosure]));
      const last = from + items.length - 1;
      const [first, ...others] = items;
      if (isTogether) ledger.append(...items);
      else {
        ledger.append(first as (typeof items)[number]);
        await node.logged('batch-accepted', ({ peer: of, to }) => of === code && to === from + 1);
        ledger.append(...others);
      }
      expect(await rejected(last)).toMatchObject({ code: 'node.merge-refused', cause });
      expect(await node.call('record.show', { id: crafted.id })).toMatchObject({
        parts: { length: items.length - 1 },
      });
    }
    const good = await peer.sendsGood();
    const { records } = await node.call<{ records: Listed[] }>('record.list', { issuer: code });
    expect(records).toHaveLength(3);
    expect(records.map(({ status }) => status)).toEqual(['current', 'current', 'current']);
    const { records: found } = await node.call<{ records: Listed[] }>('record.find', { text: 'good record' });
    expect(found.map(({ id }) => id)).toContain(good.header.id);
    await applyPolicy(node, {
      comity: 'policy/1',
      rules: [{ name: 'all', to: [code], mode: ['push'], when: { type: 'incident' } }],
    });
  });

  test('leave a node that stops, starts and is sound', async () => {
    const events = new Set(node.log.map(({ event }) => event));
    expect(events).not.toContain('unexpected-error');
    expect(events).not.toContain('record-unreadable');
    expect(await node.stop()).toBe(0);
    const { code, stdout } = await comity(['--json', '--home', founded.home, 'node', 'fsck']);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [] });
    expect(code).toBe(0);
    node = await NodeProcess.start(founded.home);
    expect(await node.stop()).toBe(0);
  });
});

test('a stored record that does not open is shown as damaged, and everything else as ever', async () => {
  await using scratch = await scratchDirectory();
  const founded = (await foundStates(scratch, ['XAA']))[0];
  const state = await ForeignState.found('XBA');
  const crafted = craftRecord(state, labelAt(state, 0), ATTACKS[0]?.[3](state) ?? []);
  let node = await NodeProcess.start(founded.home);
  await recognise(node, state);
  const draft = {
    type: 'incident',
    label: { classification: 'restricted' },
    content: { title: { en: 'A good record' }, stage: 'final' },
  };
  await node.call('record.issue', { drafts: [draft] });
  expect(await node.stop()).toBe(0);
  {
    await using store = await Store.open(`${founded.home}/store`);
    const source = { peer: state.state, receivedAtSeconds: 1, ledgerIndex: null };
    const header = headerOf(crafted.bytes);
    await store.commit(new WriteSet().putRecord({ ...crafted, header, source }));
  }

  const { code, stdout } = await comity(['--json', '--home', founded.home, 'node', 'fsck']);
  expect(code).toBe(40);
  const { findings } = JSON.parse(stdout) as { findings: { code: string; detail: string }[] };
  expect(findings.map((finding) => finding.code)).toEqual(['node.record-unreadable']);
  expect(findings[0]?.detail).toContain(crafted.id);
  expect(findings[0]?.detail).toContain('record.key-present');

  node = await NodeProcess.start(founded.home);
  try {
    for (let round = 0; round < 2; round += 1) {
      const { records } = await node.call<{ records: Listed[] }>('record.list');
      expect(records).toHaveLength(2);
      expect(records.find(({ id }) => id === crafted.id)).toMatchObject({
        status: 'damaged',
        damage: 'record.key-present',
        issuer: 'XBA',
        title: null,
      });
      const { records: found } = await node.call<{ records: Listed[] }>('record.find', { text: 'good' });
      expect(found.map(({ title }) => title)).toEqual(['A good record']);
    }
    expect(await refusalOf(node, 'record.show', { id: crafted.id })).toBe('record.key-present');
    const told = node.log.filter(({ event }) => event === 'record-unreadable');
    expect(told).toMatchObject([{ record: crafted.id, code: 'record.key-present' }]);
    expect(await node.stop()).toBe(0);
  } finally {
    await node.kill();
  }
});
