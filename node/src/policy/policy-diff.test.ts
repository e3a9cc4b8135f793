import type { Worker } from 'node:worker_threads';
import { signApproval } from '@comity/approval';
import { signerFromSeed } from '@comity/ed25519';
import type { RecordId } from '@comity/record';
import { expect, test, vi } from 'vitest';
import { decideReleases } from '../approve.ts';
import { diffText } from '../cli/policy-diff.ts';
import { keysOf } from '../jobs/judge-keys.ts';
import { RecordSorter } from '../jobs/record-sorter.ts';
import { policyDiff } from '../operations/policy-diff.ts';
import { pendingReleases } from '../release/pending.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { statesByCode } from './policy.ts';
import { type Diff, diff, draft, PEERS } from './policy-diff.test-support.ts';

vi.setConfig({ testTimeout: 120_000 });

const rule = (name: string, to: string | string[], more: object = {}) => ({
  name,
  to,
  mode: ['push'],
  purpose: ['incident-response'],
  ...more,
});
const policy = (...rules: object[]) => ({ comity: 'policy/1', rules });

const rows = ({ groups }: Diff) =>
  groups.map(({ peer, mode, was, becomes, rule: now, ruleBefore, reason, records, parts }) => [
    `${peer} ${mode} ${was}→${becomes}`,
    `${now} (${reason}), before ${ruleBefore}`,
    records,
    parts.map(({ part, count }) => `${part} ×${count}`).join(' '),
  ]);

test('what is newly released, held, embargoed and no longer released, by rule, with counts', async () => {
  await using node = await ScratchNode.found(PEERS);
  await node.apply(policy(rule('all', ['XBB', 'XCC'], { parts: ['title', 'stage'] })));
  const ids = await node.issue(draft('One'), draft('Two', { tags: ['a', 'b'] }), draft('Three'));
  const next = policy(
    rule('titles', 'XBB', { parts: ['title', 'tags'] }),
    rule('asking', 'XCC', { parts: ['title'], approve: { by: 'officer' } }),
    rule('later', 'XCC', { parts: ['stage'], after: 'PT6H' }),
    rule('questions', 'XDD', { mode: ['query'], parts: ['title'] }),
  );
  const found = await diff(node, next);
  expect(rows(found)).toEqual([
    ['XBB push withhold→release', 'titles (permit), before null', 1, 'tags ×1 tags[*] ×2'],
    ['XBB push release→withhold', 'null (no-permit), before all', 3, 'stage ×3'],
    ['XCC push release→hold', 'asking (approval-needed), before all', 3, 'title ×3'],
    ['XCC push release→embargo', 'later (embargo), before all', 3, 'stage ×3'],
    ['XDD query withhold→release', 'questions (permit), before null', 3, 'title ×3'],
  ]);
  expect(found).toMatchObject({ records: 3, changedRecords: 3, unreadable: 0, peers: PEERS });
  expect(found.groups[0]?.examples).toEqual([ids[1]]);
  expect(found.old).toMatchObject({ version: 1, rules: 1 });
  const counts = found.totals.map(({ peer, becomes, records, parts }) => [peer, becomes, records, parts]);
  expect(counts).toEqual([
    ['XBB', 'release', 1, 3],
    ['XBB', 'withhold', 3, 3],
    ['XCC', 'hold', 3, 3],
    ['XCC', 'embargo', 3, 3],
    ['XDD', 'release', 3, 3],
  ]);
});

