import { signApproval } from '@comity/approval';
import { sha256 } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import { decodeLedgerEntry } from '@comity/log';
import type { Question } from '@comity/query';
import type { RecordId } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decideReleases } from '../approve.ts';
import { commitReceived } from '../ledgers/received.ts';
import { rejectedReleases } from '../officers/rejections.ts';
import { openSovereign } from '../open.ts';
import type { PendingRelease, RejectedRelease } from '../operations/approvals.ts';
import { WorkSlices } from '../process/work-slices.ts';
import { AnswerRelease } from '../questions/answer-release.ts';
import { retractRecord } from '../records/retract.ts';
import { ViewCache } from '../records/view-cache.ts';
import { reconcile } from '../recovery/reconcile.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { listHolds } from './hold-list.test-support.ts';
import { enterHold } from './hold-queue.ts';
import { pendingReleases } from './pending.ts';
import { previewRecord } from './preview.ts';
import { releaseWhenDue } from './release-due.ts';

// What waits for a person at Arcadia (XAA) before Borealis (XBB) is handed it, while time passes.

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const PURPOSE = 'incident-response';
const rule = (name: string, mode: string, more: object = {}): object => ({
  name,
  to: ['XBB'],
  mode: [mode],
  purpose: [PURPOSE],
  ...more,
});
const policyOf = (rules: readonly object[], more: object = {}): object => ({
  comity: 'policy/1',
  rules,
  ...more,
});
const TITLE = rule('title', 'push', { parts: ['title'] });
const approvedBy = (persons: number): object =>
  rule('all', 'push', { approve: { by: 'officer', persons, within: 'P2D' } });
const ON_REQUEST = rule('on-request', 'query', { approve: { by: 'officer' } });
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB'] },
  content: { title: { en: 'Outage of a registry' }, stage: 'final' },
};
const silent = (): void => {};

let seconds: number;
let node: ScratchNode;

beforeEach(async () => {
  // In the middle of the hour after the keys were made.
  seconds = Math.floor(Date.now() / (HOUR_SECONDS * 1_000)) * HOUR_SECONDS + 1.5 * HOUR_SECONDS;
  node = await ScratchNode.found(['XBB', 'XCC'], () => seconds);
  for (const id of ['anna', 'bruno']) {
    await node.enrol(id, keyOf(id).publicKey, ['officer', 'release-authority']);
  }
  await node.enrolAuthor();
});

afterEach(() => node[Symbol.asyncDispose]());

const keyOf = (id: string): LocalSigner => signerFromSeed(sha256(new TextEncoder().encode(id)));
const peer = () => node.sovereign.peers.byCode('XBB').state;

/** What was released to the peer, by mode, with the number of parts. */
async function released(): Promise<readonly (readonly [mode: string, parts: number])[]> {
  const log = await node.sovereign.store.log(`ledger/out/${peer()}`);
  const entries: (readonly [string, number])[] = [];
  for await (const chunk of log.entries(0, log.size)) {
    for (const { leaf } of chunk) {
      const entry = decodeLedgerEntry(leaf);
      if (entry.kind === 'release') entries.push([entry.mode, entry.disclosures.length]);
    }
  }
  return entries;
}

const pending = async () => (await pendingReleases(node.sovereign, {})).pending;

type Decidable = Pick<PendingRelease, 'record' | 'mode' | 'purpose' | 'rule' | 'ruleDigest'> & {
  readonly parts: readonly { readonly digest: string }[];
};

/** What an officer signs about one release, until some days later. */
const signOne = (
  id: string,
  { record, mode, purpose, rule: name, ruleDigest, parts }: Decidable,
  decision: 'approve' | 'reject' = 'approve',
  days = 1,
): Promise<Uint8Array> =>
  signApproval(
    {
      state: node.sovereign.self.state,
      officer: id,
      decision,
      recordId: record as RecordId,
      parts: new Set(parts.map(({ digest }) => digest)),
      recipient: peer(),
      mode,
      purpose,
      rule: name,
      ruleDigest,
      atSeconds: seconds,
      notAfterSeconds: seconds + days * DAY_SECONDS,
    },
    keyOf(id),
  );

/** What officers sign about all that waits. */
async function sign(
  id: string,
  decision: 'approve' | 'reject' = 'approve',
  days = 30,
): Promise<Uint8Array[]> {
  return Promise.all((await pending()).map((each) => signOne(id, each, decision, days)));
}

