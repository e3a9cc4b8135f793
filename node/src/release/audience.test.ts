import { signAct } from '@comity/approval';
import { fromHex } from '@comity/digest';
import { signerFromSeed } from '@comity/ed25519';
import type { StateId } from '@comity/label';
import type { Order } from '@comity/ledger';
import { issueOrder } from '@comity/ledger';
import type { RecordId } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { audienceResult, recordAudience } from '../operations/audience.ts';
import { recordAmend, recordShow } from '../operations/record.ts';
import { execute } from '../orders/apply-orders.ts';
import { localUser } from '../process/local-user.ts';
import { showRecord } from '../records/consult.ts';
import { verifyHeld } from '../records/verify.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { explainForPeer } from './explain.ts';
import { READ_RECORD } from './reads.ts';

const POLICY = {
  comity: 'policy/1',
  rules: [
    {
      name: 'warn',
      to: ['XBB', 'XCC'],
      mode: ['push'],
      purpose: ['incident-response'],
      parts: ['title', 'summary'],
    },
    { name: 'onward', to: ['XBB', 'XCC'], mode: ['relay'], purpose: ['incident-response'] },
  ],
};
const BOTH = { releasableTo: ['XBB', 'XCC'] };
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB'] },
  envelope: BOTH,
  labels: { title: BOTH, 'victim.name': BOTH },
  content: {
    title: { en: 'Outage of a registry' },
    stage: 'final',
    summary: { en: 'Two hours.' },
    victim: { name: 'Registry One' },
  },
};

let node: ScratchNode;

beforeAll(async () => {
  node = await ScratchNode.found(['XBB', 'XCC']);
  await node.apply(POLICY);
});

afterAll(async () => {
  await node[Symbol.asyncDispose]();
});

type Audience = z.output<typeof audienceResult>;

async function audience(id: string): Promise<Audience> {
  return audienceResult.parse(
    await recordAudience.run(node.sovereign, { id }, () => {}, new AbortController().signal),
  );
}

async function show(id: string): Promise<void> {
  await recordShow.run(node.sovereign, { id, raw: false }, () => {}, new AbortController().signal);
}

const partOf = (told: Audience, peer: string, path: string) =>
  told.peers.find((each) => each.peer === peer)?.parts.find((each) => each.path === path);

test('per peer: what it has since when, and why it has not the rest', async () => {
  const [id = ''] = await node.issue(DRAFT);
  const told = await audience(id);
  expect(told.sources).toEqual([{ peer: null, at: told.record?.issuedAt, entry: null }]);
  const title = partOf(told, 'XBB', 'title');
  expect(title).toMatchObject({ outcome: 'release', rule: 'warn', handed: { receipted: false } });
  expect(partOf(told, 'XBB', 'summary')).toMatchObject({ outcome: 'release', handed: title?.handed });
  expect(partOf(told, 'XCC', 'summary')).toMatchObject({
    outcome: 'withhold',
    reason: 'M2 originator-control',
    handed: null,
  });
  expect(partOf(told, 'XBB', 'victim')).toMatchObject({
    outcome: 'withhold',
    reason: 'no-permit',
    handed: null,
  });
  const entries = told.peers.map((each) => each.entries.map(({ parts, content }) => ({ parts, content })));
  expect(entries).toEqual([[{ parts: 2, content: true }], [{ parts: 1, content: true }]]);
});

test('what a peer was handed before the rules changed it still has', async () => {
  const [id = ''] = await node.issue(DRAFT);
  await node.apply({ comity: 'policy/1', rules: [] });
  const told = await audience(id);
  expect(partOf(told, 'XBB', 'title')).toMatchObject({ outcome: 'withhold', reason: 'no-permit' });
  expect(partOf(told, 'XBB', 'title')?.handed).not.toBeNull();
  await node.apply(POLICY);
});

test('a receipt covers what lies below its size; what went out without content was not handed over', async () => {
  const { store, peers } = node.sovereign;
  const [id = ''] = await node.issue(DRAFT);
  const { state } = peers.byCode('XCC');
  const log = await store.log(`ledger/out/${state}`);
  const { size, root } = log.head();
  await store.commit(
    new WriteSet()
      .putCheckpoint({ log: log.log, size, root, note: 'of a test' })
      .put(TABLES.cosignatures, [log.log, size, state], { line: 'of a test', atSeconds: 1 }),
  );
  const [later = ''] = await node.issue(DRAFT);
  const receipted = async (of: string) => partOf(await audience(of), 'XCC', 'title')?.handed?.receipted;
  expect([await receipted(id), await receipted(later)]).toEqual([true, false]);
  await store.commit(new WriteSet().put(TABLES.bare, [state, size], { atSeconds: 1 }));
  expect(partOf(await audience(later), 'XCC', 'title')?.handed).toBeNull();
  expect((await audience(later)).peers[1]?.entries).toMatchObject([{ index: size, content: false }]);
});