test('what waits for something else changes, though its fate does not', async () => {
  await using node = await ScratchNode.found(PEERS);
  const of = (after: string, by: string, persons: number, more: object = {}) =>
    policy(
      rule('later', 'XBB', { parts: ['title'], after, ...more }),
      rule('asking', 'XCC', { parts: ['title', 'victim'], approve: { by, persons } }),
      rule('both', 'XDD', { parts: ['title'], after, approve: { by, persons } }),
    );
  await node.enrolAuthor();
  await node.apply(of('P300D', 'release-authority', 2));
  await node.issue(draft('One'), draft('Two', { tags: ['a'] }));
  const shifts = async (next: object) =>
    (await diff(node, next)).groups.map(({ peer, was, becomes, shift, awaited, awaits, records }) => [
      `${peer} ${was}→${becomes} ${shift}`,
      `${awaited} → ${awaits}`,
      records,
    ]);
  expect(await shifts(of('PT1H', 'officer', 1))).toEqual([
    ['XBB embargo→embargo sooner', 'P300D after issued → PT1H after issued', 2],
    ['XCC hold→hold other', 'release-authority ×2 within P30D → officer ×1 within P30D', 2],
    [
      'XDD withhold→withhold sooner',
      'P300D after issued, release-authority ×2 within P30D → PT1H after issued, officer ×1 within P30D',
      2,
    ],
  ]);
  const fewer = await diff(node, of('P301D', 'release-authority', 1));
  expect(fewer.totals.map(({ peer, shift, records, parts }) => [peer, shift, records, parts])).toEqual([
    ['XBB', 'later', 2, 2],
    ['XCC', 'fewer', 2, 6],
    ['XDD', 'other', 2, 2],
  ]);
  expect(fewer.changedRecords).toBe(2);
  const text = diffText(fewer);
  for (const words of ['goes later', 'needs fewer officers', 'waits for something else'])
    expect(text).toContain(words);
  expect(text).toContain('asking: from release-authority ×2 within P30D to release-authority ×1 within P30D');
  // Another name for what is waited for is no other thing.
  expect(await shifts(of('P300D', 'release-authority', 2, { name: 'renamed' }))).toEqual([]);
});

test('of several rules that ask for officers the least is what is waited for, of several limits all', async () => {
  await using node = await ScratchNode.found(PEERS);
  const asking = (name: string, by: string, persons: number, within = 'P30D') =>
    rule(name, 'XBB', { parts: ['title'], approve: { by, persons, within } });
  const limit = (releases: number, by: string) => ({
    ...{ to: 'XCC', releases, per: 'P1D', then: 'hold', approve: { by } },
  });
  const titles = rule('titles', 'XCC', { parts: ['title'] });
  await node.enrolAuthor();
  const before = policy(asking('a', 'officer', 3), titles);
  await node.apply(before);
  await node.issue(draft('One'));
  const shifts = async (next: object) =>
    (await diff(node, next)).groups.map(({ peer, shift, awaited, awaits }) => [peer, shift, awaited, awaits]);
  const three = 'officer ×3 within P30D';
  // What is cited is the first by name: that others ask for less is what matters.
  expect(await shifts(policy(asking('a', 'officer', 3), asking('b', 'officer', 1), titles))).toEqual([
    ['XBB', 'fewer', three, 'officer ×1 within P30D'],
  ]);
  expect(
    await shifts(policy(asking('a', 'officer', 3), asking('b', 'release-authority', 1), titles)),
  ).toEqual([['XBB', 'other', three, `${three} or release-authority ×1 within P30D`]]);
  expect(await shifts(policy(asking('a', 'officer', 3), asking('b', 'officer', 1, 'P1D'), titles))).toEqual([
    ['XBB', 'other', three, `officer ×1 within P1D or ${three}`],
  ]);
  // A rule more that asks for more changes nothing.
  expect(await shifts(policy(asking('a', 'officer', 4), asking('b', 'officer', 3), titles))).toEqual([]);
  // What one limit holds and what two hold.
  await node.issue(draft('Two'));
  const all = [titles, rule('more', 'XCC', { parts: ['stage'] })];
  const limited = (...limits: object[]) => ({ ...policy(asking('a', 'officer', 3), ...all), limits });
  await node.apply(limited(limit(1, 'officer')));
  expect(await shifts(limited(limit(1, 'officer'), limit(1, 'release-authority')))).toEqual([
    [
      'XCC',
      'other',
      'officer ×1 within P30D, by limit',
      'officer ×1 within P30D, by limit and release-authority ×1 within P30D, by limit',
    ],
  ]);
});