const decide = async (statements: readonly Uint8Array[]) =>
  decideReleases(node.sovereign, statements, silent);

/** What the loop of a running node does when something is due. */
async function look(): Promise<void> {
  const until = new AbortController();
  await releaseWhenDue(node.sovereign, until.signal, () => until.abort()).catch((error: unknown) => {
    if (!until.signal.aborted) throw error;
  });
}

async function audited(event: string): Promise<number> {
  let count = 0;
  for await (const chunk of node.sovereign.store.audit())
    count += chunk.filter((line) => line.event === event).length;
  return count;
}

/** A question of the peer about everything: how many records it would be answered with. */
async function ask(): Promise<number> {
  const { sovereign } = node;
  const question = { id: 'ab'.repeat(32), purpose: PURPOSE } as unknown as Question;
  const nowMs = (): number => performance.now();
  const answering = new AnswerRelease(sovereign, new ViewCache(sovereign, nowMs), {
    peer: peer(),
    question,
    slices: new WorkSlices(nowMs),
  });
  const found = [];
  for await (const chunk of sovereign.store.records('real').byArrival()) {
    for (const record of chunk) {
      const answer = await answering.consider(record);
      if (answer !== undefined) found.push(answer);
    }
  }
  let count = 0;
  for await (const _ of answering.handAll(found)) count += 1;
  await answering.noteHeld();
  return count;
}

