import { signApproval } from '@comity/approval';
import { signerFromSeed } from '@comity/ed25519';
import type { LedgerItem } from '@comity/exchange';
import { isFault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import type { AuditEntry } from '@comity/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decideReleases } from '../approve.ts';
import { LedgerSource } from '../ledgers/ledger-source.ts';
import { enrolProven } from '../officers/proven-officer.test-support.ts';
import { openSovereign } from '../open.ts';
import { nodeClock } from '../operations/node.ts';
import { reconcile, resumeReconcile } from '../recovery/reconcile.ts';
import { listHolds } from '../release/hold-list.test-support.ts';
import { pendingReleases } from '../release/pending.ts';
import { previewDraft } from '../release/preview.ts';
import { releaseWhenDue } from '../release/release-due.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { acceptClock, endReturned, hearTime, noteClock } from './clock-hold.ts';

const DAY_SECONDS = 86_400;
const RULE = { name: 'warn', to: ['XBB'], mode: ['push'], purpose: ['incident-response'] };
const POLICY = { comity: 'policy/1', rules: [RULE] };
const NOTHING = { comity: 'policy/1', rules: [{ ...RULE, mode: ['query'] }] };
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB'] },
  content: { title: { en: 'Outage of a registry' }, stage: 'final' },
};
const silent = (): void => {};

/** The clock of the machine, which a test sets, and the one that nobody sets. */
let wallSeconds: number;
let elapsedSeconds: number;
let node: ScratchNode;

const sources = {
  now: () => wallSeconds,
  monotonicMs: () => elapsedSeconds * 1_000,
};

/** Time goes by. */
function pass(seconds: number): void {
  wallSeconds += seconds;
  elapsedSeconds += seconds;
}

async function restart(offSeconds = 0): Promise<void> {
  await node.sovereign.close();
  wallSeconds += offSeconds;
  elapsedSeconds = 0;
  node.sovereign = await openSovereign(node.home, sources);
}

/** As if the process were killed: what a node writes down when it stops is missing. */
async function crash(): Promise<void> {
  await node.sovereign.store.close();
  elapsedSeconds = 0;
  node.sovereign = await openSovereign(node.home, sources);
}

beforeEach(async () => {
  wallSeconds = Math.floor(Date.now() / 1_000);
  elapsedSeconds = 0;
  node = await ScratchNode.found(['XBB']);
  await node.apply(POLICY);
  await restart();
  // So that a clock that is set back stays within the terms of keys and recognitions.
  pass(20 * DAY_SECONDS);
});

/** A record is held that is to be released, as soon as anything is released again. */
async function owed(): Promise<void> {
  await node.apply(NOTHING);
  await node.issue(DRAFT);
}

afterEach(async () => {
  await node[Symbol.asyncDispose]();
});

const peer = () => node.sovereign.peers.byCode('XBB').state;

const released = async (): Promise<number> => (await node.sovereign.store.log(`ledger/out/${peer()}`)).size;

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const fault: unknown = await attempt.then(
    () => 'nothing thrown',
    (error: unknown) => error,
  );
  return isFault(fault) ? fault.code : String(fault);
}

async function audited(...events: readonly string[]): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for await (const chunk of node.sovereign.store.audit())
    found.push(...chunk.filter(({ event }) => events.includes(event)));
  return found;
}

const clockLines = async (): Promise<string[]> =>
  (await audited('clock-held', 'clock-returned', 'clock-accepted')).map(({ event }) => event);

/** What the loop of a running node does at each look. */
async function look(): Promise<void> {
  const { sovereign } = node;
  if (await endReturned(sovereign)) await reconcile(sovereign, sovereign.peers.all(), silent);
  await noteClock(sovereign);
}