test('embargoes that run from different facts are compared record by record', async () => {
  await using node = await ScratchNode.found(PEERS);
  const of = (after: string) =>
    policy(
      rule('first', 'XBB', { parts: ['title'], after: 'P30D' }),
      rule('second', 'XBB', { parts: ['title'], after, from: 'detected' }),
    );
  await node.apply(of('P40D'));
  const daysAgo = (days: number) =>
    new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+/, '');
  const [early = '', late = ''] = await node.issue(
    draft('One', { detectedAt: daysAgo(1) }),
    draft('Two', { detectedAt: daysAgo(20) }),
  );
  const found = await diff(node, of('P35D'));
  expect(
    found.groups.map(({ shift, awaited, awaits, examples }) => [shift, awaited, awaits, examples]),
  ).toEqual([['sooner', 'P40D after detected', 'P35D after detected', [late]]]);
  expect(found.groups.flatMap(({ examples }) => examples)).not.toContain(early);
});

test('what was to go later and goes at once reads otherwise than what was kept', async () => {
  await using node = await ScratchNode.found(PEERS);
  await node.apply(policy(rule('later', 'XBB', { parts: ['title'], after: 'P1D' })));
  await node.issue(draft('One'));
  const lines = diffText(await diff(node, policy(rule('all', 'XBB', { parts: ['title', 'stage'] })))).split(
    '\n',
  );
  expect(lines.filter((line) => line.startsWith('  ') && line.includes(': '))).toEqual([
    '  released at once, no longer later: 1 part of 1 record',
    '  newly released: 1 part of 1 record',
  ]);
});

test('nothing is applied, written or handed over by comparing', async () => {
  await using node = await ScratchNode.found(PEERS);
  await node.apply(policy());
  await node.issue(draft('One'));
  const { store, policy: before } = node.sovereign;
  const commits = store.commits;
  await diff(node, policy(rule('all', PEERS)));
  expect(store.commits).toBe(commits);
  expect(node.sovereign.policy).toBe(before);
});

test('the policy in force changes nothing; with another one to compare with, or fewer peers, less is looked at', async () => {
  await using node = await ScratchNode.found(PEERS);
  const all = policy(rule('all', PEERS));
  expect((await diff(node, all)).old).toBeNull();
  await node.apply(all);
  await node.issue(draft('One'));
  expect(await diff(node, all)).toMatchObject({ records: 1, changedRecords: 0, groups: [], totals: [] });
  const old = JSON.stringify(policy(rule('some', ['XBB', 'XCC'])));
  const found = await diff(node, all, { oldText: old, peers: ['XCC', 'XDD'] });
  expect(found.old).toMatchObject({ version: null, rules: 1 });
  expect([...new Set(found.groups.map(({ peer }) => peer))]).toEqual(['XDD']);
});