describe('what a limit holds', () => {
  const limits = [{ to: ['XBB'], releases: 1, per: 'PT3H', then: 'hold' }];

  test('is no retraction: whoever was handed the record is told that it is withdrawn', async () => {
    await node.apply(policyOf([rule('all', 'push')], { limits }));
    const [id = ''] = await node.issue(DRAFT);
    const retraction = { id, reason: 'A mistake', language: 'en', action: 'cease-use' };
    for (const dryRun of [true, false])
      expect(await retractRecord(node.sovereign, { ...retraction, dryRun })).toMatchObject({
        told: ['XBB'],
        notTold: [],
      });
    expect(await pending()).toEqual([]);
    expect(await released()).toHaveLength(2);
  });

  test('waits on when there is room again, whatever is looked at, and goes when officers approve', async () => {
    await node.apply(policyOf([rule('all', 'push')], { limits }));
    await node.issue(DRAFT, DRAFT);
    expect(await released()).toHaveLength(1);
    expect(await pending()).toMatchObject([
      { reason: 'limit', rule: 'limits[0]', role: 'release-authority' },
    ]);
    seconds += 4 * HOUR_SECONDS;
    await look();
    await reconcile(node.sovereign, node.sovereign.peers.all(), silent);
    expect(await released()).toHaveLength(1);
    expect(await node.sovereign.store.list(TABLES.due, [])).toEqual([]);
    // The limit has room: what is new goes, and what was held does not go with it, nor after another start.
    await node.issue(DRAFT);
    expect(await released()).toHaveLength(2);
    seconds += 4 * HOUR_SECONDS;
    await node.reopen(() => seconds);
    await reconcile(node.sovereign, node.sovereign.peers.all(), silent);
    expect(await released()).toHaveLength(2);
    expect(await audited('held')).toBe(1);
    expect(await decide(await sign('anna'))).toMatchObject({ released: [{ peer: 'XBB' }], waiting: 0 });
    expect(await released()).toHaveLength(3);
    expect(await listHolds(node.sovereign)).toEqual([]);
  });

  test('waits on where the entry has another place, and is held by the entry no longer where that has changed', async () => {
    await node.apply(policyOf([rule('all', 'push')], { limits }));
    await node.issue(DRAFT, DRAFT);
    seconds += 4 * HOUR_SECONDS;
    const wide = { to: ['XBB'], releases: 9, per: 'P1D', then: 'hold' };
    await node.apply(policyOf([rule('all', 'push')], { limits: [wide, ...limits] }));
    expect(await pending()).toMatchObject([{ reason: 'limit', rule: 'limits[1]' }]);
    await node.apply(policyOf([rule('all', 'push')], { limits: [wide] }));
    expect(await pending()).toEqual([]);
    expect(await released()).toHaveLength(2);
  });

  test('waits for officers again where one has rejected it and that has ended, whatever the policy says by then', async () => {
    await node.apply(policyOf([rule('all', 'push')], { limits }));
    await node.issue(DRAFT, DRAFT);
    const before = await sign('bruno');
    seconds += 60;
    await decide(await sign('anna', 'reject', 1));
    expect(await pending()).toEqual([]);
    seconds += 4 * HOUR_SECONDS;
    await look();
    expect(await released()).toHaveLength(1);
    // Nor does another policy let it go, which has no limits and asks for nobody.
    await node.apply(policyOf([rule('everything', 'push')]));
    expect(await released()).toHaveLength(1);
    expect(await pending()).toEqual([]);
    seconds += DAY_SECONDS;
    await look();
    expect(await released()).toHaveLength(1);
    expect(await pending()).toMatchObject([
      { reason: 'approval-needed', rule: 'everything', role: 'release-authority', approvedBy: [] },
    ]);
    await expect(decide(before)).rejects.toMatchObject({ code: 'release.not-held' });
    expect(await decide(await sign('bruno'))).toMatchObject({ released: [{ peer: 'XBB' }], waiting: 0 });
    expect(await released()).toHaveLength(2);
  });

  test('waits on while another reason withholds it, and is not handed over when that is over', async () => {
    const all = policyOf([rule('all', 'push')], { limits });
    await node.apply(all);
    await node.issue(DRAFT, DRAFT);
    const [held] = await pending();
    seconds += 4 * HOUR_SECONDS;
    const never = rule('never', 'push', { effect: 'forbid' });
    await node.apply(policyOf([rule('all', 'push'), never], { limits }));
    expect(await pending()).toEqual([]);
    await reconcile(node.sovereign, node.sovereign.peers.all(), silent);
    await node.apply(all);
    expect(await released()).toHaveLength(1);
    expect(await pending()).toEqual([held]);
    // It has not waited twice.
    expect(await audited('held')).toBe(1);
    expect(await decide(await sign('anna'))).toMatchObject({ released: [{ peer: 'XBB' }], waiting: 0 });
    expect(await released()).toHaveLength(2);
    expect(await listHolds(node.sovereign)).toEqual([]);
  });

  test('waits on while it waits for something else as well, or only some of it may go', async () => {
    await node.apply(policyOf([rule('all', 'push')], { limits }));
    await node.issue(DRAFT, DRAFT);
    seconds += 4 * HOUR_SECONDS;
    await node.apply(policyOf([rule('all', 'push', { approve: { by: 'officer' } })], { limits }));
    expect(await pending()).toMatchObject([{ reason: 'approval-needed', rule: 'all' }]);
    expect(await decide(await sign('anna'))).toMatchObject({ released: [], waiting: 1 });
    expect(await pending()).toMatchObject([{ reason: 'limit', rule: 'limits[0]' }]);
    await node.apply(policyOf([TITLE], { limits }));
    expect(await released()).toHaveLength(1);
    expect((await pending()).map(({ parts }) => parts.length)).toEqual([1]);
    await decide(await sign('bruno'));
    expect(await released()).toHaveLength(2);
    await node.apply(policyOf([rule('all', 'push')], { limits }));
    expect(await released()).toHaveLength(2);
    expect(await pending()).toMatchObject([{ reason: 'limit' }]);
  });

  test('counts what goes in the same turn', async () => {
    await node.apply(policyOf([]));
    await node.issue(DRAFT, DRAFT, DRAFT);
    await node.apply(policyOf([rule('all', 'push')], { limits }));
    expect(await released()).toHaveLength(1);
    expect(await pending()).toHaveLength(2);
  });

  test('is not handed to whoever asks again when there is room, also where the queue is full', async () => {
    await node.apply(policyOf([rule('all', 'query')], { limits }));
    await node.issue(DRAFT, DRAFT);
    for (let index = 0; !node.sovereign.holds.isFull(peer()); index += 1)
      node.sovereign.holds.add(peer(), String(index).padStart(64, '0') as RecordId);
    expect(await ask()).toBe(1);
    expect(await pending()).toMatchObject([{ mode: 'query', reason: 'limit' }]);
    seconds += 4 * HOUR_SECONDS;
    await look();
    expect(await ask()).toBe(1);
    expect(await released()).toHaveLength(1);
    expect(await decide(await sign('anna'))).toMatchObject({ released: [{ peer: 'XBB' }], waiting: 0 });
    expect(await ask()).toBe(2);
  });

  test('is in the queue no longer where the record is lost', async () => {
    await node.apply(policyOf([rule('all', 'push')], { limits }));
    await node.issue(DRAFT, DRAFT);
    const [hold] = await listHolds(node.sovereign);
    const lost = 'ab'.repeat(32) as RecordId;
    const row = { sinceSeconds: seconds, items: [] };
    const set = new WriteSet().put(TABLES.holds, [peer(), lost], row);
    enterHold(set, node.sovereign.self.state, [seconds, lost, peer()]);
    await node.sovereign.store.commit(set);
    node.sovereign.holds.add(peer(), lost);
    expect((await pendingReleases(node.sovereign, {})).total).toBe(2);
    await reconcile(node.sovereign, node.sovereign.peers.all(), silent);
    expect((await pendingReleases(node.sovereign, {})).total).toBe(1);
    expect(await listHolds(node.sovereign)).toEqual([hold]);
    expect(await node.sovereign.store.list(TABLES.holdOrder, [peer()])).toHaveLength(1);
  });

  test('is listed without anything being written', async () => {
    await node.apply(policyOf([rule('all', 'push')], { limits }));
    await node.issue(DRAFT, DRAFT);
    const [hold] = await pending();
    node.sovereign.holds.add(peer(), 'ab'.repeat(32) as RecordId);
    const { store } = node.sovereign;
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new Error('written'));
    expect(await pending()).toEqual([hold]);
    store.commit = commit;
  });
});

