import { signApproval } from '@comity/approval';
import { sha256 } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import type { RecordId } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decideReleases } from '../approve.ts';
import { rejectedReleases } from '../officers/rejections.ts';
import type { PendingRelease, RejectedRelease } from '../operations/approvals.ts';
import { reconcile } from '../recovery/reconcile.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { listHolds } from './hold-list.test-support.ts';
import { enterHold, type HoldPlace, HoldQueue } from './hold-queue.ts';
import { forgetHolds } from './holds.ts';
import { pendingReleases } from './pending.ts';

// How people go through what waits for them, and through what they have rejected: page by page.

const DAY_SECONDS = 86_400;
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB', 'XCC'] },
  content: { title: { en: 'Outage of a registry' }, stage: 'final' },
};
const rule = (to: string, more: object = {}): object => ({
  name: `to-${to.toLowerCase()}`,
  to: [to],
  mode: ['push'],
  purpose: ['incident-response'],
  ...more,
});
const ASKING = {
  comity: 'policy/1',
  rules: ['XBB', 'XCC'].map((to) => rule(to, { approve: { by: 'officer' } })),
};
const anna: LocalSigner = signerFromSeed(sha256(new TextEncoder().encode('anna')));

let seconds: number;
let node: ScratchNode;
let records: readonly RecordId[];

beforeEach(async () => {
  seconds = Math.floor(Date.now() / 1_000);
  node = await ScratchNode.found(['XBB', 'XCC'], () => seconds);
  await node.enrol('anna', anna.publicKey, ['officer']);
  await node.enrolAuthor();
  seconds += 600;
  await node.apply(ASKING);
  // Those of one second are in the order of their ids, whatever they came in.
  records = await node.issue(DRAFT, DRAFT, DRAFT);
  seconds += 1;
  records = [...records, ...(await node.issue(DRAFT, DRAFT))];
});

afterEach(() => node[Symbol.asyncDispose]());

type Decidable = Pick<
  PendingRelease | RejectedRelease,
  'record' | 'recipient' | 'mode' | 'purpose' | 'rule' | 'ruleDigest'
> & { readonly parts: readonly { readonly digest: string }[] };

function sign(about: Decidable, decision: 'approve' | 'reject', days: number): Promise<Uint8Array> {
  const { record, recipient, parts, mode, purpose, rule: name, ruleDigest } = about;
  return signApproval(
    {
      ...{
        state: node.sovereign.self.state,
        officer: 'anna',
        decision,
        mode,
        purpose,
        rule: name,
        ruleDigest,
      },
      recordId: record as RecordId,
      recipient: recipient as never,
      parts: new Set(parts.map(({ digest }) => digest)),
      atSeconds: seconds,
      notAfterSeconds: seconds + days * DAY_SECONDS,
    },
    anna,
  );
}

const decide = async (...statements: readonly Uint8Array[]) =>
  decideReleases(node.sovereign, statements, () => {});

/** All pages, of so many each. */
async function pages<Page extends { readonly next: string | null }>(
  page: (asked: { limit: number; after: string | undefined }) => Promise<Page>,
  limit: number,
): Promise<Page[]> {
  const all: Page[] = [];
  for (let after: string | undefined; ; ) {
    const next = await page({ limit, after });
    all.push(next);
    if (next.next === null) return all;
    after = next.next;
  }
}

const pendingPages = (limit: number, more: { peer?: string; record?: string } = {}) =>
  pages((asked) => pendingReleases(node.sovereign, { ...asked, ...more }), limit);
const rejectedPages = (limit: number, more: { peer?: string; record?: string } = {}) =>
  pages((asked) => rejectedReleases(node.sovereign, { ...asked, ...more }), limit);
const named = ({ record, peer }: { readonly record: string; readonly peer: string }) => `${record} ${peer}`;

test('what waits is listed page by page, the longest first, of all, of one peer and of one record', async () => {
  const [all] = await pendingPages(100);
  const order = (all?.pending ?? []).map(named);
  expect(order).toHaveLength(10);
  const since = (all?.pending ?? []).map((each) => each.since);
  expect(since).toEqual(since.toSorted());
  expect(new Set(order.slice(0, 6).map((each) => each.split(' ')[0]))).toEqual(new Set(records.slice(0, 3)));
  for (const [limit, expected] of [
    [1, 10],
    [3, 4],
    [5, 2],
  ] as const) {
    const found = await pendingPages(limit);
    expect(found).toHaveLength(expected);
    expect(found.flatMap(({ pending }) => pending.map(named))).toEqual(order);
    expect(found.every(({ total }) => total === 10)).toBe(true);
  }
  const toC = await pendingPages(2, { peer: 'XCC' });
  expect(toC.flatMap(({ pending }) => pending.map(named))).toEqual(
    order.filter((each) => each.endsWith('XCC')),
  );
  expect(toC[0]?.total).toBe(5);
  const [record] = records as [RecordId];
  const ofOne = await pendingPages(1, { record: record.slice(0, 12) });
  expect(ofOne.flatMap(({ pending }) => pending.map(named)).sort()).toEqual([
    `${record} XBB`,
    `${record} XCC`,
  ]);
  expect(ofOne[0]?.total).toBe(2);
  const [gone] = (all as { pending: PendingRelease[] }).pending as [PendingRelease];
  await decide(await sign(gone, 'approve', 1));
  expect((await pendingPages(4)).flatMap(({ pending }) => pending.map(named))).toEqual(order.slice(1));
});