test('a record of another state: from whom it came, and to whom it was handed on', async () => {
  const [xbb] = node.peers;
  if (xbb === undefined) throw new Error('no peer');
  const view = await node.receive(xbb, {
    ...DRAFT,
    label: { classification: 'restricted', releasableTo: ['XAA', 'XCC'] },
    envelope: {},
    labels: {},
  });
  // A policy that is applied goes through all records.
  await node.apply(POLICY);
  const told = await audience(view.header.id);
  expect(told.sources).toMatchObject([{ peer: 'XBB', entry: 0 }]);
  expect(told.peers.map(({ peer, gaveIt, entries }) => [peer, gaveIt, entries.length])).toEqual([
    ['XBB', true, 0],
    ['XCC', false, 1],
  ]);
  expect(partOf(told, 'XCC', 'victim.name')).toMatchObject({ outcome: 'release', rule: 'onward' });
});

test('who was shown what is in it: one line of the audit chain each time, and none for others', async () => {
  const [id = '', other = ''] = await node.issue(DRAFT, DRAFT);
  expect((await audience(id)).readers).toEqual([]);
  const before = node.sovereign.store.auditTip.sequence;
  await show(id);
  await show(other);
  expect(node.sovereign.store.auditTip.sequence).toBe(before + 2);
  const lines: string[] = [];
  for await (const chunk of node.sovereign.store.audit(before + 1))
    lines.push(
      ...chunk.map(({ event, fields }) => `${event} ${fields.get('record')} ${fields.get('operation')}`),
    );
  expect(lines).toEqual([`record-read ${id} record.show`, `record-read ${other} record.show`]);
  const { readers } = await audience(id);
  expect(readers.map(({ times }) => times)).toEqual([1]);
  await node.reopen();
  expect((await audience(id)).readers).toEqual(readers);
});

test('an officer who has signed that he reads is told apart from whoever uses the machine', async () => {
  const [id = '', other = ''] = await node.issue(DRAFT, DRAFT);
  const signer = signerFromSeed(new Uint8Array(32).fill(0x61));
  await node.enrol('anna', signer.publicKey, ['officer']);
  const { self, now } = node.sovereign;
  const signed = async (record: string, key = signer): Promise<string> => {
    const act = { act: READ_RECORD, subject: fromHex(record), atSeconds: now() };
    const bytes = await signAct({ state: self.state, officer: 'anna', ...act }, key);
    return Buffer.from(bytes).toString('base64');
  };
  const read = async (act: string): Promise<unknown> =>
    recordShow.run(node.sovereign, { id, raw: false, act }, () => {}, new AbortController().signal);
  await expect(read(await signed(other))).rejects.toMatchObject({ code: 'act.wrong-subject' });
  const stranger = signerFromSeed(new Uint8Array(32).fill(0x62));
  await expect(read(await signed(id, stranger))).rejects.toMatchObject({ code: 'approval.unknown-officer' });
  expect((await audience(id)).readers).toEqual([]);
  await read(await signed(id));
  await show(id);
  await recordAmend.run(node.sovereign, { id: other }, () => {}, new AbortController().signal);
  const shown = ({ readers }: Audience) => readers.map(({ user, isProven }) => [user, isProven]).sort();
  const user = localUser();
  expect(shown(await audience(id))).toEqual(
    [
      ['anna', true],
      [user, false],
    ].sort(),
  );
  expect(shown(await audience(other))).toEqual([[user, false]]);
  // A row that somebody has written into the store proves nothing.
  const forged = ['record.show', READ_RECORD, id, new Uint8Array([1])] as const;
  await node.sovereign.store.commit(
    new WriteSet().put(TABLES.reads, [other as RecordId, now(), '@anna'], forged),
  );
  expect(shown(await audience(other))).toContainEqual(['anna', false]);
});