test('questions fill their part of the queue and no more: what waits unasked is queued all the same', async () => {
  await node.apply(
    policyOf([ON_REQUEST, rule('second', 'push', { parts: ['title'], approve: { by: 'officer' } })]),
  );
  await node.issue(DRAFT, DRAFT);
  expect((await pending()).map(({ mode }) => mode)).toEqual(['push', 'push']);
  await ask();
  const before = await pending();
  expect(before.filter(({ mode }) => mode === 'query')).toHaveLength(2);
  for (let index = 0; !node.sovereign.holds.isFull(peer()); index += 1)
    node.sovereign.holds.add(peer(), String(index).padStart(64, '0') as RecordId);
  await node.apply(policyOf([ON_REQUEST]));
  const [third] = await node.issue(DRAFT);
  expect(await ask()).toBe(0);
  expect((await pending()).map(({ record }) => record)).not.toContain(third);
  expect((await pendingReleases(node.sovereign, {})).full).toEqual(['XBB']);
});

test('the audit log says what of a record stayed here, and why, of what was handed over unasked and of answers', async () => {
  await node.apply(
    policyOf([
      rule('titles', 'push', { parts: ['title'] }),
      rule('tags', 'query', { parts: ['tags'] }),
      rule('asking', 'query', { parts: ['stage'], approve: { by: 'officer' } }),
      rule('never', 'query', { parts: ['summary'], effect: 'forbid' }),
    ]),
  );
  const content = { ...DRAFT.content, summary: { en: 'In short' }, tags: ['a', 'b', 'c'] };
  await node.issue({ ...DRAFT, content });
  expect(await ask()).toBe(1);
  const lines: unknown[] = [];
  for await (const chunk of node.sovereign.store.audit())
    for (const { event, fields } of chunk)
      if (event === 'released') lines.push([fields.get('mode'), fields.get('withheld'), fields.get('paths')]);
  expect(lines).toEqual([
    [
      'push',
      8,
      [
        'overall no-permit',
        'stage no-permit',
        'summary no-permit',
        'tags no-permit',
        'tags[*] ancestor-withheld ×3',
        'victim no-permit',
      ],
    ],
    // What waits for a person has a line of its own.
    ['query', 4, ['overall no-permit', 'summary forbid', 'title no-permit', 'victim no-permit']],
  ]);
});