test('a list changes nothing, and no page goes through more of what waits no longer than a few', async () => {
  const { store, self, peers, holds } = node.sovereign;
  const peer = peers.byCode('XBB').state;
  const enter = async (...places: readonly HoldPlace[]): Promise<void> => {
    const set = new WriteSet();
    for (const place of places) {
      const [sinceSeconds, record] = place;
      enterHold(set, self.state, place);
      set.put(TABLES.holds, [peer, record], { sinceSeconds, items: [] });
      holds.add(peer, record);
    }
    await store.commit(set);
  };
  const before = (await pendingPages(100)).flatMap(({ pending }) => pending.map(named));
  // Of records that are not held here any more.
  const lost = Array.from({ length: 450 }, (_, index) => index.toString(16).padStart(64, '0') as RecordId);
  await enter(...lost.map((record): HoldPlace => [1, record, peer]));
  const found = await pendingPages(100);
  expect(found.map(({ pending }) => pending.length)).toEqual([0, 0, 10]);
  expect(found.at(-1)?.total).toBe(460);
  expect(found.flatMap(({ pending }) => pending.map(named))).toEqual(before);
  expect(await pendingPages(100)).toHaveLength(3);
  const set = new WriteSet();
  for (const record of lost)
    for (const each of await forgetHolds(node.sovereign, set, record)) holds.remove(each, record);
  await store.commit(set);
  // Of a record that is held, and goes.
  const [held] = await node.issue({ ...DRAFT, label: { classification: 'restricted' } });
  await enter([2, held as RecordId, peer]);
  const [page] = await pendingPages(100);
  expect(page).toMatchObject({ total: 11, next: null });
  expect(page?.pending.map(named)).toEqual(before);
  await reconcile(node.sovereign, peers.all(), () => {});
  expect((await pendingPages(100))[0]).toMatchObject({ total: 10 });
  expect((await listHolds(node.sovereign)).map(({ record }) => record)).not.toContain(held);
});

test('what was rejected is listed page by page, that which ends first before the others', async () => {
  const { pending } = await pendingReleases(node.sovereign, {});
  const days = [5, 3, 9, 1, 7];
  for (const [index, each] of pending.slice(0, 5).entries())
    await decide(await sign(each, 'reject', days[index] as number));
  const order = [3, 1, 0, 4, 2].map((index) => named(pending[index] as PendingRelease));
  for (const [limit, expected] of [
    [2, 3],
    [5, 1],
  ] as const) {
    const found = await rejectedPages(limit);
    expect(found).toHaveLength(expected);
    expect(found.flatMap(({ rejected }) => rejected.map(named))).toEqual(order);
  }
  const toB = await rejectedPages(1, { peer: 'XBB' });
  expect(toB.flatMap(({ rejected }) => rejected.map(named))).toEqual(
    order.filter((each) => each.endsWith('XBB')),
  );
  const [{ record }] = pending as [PendingRelease];
  const ofOne = await rejectedPages(1, { record: record.slice(0, 8) });
  expect(ofOne.flatMap(({ rejected }) => rejected.map(named))).toEqual(
    order.filter((each) => each.startsWith(record)),
  );
  // One is over, one is taken back.
  seconds += DAY_SECONDS;
  const all = (await rejectedPages(100)).flatMap(({ rejected }) => rejected);
  expect(all.map(named)).toEqual(order.slice(1));
  const [first, ...rest] = all as [RejectedRelease, ...RejectedRelease[]];
  await decide(await sign(first, 'approve', 1));
  expect((await rejectedPages(2)).flatMap(({ rejected }) => rejected.map(named))).toEqual(rest.map(named));
  const listed = await node.sovereign.store.list(TABLES.rejections, [node.sovereign.self.state]);
  expect(listed.filter(({ key }) => key[1] > seconds)).toHaveLength(rest.length);
});

test('a store from before there were lists is given them when it is opened', async () => {
  const [waiting] = (await pendingReleases(node.sovereign, {})).pending;
  await decide(await sign(waiting as PendingRelease, 'reject', 2));
  const before = [await pendingReleases(node.sovereign, {}), await rejectedReleases(node.sovereign, {})];
  const { store, self } = node.sovereign;
  const set = new WriteSet().delete(TABLES.settings, ['lists-ordered']);
  for (const { key } of await store.list(TABLES.holdOrder, [])) set.delete(TABLES.holdOrder, key);
  for (const { key } of await store.list(TABLES.rejections, [])) set.delete(TABLES.rejections, key);
  await store.commit(set);
  expect((await HoldQueue.load(store, self.state)).count()).toBe(0);
  await node.reopen(() => seconds);
  expect([await pendingReleases(node.sovereign, {}), await rejectedReleases(node.sovereign, {})]).toEqual(
    before,
  );
});