test('of a record that was erased here, the ledgers tell who has it', async () => {
  const [id = ''] = await node.issue(DRAFT);
  await show(id);
  const reason = { atSeconds: node.sovereign.now(), order: null, reason: 'court' };
  await node.sovereign.store.commit(
    new WriteSet().eraseRecord(id as RecordId, node.sovereign.self.state, reason),
  );
  const told = await audience(id);
  expect(told).toMatchObject({
    id,
    record: null,
    erased: { reason: 'court' },
    sources: [{ peer: null, entry: null }],
  });
  expect(
    told.peers.map(({ entries, parts, noLongerHeld }) => [entries.length, parts.length, noLongerHeld]),
  ).toEqual([
    [1, 0, 2],
    [1, 0, 1],
  ]);
  expect(told.readers.map(({ times }) => times)).toEqual([1]);
});

test('of a record that was recalled, all that asks for it says by whom, when and why', async () => {
  const [id = ''] = await node.issue(DRAFT);
  const { sovereign } = node;
  const [, { state }] = node.peers as [ScratchPeer, ScratchPeer];
  const order = 'cd'.repeat(32);
  const recall = {
    kind: 'recall',
    id: order,
    issuer: state,
    record: id,
    reason: 'court',
    issuedAtSeconds: 1,
  };
  sovereign.orders.note({
    order: recall as unknown as Order,
    row: { bytes: new Uint8Array(), peer: state, state: 'applied', reason: null, atSeconds: 1 },
  });
  const asks = [id, id.slice(0, 12)].flatMap((each) => [
    () => showRecord(sovereign, { id: each, raw: false }),
    () => verifyHeld(sovereign, each),
    () => explainForPeer(sovereign, { record: each, peer: 'XBB' }),
  ]);
  await sovereign.store.commit(
    new WriteSet().eraseRecord(id as RecordId, sovereign.self.state, {
      ...{ atSeconds: 1_800_000_000, order, reason: 'court' },
    }),
  );
  const erased = { by: 'XCC', reason: 'court', order };
  for (const ask of asks) {
    const refused = ask();
    await expect(refused).rejects.toThrow(/was recalled by XCC, and erased here at 2027-01-15T08:00:00Z/);
    await expect(refused).rejects.toMatchObject({ code: 'record.not-found', fields: { id, ...erased } });
  }
  expect(await audience(id)).toMatchObject({
    record: null,
    erased: { at: '2027-01-15T08:00:00Z', ...erased },
  });
  await expect(verifyHeld(sovereign, '0'.repeat(64))).rejects.toThrow(/is held here/);
});

test('of a record of another state that was erased: from whom it came, and what its issuer ordered alone', async () => {
  const { sovereign } = node;
  const [xbb, xcc] = node.peers;
  if (xbb === undefined || xcc === undefined) throw new Error('no peers');
  const label = { classification: 'restricted', releasableTo: ['XAA', 'XCC'] };
  const { header } = await node.receive(xbb, { ...DRAFT, label, envelope: {}, labels: {} });
  await node.apply(POLICY);
  const erasure = { atSeconds: sovereign.now(), order: null, reason: 'court' };
  await sovereign.store.commit(new WriteSet().eraseRecord(header.id, xbb.state, erasure));
  expect(await audience(header.id)).toMatchObject({
    sources: [{ peer: 'XBB', entry: 0 }],
    peers: [
      { peer: 'XBB', gaveIt: true },
      { peer: 'XCC', gaveIt: false, entries: [{ mode: 'relay' }] },
    ],
    orders: [],
  });

  const ledger = async (): Promise<number> => (await sovereign.store.log(`ledger/out/${xcc.state}`)).size;
  const before = await ledger();
  const ordered = async (peer: ScratchPeer): Promise<void> => {
    const draft = { kind: 'recall', record: header.id, reason: 'error', issuer: peer.state } as const;
    const order = await issueOrder(draft, peer.signer, sovereign.now(), sovereign.entropy);
    const row = {
      bytes: order.bytes,
      peer: peer.state,
      state: 'received',
      reason: null,
      atSeconds: 0,
    } as const;
    sovereign.orders.note({ order, row });
    await execute(sovereign, { order, row }, async () => ({ outcome: 'applied' }));
  };
  // A third state has nothing to say about it: nothing is passed on, or listed.
  const signer = signerFromSeed(new Uint8Array(32).fill(0x55));
  await ordered({ ...xbb, state: 'dd'.repeat(32) as StateId, signer });
  expect(await ledger()).toBe(before);
  expect((await audience(header.id)).orders).toEqual([]);
  await ordered(xbb);
  expect(await ledger()).toBe(before + 1);
  expect((await audience(header.id)).orders).toMatchObject([{ issuer: 'XBB', kind: 'recall' }]);
});

test('a record that is not held has no audience', async () => {
  await expect(audience('0'.repeat(64))).rejects.toMatchObject({ code: 'record.not-found' });
});