test('the audit log says from whom a record is kept that was just issued, and why, once', async () => {
  await node.apply(policyOf([rule('titles', 'push', { parts: ['title'], when: { type: 'commitment' } })]));
  const [kept] = await node.issue(DRAFT);
  await node.apply(policyOf([rule('titles', 'push', { parts: ['title'] })]));
  const [gone] = await node.issue(DRAFT);
  await node.apply(policyOf([approvedBy(1)]));
  const [waiting] = await node.issue(DRAFT);
  const lines: unknown[] = [];
  for await (const chunk of node.sovereign.store.audit())
    for (const { event, fields } of chunk)
      if (['kept', 'released', 'held'].includes(event) && fields.get('peer') === peer())
        lines.push([event, fields.get('record'), fields.get('reason')]);
  expect(new Set(lines.map(String))).toEqual(
    new Set(
      [
        ['kept', kept, 'no-permit'],
        // The policy that lets it go has a line of its own.
        ['released', kept, undefined],
        ['released', gone, undefined],
        // The new rule asks about what else the two consist of.
        ['held', kept, 'approval-needed'],
        ['held', gone, 'approval-needed'],
        ['held', waiting, 'approval-needed'],
      ].map(String),
    ),
  );
});

describe('what officers have signed', () => {
  test('counts for as long as the rule says, and as they have said themselves', async () => {
    await node.apply(policyOf([approvedBy(2)]));
    await node.issue(DRAFT);
    await decide(await sign('anna'));
    seconds += 2 * DAY_SECONDS;
    expect(await decide(await sign('bruno', 'approve', 1))).toMatchObject({ released: [], waiting: 1 });
    expect((await pending())[0]?.approvedBy).toEqual(['bruno']);
    seconds += DAY_SECONDS;
    expect((await pending())[0]?.approvedBy).toEqual([]);
    expect(await decide(await sign('anna'))).toMatchObject({ released: [], waiting: 1 });
    expect(await decide(await sign('bruno'))).toMatchObject({ released: [{ peer: 'XBB' }], waiting: 0 });
    // What went stays gone when their time is over.
    seconds += 10 * DAY_SECONDS;
    await look();
    expect(await released()).toHaveLength(1);
    expect(await pending()).toEqual([]);
  });

  test('against a release stands until it ends; then officers are asked again', async () => {
    await node.apply(policyOf([approvedBy(1)]));
    await node.issue(DRAFT);
    await decide(await sign('anna', 'reject', 1));
    expect(await pending()).toEqual([]);
    expect(await listHolds(node.sovereign)).toEqual([]);
    seconds += DAY_SECONDS;
    await look();
    expect(await pending()).toMatchObject([{ rule: 'all', approvedBy: [] }]);
    expect(await audited('held')).toBe(2);
    expect(await decide(await sign('bruno'))).toMatchObject({ released: [{ peer: 'XBB' }] });
  });

  test('against a release is taken back by whoever said it, and by nobody else', async () => {
    await node.apply(policyOf([TITLE, approvedBy(1)]));
    await node.issue(DRAFT);
    const before = await released();
    const byBruno = await sign('bruno');
    await decide(await sign('anna', 'reject'));
    const { rejected } = await rejectedReleases(node.sovereign, {});
    expect(rejected).toMatchObject([{ officer: 'anna', peer: 'XBB', rule: 'all', reason: null }]);
    await expect(decide(byBruno)).rejects.toMatchObject({ code: 'release.not-held' });
    // The rule is there no more: what she has rejected stays, and she alone can say otherwise.
    await node.apply(policyOf([rule('everything', 'push')]));
    expect(await released()).toEqual(before);
    const [mine] = rejected as [RejectedRelease];
    const takeBack = (id: string): Promise<Uint8Array> => signOne(id, mine);
    // In the second of the rejection nothing takes it back.
    await expect(decide([await takeBack('anna')])).rejects.toMatchObject({ code: 'release.not-held' });
    seconds += 1;
    await expect(decide([await takeBack('bruno')])).rejects.toMatchObject({ code: 'release.not-held' });
    expect(await decide([await takeBack('anna')])).toMatchObject({ released: [{ peer: 'XBB' }] });
    expect(await rejectedReleases(node.sovereign, {})).toMatchObject({ rejected: [] });
    expect((await released()).length).toBeGreaterThan(before.length);
  });

  test('against what was asked for leaves it asked for: taken back or over, it goes or waits again', async () => {
    await node.apply(policyOf([ON_REQUEST]));
    await node.issue(DRAFT);
    expect(await ask()).toBe(0);
    const [waiting] = await pending();
    expect(waiting).toMatchObject({ mode: 'query' });
    const { parts } = waiting as PendingRelease;
    const asked = { ...(waiting as PendingRelease), parts: parts.filter(({ waits }) => waits) };
    await decide(await sign('anna', 'reject', 1));
    expect(await pending()).toEqual([]);
    seconds += DAY_SECONDS;
    await look();
    expect(await pending()).toMatchObject([{ mode: 'query', rule: 'on-request' }]);
    await decide(await sign('anna', 'reject', 1));
    seconds += 5;
    expect(await decide([await signOne('anna', asked)])).toMatchObject({ released: [{ peer: 'XBB' }] });
    expect(await released()).toHaveLength(1);
  });

  test('is taken in whole or not at all', async () => {
    await node.apply(policyOf([approvedBy(1)]));
    await node.issue(DRAFT, DRAFT);
    const [first, second] = await sign('anna');
    const [other] = await sign('bruno');
    const changed = (second as Uint8Array).slice();
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
    await expect(decide([first as Uint8Array, changed])).rejects.toMatchObject({
      code: 'ed25519.bad-signature',
    });
    expect(await pending()).toHaveLength(2);
    await decide([first as Uint8Array]);
    // What has gone waits no longer, for nobody.
    await expect(decide([second as Uint8Array, other as Uint8Array])).rejects.toMatchObject({
      code: 'release.not-held',
    });
    expect(await released()).toHaveLength(1);
    expect(await audited('release-approved')).toBe(1);
  });

  test('is refused where the rule has changed since', async () => {
    await node.apply(policyOf([approvedBy(2)]));
    await node.issue(DRAFT);
    const statements = await sign('anna');
    await node.apply(policyOf([approvedBy(1)]));
    await expect(decide(statements)).rejects.toMatchObject({ code: 'release.rule-changed' });
    expect(await released()).toEqual([]);
  });

  test('releases also where the node ended between the two', async () => {
    await node.apply(policyOf([TITLE, approvedBy(1), ON_REQUEST]));
    await node.issue(DRAFT);
    expect(await ask()).toBe(0);
    expect((await pending()).map(({ mode }) => mode)).toEqual(['push', 'query']);
    const onRequest = (await sign('anna')).slice(1);
    // The statement is stored; the turn that releases fails.
    const { releases } = node.sovereign;
    const take = releases.take.bind(releases);
    let turns = 0;
    releases.take = (work) => {
      turns += 1;
      return turns === 2 ? Promise.reject(new Error('killed')) : take(work);
    };
    await expect(decide(onRequest)).rejects.toThrow('killed');
    await node.reopen(() => seconds);
    expect((await released()).map(([mode]) => mode)).toEqual(['push']);
    await look();
    expect((await released()).map(([mode]) => mode)).toEqual(['push', 'query']);
    expect(await pending()).toEqual([]);
  });
});

