import { type KnownOfficer, signApproval } from '@comity/approval';
import { sha256 } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import type { RecordId, View } from '@comity/record';
import { type StoredRecord, TABLES, WriteSet } from '@comity/store';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decideReleases } from '../approve.ts';
import { openStored } from '../records/stored-view.ts';
import { reconcile } from '../recovery/reconcile.ts';
import { approvalsOf } from '../release/grounds.ts';
import { pendingReleases } from '../release/pending.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { endOfficer } from './enrol-officer.ts';

// What Arcadia's (XAA) officers have said of a record that is to go to Borealis (XBB) when one of them is none any more.

const DAY = 86_400;
const PURPOSE = 'incident-response';
const LASTING = 'P300D';
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB'] },
  content: { title: { en: 'Outage of a registry' }, stage: 'final' },
};

let begin: number;
let seconds: number;
let node: ScratchNode;
beforeEach(async () => {
  begin = Math.floor(Date.now() / 1000);
  seconds = begin;
  node = await ScratchNode.found(['XBB'], () => seconds);
  await node.enrolAuthor();
});
afterEach(() => node[Symbol.asyncDispose]());

const hashOf = (name: string): Uint8Array => sha256(new TextEncoder().encode(name));
const keyOf = (name: string): LocalSigner => signerFromSeed(hashOf(name));
const peer = () => node.sovereign.peers.byCode('XBB').state;
const end = (id: string): Promise<unknown> =>
  endOfficer(node.sovereign, node.sovereign.self.state, id, [], () => {});

function enrol(id: string, key = id, validDays = 300): Promise<KnownOfficer> {
  return node.enrol(id, keyOf(key).publicKey, ['officer'], validDays);
}

/** A record that goes when so many officers approve, and the name and digest of the rule. */
async function waiting(persons: number) {
  const approve = { by: 'officer', persons, within: LASTING };
  const rules = [{ name: 'all', to: ['XBB'], mode: ['push'], purpose: [PURPOSE], approve }];
  await node.apply({ comity: 'policy/1', rules });
  await node.issue(DRAFT);
  const [held] = (await pendingReleases(node.sovereign, {})).pending;
  if (held === undefined) throw new Error('nothing waits');
  return held;
}

interface Said {
  readonly key: string;
  readonly decision: 'approve' | 'reject';
  readonly atSeconds: number;
  readonly days: number;
}

function sign(
  { record, rule, ruleDigest, parts }: Awaited<ReturnType<typeof waiting>>,
  { key, decision, atSeconds, days }: Said,
): Promise<Uint8Array> {
  return signApproval(
    {
      state: node.sovereign.self.state,
      // The second key of a person is called after him.
      officer: key.split(' ')[0] as string,
      decision,
      recordId: record as RecordId,
      parts: new Set(parts.map(({ digest }) => digest)),
      recipient: peer(),
      mode: 'push',
      purpose: PURPOSE,
      rule,
      ruleDigest,
      atSeconds,
      notAfterSeconds: atSeconds + days * DAY,
    },
    keyOf(key),
  );
}

test('what an officer has rejected stays when he is ended, and when his certificate is over', async () => {
  await enrol('anna');
  await enrol('bruno', 'bruno', 5);
  const held = await waiting(1);
  const said = { atSeconds: seconds, days: 30 } as const;
  await decideReleases(
    node.sovereign,
    [
      await sign(held, { key: 'anna', decision: 'approve', ...said }),
      await sign(held, { key: 'bruno', decision: 'reject', ...said }),
    ],
    () => {},
  );
  const { sovereign } = node;
  const view = await viewOf(held.record);
  const gone = async () => (await sovereign.store.log(`ledger/out/${peer()}`)).size;
  const before = await gone();
  const staysHere = async (): Promise<void> => {
    await reconcile(sovereign, sovereign.peers.all(), () => {});
    expect(await gone()).toBe(before);
    expect((await pendingReleases(sovereign, {})).pending).toEqual([]);
    expect(await isReleased(view, undefined)).toBe(false);
  };
  seconds += 1;
  await end('bruno');
  await staysHere();
  seconds += 6 * DAY;
  await staysHere();
  // The rejection itself has an end, and then officers are asked again.
  seconds += 30 * DAY;
  await reconcile(sovereign, sovereign.peers.all(), () => {});
  expect((await pendingReleases(sovereign, {})).pending).toMatchObject([{ approvedBy: [] }]);
});

test('a rejection of whoever is no officer any more is not taken in', async () => {
  await enrol('anna');
  const held = await waiting(1);
  const rejection = await sign(held, { key: 'anna', decision: 'reject', atSeconds: seconds, days: 30 });
  seconds += 1;
  await end('anna');
  await expect(decideReleases(node.sovereign, [rejection], () => {})).rejects.toMatchObject({
    code: 'officer.ended',
  });
});

test('an officer who is ended, or whose certificate is over, never releases more', async () => {
  await enrol('bruno');
  const first = await enrol('anna');
  await end('anna');
  // Whoever is certified with a new key is the same person.
  const second = await enrol('anna', 'anna 2', 10);
  const { own } = node.sovereign.officers;
  const held = await waiting(1);
  const view = await viewOf(held.record);
  const [earliest, span] = [begin + 60, 400];
  const said = fc.record({
    key: fc.constantFrom('anna', 'anna 2', 'bruno'),
    decision: fc.constantFrom('approve', 'approve', 'reject'),
    atSeconds: fc.integer({ min: earliest, max: earliest + span }),
    days: fc.constantFrom(1, 5, 20),
  });
  let [before, less] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(first, second),
      fc.constantFrom(1, 2 * DAY, 8 * DAY, 11 * DAY),
      fc.option(fc.integer({ min: 0, max: span }), { nil: undefined }),
      async (statements, officer, later, releasedAfter) => {
        const set = new WriteSet();
        for (const { key } of await node.sovereign.store.list(TABLES.approvals, [held.record as RecordId]))
          set.delete(TABLES.approvals, key);
        for (const [place, each] of statements.entries())
          set.put(TABLES.approvals, [held.record as RecordId, peer(), `${place}`.padStart(64, '0')], {
            bytes: await sign(held, each),
            storedAtSeconds: each.atSeconds,
          });
        await node.sovereign.store.commit(set);
        seconds = earliest + span + later;
        const releasedAt = releasedAfter === undefined ? undefined : earliest + releasedAfter;
        for (const known of [first, second]) own.add(known.officer, null);
        const goes = await isReleased(view, releasedAt);
        own.add(officer.officer, earliest + span + 1);
        const goesAfter = await isReleased(view, releasedAt);
        if (goes) before += 1;
        if (goes && !goesAfter) less += 1;
        expect(goesAfter && !goes).toBe(false);
      },
    ),
    { numRuns: 400, seed: 16 },
  );
  expect(before).toBeGreaterThan(50);
  expect(less).toBeGreaterThan(10);
}, 60_000);

async function viewOf(id: string): Promise<View> {
  const [record] = await node.sovereign.store.records('real').getMany([id as RecordId]);
  return openStored(node.sovereign, record as StoredRecord);
}

async function isReleased(view: View, releasedAtSeconds: number | undefined): Promise<boolean> {
  const approvals = await approvalsOf(node.sovereign, view, peer(), releasedAtSeconds);
  // At a time that is given, as the clock of the test goes back and forth.
  const decision = node.sovereign.door.decide(view, peer(), 'push', PURPOSE, { approvals }, seconds);
  return decision?.outcome === 'release';
}