/** What a peer gets of this node's ledger, or the code of the refusal. */
async function served(): Promise<readonly LedgerItem[] | string> {
  const items: LedgerItem[] = [];
  try {
    for await (const item of new LedgerSource(node.sovereign).items(peer(), 0, await released()))
      items.push(item);
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
  return items;
}

test.each([
  ['forward', 10 * DAY_SECONDS, 'set-forward'],
  ['back', -10 * DAY_SECONDS, 'set-back'],
] as const)('a clock that is set %s holds everything that is released', async (_what, seconds, deviation) => {
  await node.issue(DRAFT);
  expect(await released()).toBe(1);
  expect(await served()).toMatchObject([{ record: expect.any(Uint8Array) }]);
  await owed();
  pass(30);
  wallSeconds += seconds;
  // At once, before any loop has looked.
  await node.apply(POLICY);
  expect(await released()).toBe(1);
  expect(await codeOf(node.issue(DRAFT))).toBe('node.clock-held');
  expect(await served()).toBe('node.clock-held');
  const { peers } = await previewDraft(node.sovereign, DRAFT);
  expect(peers).toMatchObject([{ peer: 'XBB', outcome: 'withhold', envelope: { reason: 'clock-held' } }]);
  await look();
  await look();
  expect((await audited('clock-held')).map(({ fields }) => fields)).toEqual([
    new Map<string, unknown>([
      ['deviation', deviation],
      ['clock', wallSeconds],
      ['trusted', wallSeconds - seconds],
    ]),
  ]);
  const shown = await nodeClock.run(node.sovereign, {}, silent, new AbortController().signal);
  expect(shown).toMatchObject({ held: true, deviation });

  // Set right again.
  pass(60);
  wallSeconds -= seconds;
  expect(await released()).toBe(1);
  await look();
  expect(await released()).toBe(2);
  expect(await served()).toMatchObject([
    { record: expect.any(Uint8Array) },
    { record: expect.any(Uint8Array) },
  ]);
  expect(await clockLines()).toEqual(['clock-held', 'clock-returned']);
});

test('a clock that is accepted is gone by from then on, and what was held is released', async () => {
  await owed();
  pass(10);
  wallSeconds += DAY_SECONDS;
  await node.apply(POLICY);
  expect(await released()).toBe(0);
  expect(await acceptClock(node.sovereign, silent)).toBe(true);
  expect(await released()).toBe(1);
  expect(await acceptClock(node.sovereign, silent)).toBe(false);
  await look();
  expect(await clockLines()).toEqual(['clock-held', 'clock-accepted']);
  // What it showed before would be wrong now.
  wallSeconds -= DAY_SECONDS;
  expect(node.sovereign.clock.hold).toMatchObject({ deviation: 'set-back' });
});

test('only one of two who end a hold at once does', async () => {
  pass(10);
  wallSeconds += DAY_SECONDS;
  await look();
  const accepted = await Promise.all([1, 2, 3].map(() => acceptClock(node.sovereign, silent)));
  expect(accepted.filter(Boolean)).toHaveLength(1);
  expect(await clockLines()).toEqual(['clock-held', 'clock-accepted']);
});

test('what waits for a person goes on waiting, and is not taken for new afterwards', async () => {
  const approve = { by: 'officer' };
  await node.apply({ comity: 'policy/1', rules: [{ ...RULE, approve }] });
  await node.issue(DRAFT);
  const [waiting] = await listHolds(node.sovereign);
  expect(waiting?.held).toMatchObject([{ rule: 'warn', reason: 'approval-needed' }]);
  pass(10);
  wallSeconds += DAY_SECONDS;
  await reconcile(node.sovereign, node.sovereign.peers.all(), silent);
  await look();
  expect(await listHolds(node.sovereign)).toEqual([waiting]);
  wallSeconds -= DAY_SECONDS;
  await look();
  expect(await listHolds(node.sovereign)).toEqual([waiting]);
  expect(await audited('held')).toHaveLength(1);
});

test('a restart does not end a hold', async () => {
  await owed();
  pass(10);
  wallSeconds += 10 * DAY_SECONDS;
  await look();
  await crash();
  await node.apply(POLICY);
  await look();
  expect(await released()).toBe(0);
  // Off for a while, and the clock still wrong.
  await restart(3_600);
  await look();
  expect(node.sovereign.clock.isHeld).toBe(true);
  await restart(-10 * DAY_SECONDS);
  await look();
  expect(node.sovereign.clock.isHeld).toBe(false);
  expect(await released()).toBe(1);
  expect(await clockLines()).toEqual(['clock-held', 'clock-returned']);
});

test.each([
  ['before the time of an earlier run', -3_600, 'behind'],
  ['long after it', 91 * DAY_SECONDS, 'far-ahead'],
] as const)('a start %s holds, until the clock is set right', async (_what, seconds, deviation) => {
  await owed();
  pass(300);
  await restart(seconds);
  expect(node.sovereign.clock.hold).toMatchObject({ deviation });
  await node.apply(POLICY);
  await look();
  // Going on does not make it right.
  pass(7_200);
  await look();
  expect(await released()).toBe(0);
  wallSeconds -= seconds;
  await look();
  expect(await released()).toBe(1);
  expect(await clockLines()).toEqual(['clock-held', 'clock-returned']);
});

test('a start after an ordinary time off holds nothing', async () => {
  for (const offSeconds of [0, 60, 89 * DAY_SECONDS]) {
    pass(100);
    await restart(offSeconds);
    expect(node.sovereign.clock.isHeld).toBe(false);
  }
  expect(await clockLines()).toEqual([]);
});

test('the time is written down once a minute, and so is known after a crash', async () => {
  const before = node.sovereign.store.commits;
  for (let second = 0; second < 600; second += 1) {
    pass(1);
    await noteClock(node.sovereign);
  }
  expect(node.sovereign.store.commits - before).toBe(10);
  wallSeconds -= 300;
  await crash();
  expect(node.sovereign.clock.hold).toMatchObject({ deviation: 'behind' });
});

test('a hold that ends in a process without a loop leaves its work to the next start', async () => {
  await owed();
  pass(10);
  wallSeconds += DAY_SECONDS;
  await node.apply(POLICY);
  await look();
  wallSeconds -= DAY_SECONDS;
  expect(await endReturned(node.sovereign)).toBe(true);
  expect(await released()).toBe(0);
  await restart();
  await resumeReconcile(node.sovereign, silent);
  expect(await released()).toBe(1);
});

test('what is due waits while the clock is wrong, and is not taken for released', async () => {
  const at = `${new Date((wallSeconds + 3_600) * 1_000).toISOString().slice(0, 19)}Z`;
  const succession = { at, label: { classification: 'restricted', releasableTo: ['XBB'] } };
  await node.issue({ ...DRAFT, label: { classification: 'secret', releasableTo: ['XBB'], succession } });
  const runDue = async (): Promise<void> => {
    const stop = new AbortController();
    await releaseWhenDue(node.sovereign, stop.signal, () => stop.abort()).catch(() => {});
  };
  pass(10);
  wallSeconds += DAY_SECONDS;
  await runDue();
  expect(await released()).toBe(0);
  await look();
  wallSeconds -= DAY_SECONDS;
  await look();
  await runDue();
  expect(await released()).toBe(0);
  pass(3_600);
  await runDue();
  expect(await released()).toBe(1);
});

describe('after a longer time off', () => {
  const at = (seconds: number): string => `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
  const policyOf = (rule: object, more: object = {}): object => ({
    comity: 'policy/1',
    rules: [{ ...RULE, ...rule }],
    ...more,
  });
  const runDue = async (): Promise<void> => {
    const stop = new AbortController();
    await releaseWhenDue(node.sovereign, stop.signal, () => stop.abort()).catch(() => {});
  };
  const say = (code: string, aheadSeconds = 0, isLive = true): void =>
    hearTime(node.sovereign, node.sovereign.peers.byCode(code).state, wallSeconds + aheadSeconds, isLive);

  /** What waits when the node goes off, and only time lets go while it is. */
  const waiting: Record<string, () => Promise<void>> = {
    'the end of an embargo': async () => {
      await node.apply(policyOf({ after: 'PT1H' }));
      await node.issue(DRAFT);
    },
    'the succession of a label': async () => {
      const succession = { at: at(wallSeconds + 3_600), label: DRAFT.label };
      await node.issue({ ...DRAFT, label: { ...DRAFT.label, classification: 'secret', succession } });
    },
    'a state that comes into a group': async () => {
      const groups = { later: [{ state: 'XBB', from: at(wallSeconds + 3_600) }] };
      await node.apply(policyOf({ to: ['later'] }, { groups }));
      await node.issue(DRAFT);
    },
  };

  test.each(Object.entries(waiting))(
    '%s waits until a peer has said what time it is',
    async (_what, wait) => {
      await wait();
      const before = await released();
      await look();
      await restart(DAY_SECONDS);
      await runDue();
      // A walk through all records changes nothing about it, and so does a restart: what was known is not forgotten.
      await reconcile(node.sovereign, node.sovereign.peers.all(), silent);
      pass(3_000);
      await look();
      await restart(30);
      await runDue();
      expect(await released()).toBe(before);
      const shown = await nodeClock.run(node.sovereign, {}, silent, new AbortController().signal);
      expect(shown).toMatchObject({ held: false, unheardSince: expect.any(String) });
      // An older word neither agrees nor contradicts.
      say('XBB', -500, false);
      say('XBB', 5);
      pass(DAY_SECONDS / 24);
      await runDue();
      await reconcile(node.sovereign, node.sovereign.peers.all(), silent);
      expect(await released()).toBe(before + 1);
      await look();
      await restart(10);
      expect(node.sovereign.clock.knownSeconds).toBeUndefined();
    },
  );

  test('a limit that is over by the clock alone is reached all the same, for what is new', async () => {
    await node.apply(policyOf({}, { limits: [{ to: ['XBB'], releases: 1, per: 'PT1H', then: 'hold' }] }));
    await node.issue({ ...DRAFT, content: { ...DRAFT.content, title: { en: 'First' } } });
    const before = await released();
    await look();
    await restart(DAY_SECONDS);
    await node.issue(DRAFT);
    expect(await released()).toBe(before);
    say('XBB', 5);
    pass(DAY_SECONDS / 24);
    await node.issue({ ...DRAFT, content: { ...DRAFT.content, title: { en: 'Third' } } });
    expect(await released()).toBe(before + 1);
  });

  test('what contradicts the clock holds it, until the peer agrees or a person accepts the clock', async () => {
    await waiting['the end of an embargo']?.();
    await restart(DAY_SECONDS);
    say('XBB', -DAY_SECONDS);
    await runDue();
    expect(await released()).toBe(0);
    // Whoever is dated ahead by an older word contradicts it as well.
    say('XBB', DAY_SECONDS, false);
    await runDue();
    expect(await released()).toBe(0);
    await look();
    await restart(30);
    expect(await acceptClock(node.sovereign, silent)).toBe(true);
    expect(await released()).toBe(1);
    expect(await acceptClock(node.sovereign, silent)).toBe(false);
    const [line] = await audited('clock-accepted');
    expect(line?.fields.get('deviation')).toBe('unheard');
  });

  test('a clock that was far ahead and is set back is not believed for that', async () => {
    await waiting['the end of an embargo']?.();
    await look();
    await restart(100 * DAY_SECONDS);
    expect(node.sovereign.clock.hold).toMatchObject({ deviation: 'far-ahead' });
    wallSeconds -= 99 * DAY_SECONDS;
    await look();
    expect(node.sovereign.clock.isHeld).toBe(false);
    pass(60);
    await look();
    await restart(10);
    await runDue();
    expect(await released()).toBe(0);
    say('XBB');
    pass(20);
    await runDue();
    expect(await released()).toBe(1);
  });

  test('what was decided with people goes on: only time that nobody has heard of is not believed', async () => {
    await node.enrolAuthor();
    await node.apply(policyOf({ approve: { by: 'officer' } }));
    const [record = ''] = await node.issue(DRAFT);
    const signer = signerFromSeed(new Uint8Array(32).fill(9));
    await enrolProven(node.sovereign, {
      id: 'anna',
      name: 'Anna',
      roles: ['officer'],
      publicKey: signer.publicKey,
      sealKey: new Uint8Array(32).fill(9),
      validDays: 30,
    });
    await look();
    await restart(DAY_SECONDS);
    const { pending } = await pendingReleases(node.sovereign, {});
    const statements = pending.map(({ mode, purpose, rule, ruleDigest, parts }) =>
      signApproval(
        {
          state: node.sovereign.self.state,
          officer: 'anna',
          decision: 'approve',
          recordId: record as RecordId,
          parts: new Set(parts.map(({ digest }) => digest)),
          recipient: peer(),
          mode,
          purpose,
          rule,
          ruleDigest,
          atSeconds: wallSeconds,
          notAfterSeconds: wallSeconds + DAY_SECONDS,
        },
        signer,
      ),
    );
    await decideReleases(node.sovereign, await Promise.all(statements), silent);
    expect(await released()).toBe(1);
  });

  test('no more than a short time off changes nothing, nor does a clock that goes on', async () => {
    await waiting['the end of an embargo']?.();
    pass(3_000);
    await look();
    await restart(800);
    expect(node.sovereign.clock.knownSeconds).toBeUndefined();
    await runDue();
    expect(await released()).toBe(1);
  });
});