describe('what a question would be answered with', () => {
  test('waits, is released as that answer, and is not asked about again once it is there', async () => {
    await node.apply(policyOf([ON_REQUEST]));
    await node.issue(DRAFT);
    expect(await ask()).toBe(0);
    expect(await ask()).toBe(0);
    expect(await pending()).toMatchObject([{ mode: 'query', rule: 'on-request' }]);
    expect(await audited('held')).toBe(1);
    await decide(await sign('anna', 'approve', 1));
    expect((await released()).map(([mode]) => mode)).toEqual(['query']);
    expect(await ask()).toBe(1);
    seconds += DAY_SECONDS;
    expect(await ask()).toBe(0);
    expect(await pending()).toEqual([]);
    expect(await listHolds(node.sovereign)).toEqual([]);
  });

  test('goes later only as far as officers have named it', async () => {
    const summary = rule('summary', 'query', { parts: ['summary'], approve: { by: 'officer', persons: 2 } });
    const later = rule('later', 'query', { parts: ['stage'], after: 'PT1H' });
    await node.apply(policyOf([{ ...ON_REQUEST, parts: ['title'] }, summary, later]));
    await node.issue({ ...DRAFT, content: { ...DRAFT.content, summary: { en: 'Nothing resolves' } } });
    expect(await ask()).toBe(0);
    await decide(await sign('anna'));
    expect(await released()).toEqual([['query', 1]]);
    seconds += HOUR_SECONDS;
    await look();
    expect(await released()).toEqual([['query', 1]]);
    await decide(await sign('bruno'));
    expect(await released()).toEqual([
      ['query', 1],
      ['query', 1],
    ]);
    expect(await ask()).toBe(1);
    expect(await released()).toHaveLength(3);
  });

  test('waits also for a peer that alone gave the record, for which nothing else of it waits', async () => {
    const [, caldera] = node.peers;
    const label = { ...DRAFT.label, releasableTo: ['XAA', 'XBB'] };
    const { header, bytes, disclosures } = await node.sign(caldera as ScratchPeer, { ...DRAFT, label });
    await node.apply(policyOf([rule('on', 'relay', { approve: { by: 'officer' } })]));
    const source = { peer: peer(), receivedAtSeconds: seconds, ledgerIndex: 0 };
    const given = { header, bytes, disclosures: [...disclosures.values()], source };
    await commitReceived(node.sovereign, [given], () => new WriteSet());
    await reconcile(node.sovereign, node.sovereign.peers.all(), silent);
    expect(await pending()).toEqual([]);
    const { peers } = await previewRecord(node.sovereign, header.id, ['XBB']);
    expect(new Set(peers[0]?.parts.map(({ reason }) => reason))).toEqual(new Set(['gave-it']));

    expect(await ask()).toBe(0);
    await reconcile(node.sovereign, node.sovereign.peers.all(), silent);
    expect(await pending()).toMatchObject([{ mode: 'relay', record: header.id }]);
    expect(await released()).toEqual([]);
    await decide(await sign('anna'));
    expect((await released()).map(([mode]) => mode)).toEqual(['relay']);
    expect(await pending()).toEqual([]);
  });

  test('waits no longer where the policy has changed, and beside what is held of the same record unasked', async () => {
    await node.apply(policyOf([approvedBy(1), ON_REQUEST]));
    await node.issue(DRAFT);
    await ask();
    expect((await pending()).map(({ rule: name }) => name)).toEqual(['all', 'on-request']);
    await node.apply(policyOf([approvedBy(1)]));
    expect((await listHolds(node.sovereign)).flatMap(({ held }) => held.map(({ mode }) => mode))).toEqual([
      'push',
    ]);
    expect((await pending()).map(({ rule: name }) => name)).toEqual(['all']);
  });
});

