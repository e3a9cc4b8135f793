import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keysOf } from '../jobs/judge-keys.ts';
import { orderCounts, orderStatuses } from '../orders/order-status.ts';
import { recallRecord } from '../recall.ts';
import { showRecord } from '../records/consult.ts';
import { audienceOf } from '../release/audience.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { statusOf } from '../status.ts';
import { leftWith } from './left-with-peer.ts';
import type { Peer } from './peers.ts';
import { addPeer } from './recognise.ts';
import { removePeer } from './remove-peer.ts';
import { setSuspended } from './suspend.ts';

const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XAA', 'XBB', 'XCC'] },
  content: { title: { en: 'Outage of a registry' }, stage: 'final' },
};
const POLICY = {
  comity: 'policy/1',
  rules: [{ name: 'all', to: ['XBB', 'XCC'], mode: ['push', 'relay'], purpose: ['incident-response'] }],
};

let node: ScratchNode;
let changed: Peer[];
beforeEach(async () => {
  node = await ScratchNode.found(['XBB', 'XCC']);
  await node.apply(POLICY);
  changed = [];
  node.sovereign.onPeerChange = async (peer) => {
    changed.push(peer);
  };
});
afterEach(() => node[Symbol.asyncDispose]());

const bea = (): ScratchPeer => node.peers[0] as ScratchPeer;
const remove = (code: string, everywhere = false): Promise<string[]> =>
  removePeer(node.sovereign, code, everywhere, () => {});
const ledgerSize = async (): Promise<number> =>
  (await node.sovereign.store.log(`ledger/out/${bea().state}`)).size;

async function events(): Promise<string[]> {
  const lines: string[] = [];
  for await (const chunk of node.sovereign.store.audit())
    for (const { event, fields } of chunk)
      if (event.startsWith('peer-'))
        lines.push(`${event} ${fields.get('peer') === bea().state ? 'XBB' : 'XCC'}`);
  return lines;
}

test('it is cut off, served nothing and known no more, and what it gave is read as before', async () => {
  const given = (await node.receive(bea(), DRAFT)).header.id;
  await node.issue(DRAFT);
  const size = await ledgerSize();
  expect(size).toBeGreaterThan(0);
  const { state } = bea();
  expect(await remove('XBB')).toEqual([]);
  expect(changed).toMatchObject([{ state, suspended: true }]);
  for (const reopened of [false, true]) {
    if (reopened) await node.reopen();
    const { peers } = node.sovereign;
    expect(peers.get(state)).toBeUndefined();
    expect(peers.isRecognised(state, node.sovereign.now())).toBe(false);
    expect(() => peers.byCode('XBB')).toThrow(expect.objectContaining({ code: 'peer.removed' }));
    await node.issue(DRAFT);
    expect(await ledgerSize()).toBe(size);
    // A judge that takes what others pass on does not know its keys; who reads what is held does.
    expect(keysOf(node.sovereign).states).toHaveLength(2);
    expect(keysOf(node.sovereign, { isReading: true }).states).toHaveLength(3);
    const { record } = await showRecord(node.sovereign, { id: given, raw: false });
    expect(record).toMatchObject({ id: given, issuer: 'XBB', title: 'Outage of a registry' });
    const { peers: shown } = await statusOf(node.sovereign);
    expect(shown.find(({ code }) => code === 'XBB')).toMatchObject({ connection: 'removed' });
  }
  expect((await events()).at(-1)).toBe('peer-removed XBB');
  await expect(remove('XBB')).rejects.toMatchObject({ code: 'peer.removed' });
  await expect(remove('XZZ')).rejects.toMatchObject({ code: 'peer.unknown' });
});

test('it is a peer again with its card and a new comparison, also where it was suspended, and then gets what it missed', async () => {
  await setSuspended(node.sovereign, 'XBB', { suspended: true, everywhere: false }, () => {});
  await remove('XBB');
  await node.issue(DRAFT);
  expect(await ledgerSize()).toBe(0);
  const { addition } = bea();
  const again = (change: object): Promise<unknown> =>
    addPeer(node.sovereign, { ...addition, ...change }, () => {});
  await expect(again({ renew: true })).rejects.toMatchObject({ code: 'peer.unknown' });
  await expect(again({ fingerprint: '0'.repeat(64) })).rejects.toThrow();
  await again({});
  expect(await ledgerSize()).toBe(1);
  await node.reopen();
  expect(node.sovereign.peers.byCode('XBB')).toMatchObject({ suspended: false });
  expect(await events()).toEqual([
    'peer-added XBB',
    'peer-added XCC',
    'peer-suspended XBB',
    'peer-removed XBB',
    'peer-added XBB',
  ]);
});

test('the others are told, and the state is barred until somebody says otherwise', async () => {
  expect(await remove('XBB', true)).toEqual(['XCC']);
  const { orders, self } = node.sovereign;
  expect([...orders.barredBy(self.state)]).toEqual([bea().state]);
});

test('what it has not answered is listed as before, and people are told what stays with it', async () => {
  const [id = '', kept = ''] = await node.issue(DRAFT, DRAFT);
  const shown = (await audienceOf(node.sovereign, kept)).peers[0]?.parts ?? [];
  const [first = ''] = shown.map(({ path }) => path);
  const recall = { reason: 'error', language: 'en', dryRun: false };
  const { order } = await recallRecord(node.sovereign, { ...recall, id });
  await recallRecord(node.sovereign, { ...recall, id: kept, parts: [first] });
  const left = await leftWith(node.sovereign, 'XBB');
  expect(left).toMatchObject({
    records: 2,
    parts: 2 * shown.length,
    waiting: 0,
    retractions: [],
    byConsent: [],
  });
  expect(left.unanswered).toHaveLength(2);
  expect(left.unanswered).toContain(order);

  const opened = vi.spyOn(node.sovereign.store, 'log');
  const opens = async (wanted: { record?: string }): Promise<number> => {
    opened.mockClear();
    await orderStatuses(node.sovereign, wanted);
    return opened.mock.calls.length;
  };
  // The ledgers are read once per peer, however many orders there are.
  expect(await opens({})).toBe(await opens({ record: kept }));
  opened.mockRestore();

  await remove('XBB');
  for (const reopened of [false, true]) {
    // Later than any order may wait for its answer.
    if (reopened) await node.reopen(() => Math.floor(Date.now() / 1_000) + 30 * 86_400);
    const listed = await orderStatuses(node.sovereign, { only: reopened ? 'overdue' : 'open' });
    expect(listed.orders.map(({ peers }) => peers.map(({ peer, status }) => [peer, status]))).toEqual([
      [
        ['XCC', 'sent'],
        ['XBB', 'removed'],
      ],
      [
        ['XCC', 'sent'],
        ['XBB', 'removed'],
      ],
    ]);
    expect(await orderCounts(node.sovereign)).toMatchObject({ open: 2, overdue: reopened ? 2 : 0 });
    const peer = (await audienceOf(node.sovereign, kept)).peers.find((each) => each.peer === 'XBB');
    expect(peer?.parts.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual(
      peer?.parts.map(() => 'withhold peer.removed'),
    );
    expect(peer?.parts.every(({ handed }) => handed !== null)).toBe(true);
  }
  await expect(leftWith(node.sovereign, 'XBB')).rejects.toMatchObject({ code: 'peer.removed' });
  await expect(leftWith(node.sovereign, 'XZZ')).rejects.toMatchObject({ code: 'peer.unknown' });
});
