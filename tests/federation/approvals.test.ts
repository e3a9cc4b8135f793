import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { comity, comityJson, type Outcome } from './command-line.ts';
import { until } from './deadline.ts';
import { applyPolicy, type FoundedState, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';
import { signedAct } from './signed-act.ts';

// Arcadia (XAA) has officers, and rules that leave to them what Borealis (XBB) is handed.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const EXIT = { done: 0, usage: 2, invalid: 10, ended: 12, refused: 20 };
const FIRST = ['title', 'stage'];
/** What of a record waits for officers, with what it stands in. */
const VICTIM = ['victim', 'victim.country', 'victim.name'];

const rule = (name: string, mode: string, more: object = {}): object => ({
  name,
  to: ['XBB'],
  mode: [mode],
  purpose: ['incident-response'],
  when: { type: 'incident' },
  ...more,
});
const openly = rule('openly', 'push', { parts: FIRST });
const twoOfUs = (within: string, persons = 2): object =>
  rule('two-of-us', 'push', { parts: ['victim'], approve: { by: 'officer', persons, within } });
const policyOf = (...rules: readonly object[]): object => ({ comity: 'policy/1', rules });

interface Pending {
  readonly record: string;
  readonly peer: string;
  readonly mode: string;
  readonly reason: string;
  readonly rule: string;
  readonly approvedBy: readonly string[];
  readonly parts: readonly { readonly path: string }[];
}

interface Decided {
  readonly stored: number;
  readonly released: readonly { readonly peer: string; readonly parts: number }[];
  readonly waiting: number;
}

let scratch: ScratchDirectory;
let xaa: FoundedState;
let xbb: FoundedState;
let arcadia: NodeProcess;
let borealis: NodeProcess;

const at = (...args: readonly string[]): Promise<Outcome> => comity(['--home', xaa.home, ...args]);
const keyOf = (officer: string): string => scratch.at(`${officer}.key`);
const signed = (officer: string): readonly string[] => ['--key', keyOf(officer), '--yes'];

async function enrol(officer: string, ...roles: readonly string[]): Promise<void> {
  const args = ['officer', 'enrol', officer, '--name', `Officer ${officer}`, '--role', ...roles];
  await comityJson(['--home', xaa.home, ...args, '--first', ...signed(officer)]);
}

const decide = (verb: 'approve' | 'reject', record: string, ...more: readonly string[]): Promise<Decided> =>
  comityJson<Decided>(['--home', xaa.home, 'release', verb, record.slice(0, 16), ...more]);

const draftOf = (title: string): object => ({
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB'] },
  content: {
    title: { en: title },
    stage: 'final',
    summary: { en: 'For nobody else' },
    victim: { name: 'Registry One', country: 'XAA' },
  },
});

async function issue(title: string): Promise<string> {
  const { records } = await arcadia.call<{ records: { id: string }[] }>('record.issue', {
    drafts: [draftOf(title)],
  });
  const id = records[0]?.id ?? '';
  await arcadia.call('record.claim', {
    record: id,
    act: await signedAct(keyOf('wilma'), 'record.claim', id),
  });
  return id;
}

async function issueAs(author: string, title: string): Promise<string> {
  const file = scratch.at('draft.json');
  await writeFile(file, JSON.stringify(draftOf(title)));
  const args = ['record', 'issue', file, '--as', author, '--key', keyOf(author), '--yes'];
  const { records } = await comityJson<{ records: { id: string }[] }>(['--home', xaa.home, ...args]);
  return records[0]?.id ?? '';
}

async function pendingOf(record: string): Promise<readonly Pending[]> {
  const { pending } = await arcadia.call<{ pending: Pending[] }>('release.pending', {});
  return pending.filter((each) => each.record === record);
}

/** Paths of the parts that Borealis holds of a record. */
async function heldBy(node: NodeProcess, record: string): Promise<readonly string[]> {
  const { records } = await node.call<{ records: { id: string }[] }>('record.list', {});
  if (!records.some(({ id }) => id === record)) return [];
  const { parts } = await node.call<{ parts: { path: string }[] }>('record.show', { id: record });
  return parts.map(({ path }) => path).sort();
}

const arrived = (record: string, paths: readonly string[]): Promise<true> =>
  until(`Borealis holds ${paths.join()} of ${record}`, async () => {
    const held = await heldBy(borealis, record);
    return held.length === paths.length && [...paths].sort().every((path, index) => held[index] === path);
  });

const sentTo = async (): Promise<number> =>
  (await arcadia.call<{ size: number }>('release.ledger', { peer: 'XBB' })).size;

beforeAll(async () => {
  scratch = await scratchDirectory();
  [xaa, xbb] = await foundStates(scratch, ['XAA', 'XBB']);
  arcadia = await NodeProcess.start(xaa.home);
  borealis = await NodeProcess.start(xbb.home);
  await recognise(arcadia, xbb);
  await recognise(borealis, xaa);
  for (const officer of ['anna', 'bruno', 'dora', 'wilma']) await enrol(officer, 'officer');
  await enrol('carla', 'release-authority');
});

afterAll(async () => {
  await arcadia?.kill();
  await borealis?.kill();
  await scratch?.[Symbol.asyncDispose]();
});

test('what a rule leaves to two officers goes when two have approved it, and neither has written it', async () => {
  await applyPolicy(arcadia, policyOf(openly, twoOfUs('P10D')));
  const id = await issueAs('anna', 'An outage');
  await arrived(id, FIRST);
  const [waiting, ...others] = await pendingOf(id);
  expect(others).toEqual([]);
  expect(waiting).toMatchObject({
    peer: 'XBB',
    mode: 'push',
    reason: 'approval-needed',
    rule: 'two-of-us',
    approvedBy: [],
  });
  expect(waiting?.parts.map(({ path }) => path)).toEqual(VICTIM);
  const listed = await at('release', 'pending');
  expect(listed.stdout).toContain(id.slice(0, 12));
  expect(listed.stdout).toContain('0 of 2 officer');

  // Whoever wrote it, and who has another office, decide nothing; what they sign is not kept.
  for (const [officer, code] of [
    ['anna', 'release.own-record'],
    ['carla', 'release.wrong-role'],
  ] as const) {
    const refused = await at('release', 'approve', id, ...signed(officer));
    expect(refused.code).toBe(EXIT.refused);
    expect(refused.stderr).toContain(`[${code}]`);
  }
  expect(await decide('approve', id, ...signed('bruno'))).toMatchObject({
    stored: 1,
    released: [],
    waiting: 1,
  });
  expect((await pendingOf(id))[0]?.approvedBy).toEqual(['bruno']);
  // One officer is one person, however often he signs.
  expect(await decide('approve', id, ...signed('bruno'))).toMatchObject({ released: [], waiting: 1 });
  expect(await heldBy(borealis, id)).toEqual([...FIRST].sort());

  const done = await decide('approve', id, ...signed('dora'), '--reason', 'Agreed with the registry');
  expect(done).toMatchObject({ released: [{ peer: 'XBB', parts: VICTIM.length }], waiting: 0 });
  await arrived(id, [...FIRST, ...VICTIM]);
  expect(await pendingOf(id)).toEqual([]);
  const kept = await arcadia.call<{ statements: { officer: string }[] }>('release.approvals', { record: id });
  // What is signed twice within one second is one statement: of each officer one is looked at.
  const one = kept.statements.filter(
    ({ officer }, place) => kept.statements.findIndex((each) => each.officer === officer) === place,
  );
  expect(one.toSorted((a, b) => (a.officer < b.officer ? -1 : 1))).toMatchObject([
    { officer: 'bruno', decision: 'approve', now: 'valid' },
    { officer: 'dora', decision: 'approve', now: 'valid', reason: 'Agreed with the registry' },
  ]);
});

test('where nobody has signed that he wrote a record one officer more has to approve, and he who did signs it later', async () => {
  const path = scratch.at('no-author.yaml');
  await writeFile(path, JSON.stringify(draftOf('No author')));
  const mistyped = await at('record', 'issue', path, '--yes', '--author', 'anaa');
  expect(mistyped.code).toBe(EXIT.usage);
  expect(mistyped.stderr).toContain('anaa is no officer of this state [officer.unknown]');
  const { records } = await comityJson<{ records: [{ id: string }] }>([
    '--home',
    xaa.home,
    'record',
    'issue',
    path,
    '--yes',
  ]);
  const id = records[0].id;
  expect(await pendingOf(id)).toMatchObject([{ isAuthorProven: false, persons: 3, ruleAsks: 2 }]);
  const previewed = await at('release', 'preview', id);
  expect(previewed.stdout).toContain('0 of 3 officer');
  expect(previewed.stdout).toContain('author not proven');
  const first = await at('release', 'approve', id, ...signed('dora'));
  expect(first.stderr).toContain('author not proven: needs 3 instead of 2');
  expect(await decide('approve', id, ...signed('bruno'))).toMatchObject({ released: [], waiting: 1 });
  // Who has approved and says now that he wrote it counts no longer; of the others two are enough again.
  const claimed = await at('record', 'claim', id, '--as', 'anna', '--key', keyOf('anna'));
  expect(claimed.stdout).toContain('is by anna, who has signed it');
  await arrived(id, [...FIRST, ...VICTIM]);
  const late = await at('record', 'claim', id, '--key', keyOf('wilma'));
  expect(late.stderr).toContain('[record.claimed]');
  const nameless = await at('record', 'issue', path, '--yes', '--as', 'anna');
  expect(nameless.stderr).toContain('expected --key FILE');
});

test('what an officer rejects stays, whoever has approved it', async () => {
  const id = await issue('Rejected');
  await decide('approve', id, ...signed('bruno'));
  const rejected = await decide(
    'reject',
    id,
    ...signed('dora'),
    '--reason',
    'The victim has asked us not to',
  );
  expect(rejected).toMatchObject({ stored: 1, released: [], waiting: 0 });
  expect(await pendingOf(id)).toEqual([]);
  const late = await at('release', 'approve', id, ...signed('anna'));
  expect(late.code).toBe(EXIT.invalid);
  expect(late.stderr).toContain('[release.not-held]');
  await arrived(id, FIRST);

  // Only she can take it back; what Bruno approved counts again then, as she has said otherwise herself.
  const listed = await at('release', 'pending', id, '--rejected');
  expect(listed.stdout).toMatch(/two-of-us +dora .*The victim has asked us not to/);
  const again = await at('release', 'approve', id, ...signed('dora'));
  expect(again.stderr).toContain('rejected by dora at ');
  expect(again.stdout).toContain('to XBB');
  expect((await at('release', 'pending', id, '--rejected')).stdout).toContain('nothing is rejected');
  await arrived(id, [...FIRST, ...VICTIM]);
});

test('an officer who is ended has approved nothing any more', async () => {
  const id = await issue('Ended');
  await enrol('emil', 'officer');
  await decide('approve', id, ...signed('bruno'));
  // What is signed in the second of an officer's end is signed too late.
  await setTimeout(1000);
  await comityJson(['--home', xaa.home, 'officer', 'end', 'bruno', '--yes']);
  expect((await pendingOf(id))[0]?.approvedBy).toEqual([]);
  expect(await decide('approve', id, ...signed('dora'))).toMatchObject({ released: [], waiting: 1 });
  const ended = await at('release', 'approve', id, ...signed('bruno'));
  expect(ended.code).toBe(EXIT.ended);
  expect(ended.stderr).toContain('[officer.ended]');
  // What he has signed is still there to be verified: it counted when he signed it.
  const kept = await arcadia.call<{ statements: object[] }>('release.approvals', { record: id });
  expect(kept.statements).toContainEqual(
    expect.objectContaining({ officer: 'bruno', whenSigned: 'valid', now: 'officer.ended' }),
  );
  expect(await decide('approve', id, ...signed('emil'))).toMatchObject({
    released: [{ peer: 'XBB' }],
    waiting: 0,
  });
  await arrived(id, [...FIRST, ...VICTIM]);
});

test('an approval is one of the rule as it read: of another it counts for nothing, not even what has not left', async () => {
  const id = await issue('Rule changed');
  await arrived(id, FIRST);
  await decide('approve', id, ...signed('dora'));
  await applyPolicy(arcadia, policyOf(openly, twoOfUs('P9D')));
  expect((await pendingOf(id))[0]).toMatchObject({ rule: 'two-of-us', approvedBy: [] });
  await decide('approve', id, ...signed('dora'));
  // Released while Borealis is away, and the rule is another one before it returns.
  await borealis.kill();
  expect(await decide('approve', id, ...signed('emil'))).toMatchObject({ released: [{ peer: 'XBB' }] });
  const size = await sentTo();
  await applyPolicy(arcadia, policyOf(openly, twoOfUs('P8D')));
  borealis = await NodeProcess.start(xbb.home);
  await until(
    'Borealis has all entries',
    async () =>
      (await borealis.call<{ size: number }>('release.ledger', { peer: 'XAA', direction: 'in' })).size >=
      size,
  );
  expect(await heldBy(borealis, id)).toEqual([...FIRST].sort());
  expect(await pendingOf(id)).toMatchObject([{ rule: 'two-of-us', approvedBy: [] }]);
  // Under the rule as it reads now, what goes is what went without content before.
  await decide('approve', id, ...signed('dora'));
  await decide('approve', id, ...signed('emil'));
  await arrived(id, [...FIRST, ...VICTIM]);
});

test('what a question would be answered with waits too, and goes to the asker as that answer', async () => {
  const asked = rule('on-request', 'query', { approve: { by: 'release-authority' } });
  await applyPolicy(arcadia, policyOf(openly, asked, rule('openly-on-request', 'query', { parts: FIRST })));
  const id = await issue('Asked for');
  await arrived(id, FIRST);
  expect(await pendingOf(id)).toEqual([]);
  const question = { peers: ['XAA'], purpose: 'incident-response', filter: { types: ['incident'] } };
  await borealis.call('query.ask', question);
  await until('the answer waits', async () => (await pendingOf(id)).length > 0);
  const [waiting] = await pendingOf(id);
  expect(waiting).toMatchObject({ mode: 'query', rule: 'on-request' });
  const done = await decide('approve', id, ...signed('carla'), '--to', 'XBB');
  expect(done).toMatchObject({ released: [{ peer: 'XBB' }], waiting: 0 });
  await arrived(id, [...FIRST, 'overall', 'summary', ...VICTIM]);
  const { entries } = await borealis.call<{ entries: { record: string; mode: string }[] }>('release.ledger', {
    peer: 'XAA',
    direction: 'in',
    limit: 10_000,
  });
  expect(entries.filter(({ record }) => record === id).map(({ mode }) => mode)).toEqual(['push', 'query']);
});

test('a limit that is reached and a debt that is too high hold what is new until the release authority lets it go', async () => {
  const { entries } = await arcadia.call<{ entries: object[] }>('release.ledger', {
    peer: 'XBB',
    limit: 10_000,
  });
  const limits = [{ to: ['XBB'], releases: entries.length + 1, per: 'P1D', then: 'hold' }];
  await applyPolicy(arcadia, { ...policyOf(openly), limits });
  const ids = [await issue('Within the limit'), await issue('Beyond it')] as const;
  await arrived(ids[0], FIRST);
  expect(await pendingOf(ids[0])).toEqual([]);
  expect(await pendingOf(ids[1])).toMatchObject([{ reason: 'limit', rule: 'limits[0]' }]);
  const refused = await at('release', 'approve', ids[1], ...signed('dora'));
  expect(refused.stderr).toContain('[release.wrong-role]');
  expect(await decide('approve', ids[1], ...signed('carla'))).toMatchObject({ released: [{ peer: 'XBB' }] });
  await arrived(ids[1], FIRST);

  const reciprocity = [{ to: ['XBB'], 'when-ratio-below': 0.01, then: 'hold' }];
  await applyPolicy(arcadia, { ...policyOf(openly), reciprocity });
  const id = await issue('Nothing came back');
  expect(await pendingOf(id)).toMatchObject([{ reason: 'reciprocity', rule: 'reciprocity[0]' }]);
  expect(await heldBy(borealis, id)).toEqual([]);
  // Borealis gives something: what is new goes then, and what waited still waits for a person.
  await applyPolicy(borealis, { ...policyOf({ ...rule('back', 'push'), to: ['XAA'] }) });
  await borealis.call('record.issue', {
    drafts: [
      {
        type: 'incident',
        label: { classification: 'restricted', releasableTo: ['XAA'] },
        content: { title: { en: 'In return' }, stage: 'final' },
      },
    ],
  });
  await until(
    'something came back',
    async () =>
      (await arcadia.call<{ size: number }>('release.ledger', { peer: 'XBB', direction: 'in' })).size === 1,
  );
  await arrived(await issue('Something came back'), FIRST);
  await applyPolicy(arcadia, { ...policyOf(openly), reciprocity });
  expect(await pendingOf(id)).toMatchObject([{ reason: 'reciprocity' }]);
  expect(await decide('approve', id, ...signed('carla'))).toMatchObject({ released: [{ peer: 'XBB' }] });
  await arrived(id, FIRST);
});

test('a key that is no officer’s, that others can read, or that is none is refused, and a term that is none', async () => {
  await applyPolicy(arcadia, policyOf(openly, twoOfUs('P10D')));
  const id = await issue('For strangers');
  await writeFile(scratch.at('nothing.key'), 'no key\n', { mode: 0o600 });
  const foreign = ['officer', 'enrol', 'bea', '--name', 'Bea', '--role', 'officer', ...signed('bea')];
  await comityJson(['--home', xbb.home, ...foreign]);
  for (const [args, code] of [
    [signed('nobody'), 'keys.missing'],
    [['--key', scratch.at('nothing.key'), '--yes'], 'keys.malformed'],
    [signed('bea'), 'approval.wrong-officer'],
    [[...signed('dora'), '--days', 'ten'], 'cli.usage'],
    [[...signed('dora'), '--days', '366'], 'cli.usage'],
    [['--key', keyOf('dora')], 'cli.not-confirmed'],
    [[...signed('dora'), '--rule', 'other'], 'release.not-held'],
  ] as const) {
    const refused = await at('release', 'approve', id, ...args);
    expect(refused.stderr).toContain(`[${code}]`);
  }
  expect((await pendingOf(id))[0]?.approvedBy).toEqual([]);
});