describe('what waits for a date before it waits for officers', () => {
  test('is asked about when its embargo has ended', async () => {
    await node.apply(policyOf([rule('later', 'push', { after: 'PT1H', approve: { by: 'officer' } })]));
    await node.issue(DRAFT);
    expect(await listHolds(node.sovereign)).toEqual([]);
    seconds += HOUR_SECONDS - 1;
    await look();
    expect(await listHolds(node.sovereign)).toEqual([]);
    seconds += 1;
    await look();
    expect(await pending()).toMatchObject([{ rule: 'later', reason: 'approval-needed' }]);
    await decide(await sign('anna'));
    expect(await released()).toHaveLength(1);
  });

  test('is asked about when its label lets it go', async () => {
    await node.apply(policyOf([approvedBy(1)]));
    const at = `${new Date((seconds + DAY_SECONDS) * 1_000).toISOString().slice(0, 19)}Z`;
    // Secret is above the ceiling of the peer.
    const succession = { at, label: { classification: 'restricted' } };
    await node.issue({ ...DRAFT, label: { classification: 'secret', releasableTo: ['XBB'], succession } });
    expect(await listHolds(node.sovereign)).toEqual([]);
    seconds += DAY_SECONDS;
    await look();
    expect(await pending()).toMatchObject([{ rule: 'all', reason: 'approval-needed' }]);
  });
});

test('while the clock deviates what waits is listed, and nothing is decided', async () => {
  await node.apply(policyOf([approvedBy(1)]));
  await node.issue(DRAFT);
  const statements = await sign('anna');
  await node.sovereign.close();
  node.sovereign = await openSovereign(node.home, { now: () => seconds, monotonicMs: () => 0 });
  seconds += HOUR_SECONDS;
  expect(node.sovereign.clock.isHeld).toBe(true);
  expect(await pending()).toMatchObject([{ rule: 'all', approvedBy: [] }]);
  await expect(decide(statements)).rejects.toMatchObject({ code: 'node.clock-held' });
  expect(await released()).toEqual([]);
});
