import { disclosuresFor, type View } from '@comity/record';
import { WriteSet } from '@comity/store';
import { expect, test } from 'vitest';
import { commitReceived } from '../ledgers/received.ts';
import { diff } from '../policy/policy-diff.test-support.ts';
import { reconcile } from '../recovery/reconcile.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { explainForPeer } from './explain.ts';
import { pendingReleases } from './pending.ts';
import { previewRecord } from './preview.ts';

// Of a record of Caldera (XCC), Borealis (XBB) has given a part as well: it is handed the others, and not that.

const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XAA', 'XBB'] },
  content: { title: { en: 'Outage of a registry' }, stage: 'final', tags: ['one'] },
};
const policyOf = (...rules: object[]): object => ({
  comity: 'policy/1',
  rules: rules.map((more, index) => ({
    name: `rule-${index}`,
    to: ['XBB'],
    mode: ['relay'],
    purpose: ['incident-response'],
    ...more,
  })),
});
const silent = (): void => {};
const digestsAt = ({ parts }: View, ...paths: string[]): string[] =>
  parts.filter(({ pathText }) => paths.includes(pathText)).map(({ digest }) => digest);

/** Borealis gives some parts of the record, beside what is held of it. */
async function give(node: ScratchNode, view: View, ...paths: string[]): Promise<void> {
  const { sovereign } = node;
  const source = {
    peer: sovereign.peers.byCode('XBB').state,
    receivedAtSeconds: sovereign.now(),
    ledgerIndex: null,
  };
  const disclosures = disclosuresFor(view, new Set(digestsAt(view, ...paths)));
  const { header, bytes } = view;
  await commitReceived(sovereign, [{ header, bytes, disclosures, source }], () => new WriteSet());
}

async function released({ sovereign }: ScratchNode, view: View): Promise<readonly string[]> {
  const { digests } = await sovereign.store.released(sovereign.peers.byCode('XBB').state, view.header.id);
  return view.parts
    .filter(({ digest }) => digests.has(digest))
    .map(({ pathText }) => pathText)
    .sort();
}

test('a state that gave a part is handed the others, and previews, traces and comparisons say so', async () => {
  await using node = await ScratchNode.found(['XBB', 'XCC']);
  const { sovereign } = node;
  const view = await node.receive(node.peers[1] as ScratchPeer, DRAFT);
  await give(node, view, 'title');
  // What it gives again of what another gave is its own as well.
  await give(node, view, 'stage');
  const all = view.parts.map(({ pathText }) => pathText).sort();
  const others = all.filter((path) => path !== 'title' && path !== 'stage');
  const change = JSON.stringify(await diff(node, policyOf({})));
  expect(change).not.toContain('"title"');
  expect(change).toContain('"tags"');
  await node.apply(policyOf({}));
  const id = view.header.id;
  const [preview] = (await previewRecord(sovereign, id, ['XBB'])).peers;
  const explained = await explainForPeer(sovereign, { record: id, peer: 'XBB' });
  for (const { outcome, parts } of [preview as NonNullable<typeof preview>, explained]) {
    expect(outcome).toBe('release');
    const at = new Map(parts.map((part) => [part.path, part]));
    expect(all.filter((path) => at.get(path)?.outcome === 'release')).toEqual(others);
    for (const path of ['title', 'stage']) expect(at.get(path)?.reason).toBe('gave-it');
  }
  await reconcile(sovereign, sovereign.peers.all(), silent);
  expect(await released(node, view)).toEqual(others);
});

test('officers are asked about what a state did not give', async () => {
  await using node = await ScratchNode.found(['XBB', 'XCC']);
  const { sovereign } = node;
  const view = await node.receive(node.peers[1] as ScratchPeer, DRAFT);
  await node.apply(policyOf({ parts: ['title', 'stage'], approve: { by: 'officer' } }));
  const waiting = async (): Promise<readonly string[]> =>
    (await pendingReleases(sovereign, {})).pending.flatMap(({ parts }) => parts.map(({ path }) => path));
  expect(await waiting()).toEqual(['stage', 'title']);
  const preview = async () => (await previewRecord(sovereign, view.header.id, ['XBB'])).peers[0];
  expect(await preview()).toMatchObject({
    outcome: 'hold',
    envelope: { outcome: 'hold', reason: 'approval-needed' },
  });
  await give(node, view, 'title');
  expect(await waiting()).toEqual(['stage']);
  await give(node, view, 'stage');
  await reconcile(sovereign, sovereign.peers.all(), silent);
  expect(await waiting()).toEqual([]);
  expect((await pendingReleases(sovereign, {})).total).toBe(0);
  expect(await preview()).toMatchObject({ outcome: 'withhold' });
  expect(await released(node, view)).toEqual([]);
});

test('a state that alone gave a record is handed none of it', async () => {
  await using node = await ScratchNode.found(['XBB', 'XCC']);
  const { sovereign } = node;
  const view = await node.sign(node.peers[1] as ScratchPeer, DRAFT);
  await give(node, view, 'title', 'stage');
  await node.apply(policyOf({}));
  const { outcome, parts } = await explainForPeer(sovereign, { record: view.header.id, peer: 'XBB' });
  expect([outcome, ...new Set(parts.map(({ reason }) => reason))]).toEqual(['withhold', 'gave-it']);
  expect(await released(node, view)).toEqual([]);
});