test('a policy that is refused, an unknown peer and an interruption end it', async () => {
  await using node = await ScratchNode.found(PEERS);
  await node.issue(draft('One'));
  const all = policy(rule('all', PEERS));
  await expect(diff(node, policy(rule('all', 'XZZ')))).rejects.toMatchObject({
    code: 'policy.unknown-state',
  });
  const oldText = JSON.stringify({ comity: 'policy/9', rules: [] });
  await expect(diff(node, all, { oldText })).rejects.toMatchObject({ code: 'policy.unknown-version' });
  await expect(diff(node, all, { peers: ['XZZ'] })).rejects.toMatchObject({ code: 'peer.unknown' });
  const reason = new Error('of a test');
  await expect(diff(node, all, {}, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('limits count what goes out, in the order in which records came', async () => {
  await using node = await ScratchNode.found(PEERS);
  await node.issue(...['1', '2', '3', '4', '5'].map((title) => draft(title)));
  const limits = [{ to: 'XBB', releases: 2, per: 'P7D', then: 'hold' }];
  const limited = { ...policy(rule('titles', ['XBB', 'XCC'], { parts: ['title'] })), limits };
  expect(rows(await diff(node, limited))).toEqual([
    ['XBB push withhold→release', 'titles (permit), before null', 2, 'title ×2'],
    ['XBB push withhold→hold', 'limits[0] (limit), before null', 3, 'title ×3'],
    ['XCC push withhold→release', 'titles (permit), before null', 5, 'title ×5'],
  ]);
});

test('many records are opened in threads, which come to the same and end with the comparison', async () => {
  await using node = await ScratchNode.found(PEERS);
  const { sovereign } = node;
  await node.issue(
    ...Array.from({ length: 40 }, (_, index) => draft(`${index}`, index % 3 === 0 ? { tags: ['a'] } : {})),
  );
  const { records } = await sovereign.store.records('real').list({ limit: 100 });
  const threads: Worker[] = [];
  const remember = (worker: Worker): void => {
    threads.push(worker);
  };
  process.on('worker', remember);
  try {
    const basis = {
      keys: keysOf(sovereign),
      policies: [policy(rule('titles', 'XBB', { parts: ['title', 'tags'] }))],
      states: statesByCode(sovereign),
      atSeconds: sovereign.now(),
    };
    const found = [];
    {
      // The first portion here, the next ones in threads.
      await using sorter = new RecordSorter(basis, 20);
      for (let at = 0; at < records.length; at += 10)
        found.push(
          ...(await sorter.sort(records.slice(at, at + 10).map((each) => ({ ...each, isNoted: at === 0 })))),
        );
      expect(threads.length).toBeGreaterThan(0);
    }
    // With and without tags, whoever opened them.
    const seen = found.map(({ kind }) => `${kind?.context} ${kind?.roots.toSorted((a, b) => a - b)}`);
    expect(new Set(seen).size).toBe(2);
    expect(found.map(({ sketch }) => sketch === undefined)).toEqual(records.map((_, index) => index < 10));
    await vi.waitFor(() => expect(threads.map(({ threadId }) => threadId)).toEqual(threads.map(() => -1)));
  } finally {
    process.off('worker', remember);
  }
});

test('a comparison is interrupted between two records', async () => {
  await using node = await ScratchNode.found(PEERS);
  await node.issue(draft('One'));
  const interruption = new AbortController();
  const given = policyDiff.args.parse({ text: JSON.stringify(policy(rule('all', PEERS))) });
  const stopped = policyDiff.run(
    node.sovereign,
    given,
    () => interruption.abort(new Error('of a test')),
    interruption.signal,
  );
  await expect(stopped).rejects.toThrow('of a test');
});

test('what officers have approved counts, record by record', async () => {
  await using node = await ScratchNode.found(PEERS);
  const { sovereign } = node;
  const signer = signerFromSeed(new Uint8Array(32).fill(9));
  await node.enrol('anna', signer.publicKey, ['officer']);
  await node.enrolAuthor();
  const asking = policy(rule('asking', 'XBB', { parts: ['title'], approve: { by: 'officer' } }));
  await node.apply(asking);
  const [approved = ''] = await node.issue(draft('One'), draft('Two'));
  const { pending } = await pendingReleases(sovereign, {});
  const waiting = pending.filter(({ record }) => record === approved);
  const atSeconds = sovereign.now();
  const statements = waiting.map(({ record, mode, purpose, rule: name, ruleDigest, parts }) =>
    signApproval(
      {
        state: sovereign.self.state,
        officer: 'anna',
        decision: 'approve',
        recordId: record as RecordId,
        parts: new Set(parts.map(({ digest }) => digest)),
        recipient: sovereign.peers.byCode('XBB').state,
        mode,
        purpose,
        rule: name,
        ruleDigest,
        atSeconds,
        notAfterSeconds: atSeconds + 86_400,
      },
      signer,
    ),
  );
  await decideReleases(sovereign, await Promise.all(statements), () => {});
  const found = await diff(node, policy());
  expect(rows(found)).toEqual([
    ['XBB push release→withhold', 'null (no-permit), before asking', 1, 'title ×1'],
    ['XBB push hold→withhold', 'null (no-permit), before asking', 1, 'title ×1'],
  ]);
  expect(found.groups[0]?.examples).toEqual([approved]);
});

/** A state that nobody knows. */
async function stranger(): Promise<ScratchPeer> {
  await using other = await ScratchNode.found(['XZZ']);
  return other.peers[0] as ScratchPeer;
}

test('a record that no longer opens is counted, and nothing else of it', async () => {
  await using node = await ScratchNode.found(PEERS);
  await node.issue(draft('One'), draft('Two'));
  // Signed by a key that this node does not know: as if what was known of its issuer were lost.
  const { header } = await node.receive(await stranger(), draft('Three'));
  const found = await diff(node, policy(rule('all', PEERS), rule('on', PEERS, { mode: ['relay'] })));
  expect(found).toMatchObject({ records: 3, unreadable: 1, changedRecords: 2 });
  expect(found.groups.flatMap(({ examples }) => examples)).not.toContain(header.id);
});
