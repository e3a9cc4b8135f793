import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeStateCard } from '@comity/identity';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { comity, comityJson } from './command-line.ts';
import { until } from './deadline.ts';
import { applyPolicy, type FoundedState, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';

// Keys of a state live and die: what its root key holders sign in a directory, with no node and no network, counts at once at
// the peers that are connected, and at the others when they next start.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

let scratch: ScratchDirectory;
let xaa: FoundedState;
let xbb: FoundedState;
let arcadia: NodeProcess;
let borealis: NodeProcess;

beforeAll(async () => {
  scratch = await scratchDirectory();
  [xaa, xbb] = await foundStates(scratch, ['XAA', 'XBB']);
  arcadia = await NodeProcess.start(xaa.home);
  borealis = await NodeProcess.start(xbb.home);
  await recognise(arcadia, xbb);
  await recognise(borealis, xaa);
  await applyPolicy(arcadia, {
    comity: 'policy/1',
    rules: [{ name: 'all', to: ['XBB'], purpose: ['incident-response'], profile: 'originator-full' }],
  });
  await connected();
});

afterAll(async () => {
  await arcadia?.kill();
  await borealis?.kill();
  await scratch?.[Symbol.asyncDispose]();
});

interface Shown {
  readonly keys: readonly { readonly usage: string; readonly kid: string; readonly standing: string }[];
  readonly keyState: { readonly version: number; readonly stale: boolean; readonly revoked: number } | null;
  readonly charterVersion: number;
  readonly contradictions: number;
}

async function connected(): Promise<void> {
  await until('both are connected', async () => {
    const { peers } = await borealis.call<{ peers: { code: string; connection: string }[] }>('node.status');
    return peers.some(({ code, connection }) => code === 'XAA' && connection === 'connected');
  });
}

const shownAt = (node: NodeProcess, peer: string): Promise<Shown> => node.call<Shown>('peer.show', { peer });
const own = (node: NodeProcess): Promise<Shown> => node.call<Shown>('state.show');

const liveOf = ({ keys }: Shown, use: string) =>
  keys.filter(({ usage, standing }) => usage === use && standing === 'live');

async function issue(title: string): Promise<string> {
  const { records } = await arcadia.call<{ records: { id: string }[] }>('record.issue', {
    drafts: [
      {
        type: 'incident',
        label: { classification: 'unclassified', releasableTo: ['XBB'] },
        content: { title: { en: title }, stage: 'final' },
      },
    ],
  });
  return records[0]?.id ?? '';
}

async function held(id: string): Promise<boolean> {
  try {
    await borealis.call('record.show', { id });
    return true;
  } catch {
    return false;
  }
}

async function verdictAt(node: NodeProcess, id: string): Promise<{ verdict: string; code: string | null }> {
  const { verdict, steps } = await node.call<{
    verdict: string;
    steps: { result: string; code: string | null }[];
  }>('record.verify', { id });
  return { verdict, code: steps.find(({ result }) => result === 'failed')?.code ?? null };
}

/** A ceremony of the one root key of XAA, from the proposal to the new card. */
async function ceremony(name: string, propose: readonly string[], roots: readonly string[]): Promise<string> {
  const dir = scratch.at(name);
  const card = join(xaa.home, 'state.card');
  await comityJson(['state', ...propose, '--card', card, '--dir', dir]);
  for (const root of roots) {
    await comityJson(['state', 'sign', '--dir', dir, '--root-key', join(xaa.home, 'keys', root), '--yes']);
  }
  const made = join(dir, 'state.card');
  await comityJson(['state', 'combine', '--dir', dir, '-o', made]);
  return made;
}

const apply = (card: string, ...options: readonly string[]) =>
  comityJson<{ isApplied: boolean; revoked: string[]; newKeys: string[] }>([
    '--home',
    xaa.home,
    'state',
    'apply',
    card,
    ...options,
  ]);

test('a new record key takes the place of the old one, which goes on verifying what it signed', async () => {
  const before = await issue('Signed with the first key');
  await until('the record is held', () => held(before));
  const [old] = (await own(arcadia)).keys.filter(({ usage }) => usage === 'record');

  const request = scratch.at('record.request');
  await comityJson(['--home', xaa.home, 'state', 'request', '--usage', 'record', '-o', request]);
  // The key that waits signs nothing yet.
  expect((await own(arcadia)).keys.filter(({ usage }) => usage === 'record')).toEqual([old]);
  const propose = ['certify', '--request', request, '--supersede', 'now'];
  const card = await ceremony('replace', propose, ['root-1.key']);

  const planned = await apply(card, '--dry-run');
  expect(planned).toMatchObject({ isApplied: false, newKeys: ['record'] });
  expect((await own(arcadia)).keyState).toBeNull();
  expect(await apply(card, '--yes')).toMatchObject({ isApplied: true, newKeys: ['record'] });

  // Borealis has heard of it without a new connection.
  await borealis.logged('keys-learnt', ({ peer, keyState }) => peer === 'XAA' && keyState === 1);
  const shown = await shownAt(borealis, 'XAA');
  expect(shown.keyState).toMatchObject({ version: 1, stale: false, revoked: 0 });
  expect(shown.keys.find(({ kid }) => kid === old?.kid)?.standing).toBe('superseded');
  expect(await verdictAt(borealis, before)).toEqual({ verdict: 'VALID', code: null });

  const after = await issue('Signed with the second key');
  await until('the record of the new key is held', () => held(after));
  expect(await verdictAt(borealis, after)).toEqual({ verdict: 'VALID', code: null });
});

test('a revocation counts at once where the state is connected, and after a start where it was not', async () => {
  const held1 = await issue('Held before the theft');
  await until('the record is held', () => held(held1));
  const live = (await own(arcadia)).keys.find(
    ({ usage, standing }) => usage === 'record' && standing === 'live',
  );
  const revoke = (name: string, from: string): Promise<string> =>
    ceremony(
      name,
      ['revoke', '--key', live?.kid.slice(0, 16) ?? '', '--from', from, '--reason', 'compromised'],
      ['root-1.key'],
    );
  // Where the home is that of the node, what it would touch is said before anybody signs.
  const dry = ['--from', '2026-01-01', '--reason', 'compromised', '--dir', scratch.at('dry'), '--dry-run'];
  const told = await comityJson<{ affects: { peers: number; keys: { records: number; since: number }[] } }>([
    ...['--home', xaa.home, 'state', 'revoke', '--card', join(xaa.home, 'state.card')],
    ...['--key', live?.kid.slice(0, 16) ?? '', ...dry],
  ]);
  expect(told.affects.peers).toBe(1);
  expect(told.affects.keys).toMatchObject([{ records: expect.any(Number) as number }]);
  expect(told.affects.keys[0]?.records).toBeGreaterThan(0);
  // A card that leaves the node without a key of its own is not put in force.
  const alone = await revoke('alone', '2026-01-01');
  const refused = await comity(['--home', xaa.home, 'state', 'apply', alone, '--yes']);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('keys.not-in-use');

  // A new key first, and the old one revoked from before it was ever used: then nothing of it counts.
  const request = scratch.at('third.request');
  await comityJson(['--home', xaa.home, 'state', 'request', '--usage', 'record', '-o', request]);
  await apply(await ceremony('third', ['certify', '--request', request], ['root-1.key']), '--yes');
  // Borealis hears of the revocation when it next starts.
  expect(await borealis.stop()).toBe(0);
  expect(await apply(await revoke('revoked', '2026-01-01'), '--yes')).toMatchObject({ revoked: [live?.kid] });
  borealis = await NodeProcess.start(xbb.home);
  await borealis.logged('keys-learnt', ({ peer, revoked }) => peer === 'XAA' && revoked === 1);
  expect(await verdictAt(borealis, held1)).toEqual({ verdict: 'INVALID', code: 'identity.key-revoked' });
  expect(await verdictAt(arcadia, held1)).toEqual({ verdict: 'INVALID', code: 'identity.key-revoked' });

  // It is stored: also without the peer the next start knows it.
  expect(await arcadia.stop()).toBe(0);
  expect(await borealis.stop()).toBe(0);
  borealis = await NodeProcess.start(xbb.home);
  expect(await verdictAt(borealis, held1)).toEqual({ verdict: 'INVALID', code: 'identity.key-revoked' });
  arcadia = await NodeProcess.start(xaa.home);
  await connected();
  const next = await issue('Signed with the third key');
  await until('the record of the third key is held', () => held(next));
});

test('all keys of a node are replaced at once, and it goes on under them', async () => {
  const requests: string[] = [];
  for (const usage of ['record', 'log', 'witness', 'transport']) {
    const request = scratch.at(`${usage}.all`);
    await comityJson(['--home', xaa.home, 'state', 'request', '--usage', usage, '-o', request]);
    requests.push('--request', request);
  }
  const before = (await own(arcadia)).keys.filter(({ standing }) => standing === 'live');
  const card = await ceremony('all', ['certify', ...requests, '--supersede', 'now'], ['root-1.key']);
  expect(await apply(card, '--yes')).toMatchObject({
    newKeys: ['record', 'log', 'witness', 'transport'],
    needsRestart: true,
  });
  // Borealis has heard of the new transport key over the connection of the old one, which it then has cut.
  await borealis.logged('keys-learnt', ({ peer, keyState }) => peer === 'XAA' && keyState === 4);
  expect(await arcadia.stop()).toBe(0);
  arcadia = await NodeProcess.start(xaa.home);
  const after = (await own(arcadia)).keys.filter(({ standing }) => standing === 'live');
  expect(after.map(({ usage }) => usage).toSorted()).toEqual(['log', 'record', 'transport', 'witness']);
  expect(after.some(({ kid }) => before.some((each) => each.kid === kid))).toBe(false);
  await connected();
  const id = await issue('Signed with the fourth key');
  await until('the record of the fourth key is held', () => held(id));
  expect(await verdictAt(borealis, id)).toEqual({ verdict: 'VALID', code: null });
  await until('Borealis has given a receipt for it', async () => {
    const { peers } = await arcadia.call<{
      peers: { code: string; out: { size: number; receiptSize: number } }[];
    }>('node.status');
    const [out] = peers.filter(({ code }) => code === 'XBB').map((peer) => peer.out);
    return out !== undefined && out.size === out.receiptSize;
  });
});

test('root keys are rotated, and everything goes on', async () => {
  const before = await shownAt(borealis, 'XAA');
  const { publicKey } = await comityJson<{ publicKey: string }>([
    'state',
    'root-key',
    join(xaa.home, 'keys', 'next-root-1.key'),
  ]);
  const { keyId } = await comityJson<{ keyId: string }>([
    'state',
    'root-key',
    '--new',
    scratch.at('second-next-root.key'),
  ]);
  const propose = ['rotate', '--root-key', publicKey, '--commit', keyId];
  // The old root key alone is not enough.
  await expect(ceremony('half', propose, ['root-1.key'])).rejects.toThrow(/ceremony\.unsigned/);
  const card = await ceremony('whole', propose, ['root-1.key', 'next-root-1.key']);
  await apply(card, '--yes');
  await borealis.logged('keys-learnt', ({ peer, charter }) => peer === 'XAA' && charter === 2);
  const after = await shownAt(borealis, 'XAA');
  expect(after).toMatchObject({ charterVersion: 2, keys: before.keys });

  // A new recognition is signed by the new root key, and is taken.
  await recognise(arcadia, xbb, { renew: true });
  await until('Borealis has the new recognition', async () => {
    const { peers } = await borealis.call<{ peers: { code: string; recognisesUs: boolean }[] }>(
      'node.status',
    );
    return peers.find(({ code }) => code === 'XAA')?.recognisesUs;
  });

  const id = await issue('Under the second charter');
  await until('the record is held', () => held(id));
  expect(await verdictAt(borealis, id)).toEqual({ verdict: 'VALID', code: null });
  // It holds for starts of both.
  expect(await borealis.stop()).toBe(0);
  expect(await arcadia.stop()).toBe(0);
  borealis = await NodeProcess.start(xbb.home);
  arcadia = await NodeProcess.start(xaa.home);
  await connected();
  expect((await shownAt(borealis, 'XAA')).charterVersion).toBe(2);
  expect(await verdictAt(borealis, id)).toEqual({ verdict: 'VALID', code: null });
  expect(decodeStateCard(await readFile(join(xaa.home, 'state.card'))).charter.version).toBe(2);
});

test('a card of a peer brings a revocation whoever has it, with no connection', async () => {
  expect(await arcadia.stop()).toBe(0);
  const [witness] = liveOf(await shownAt(borealis, 'XAA'), 'witness');
  const propose = ['revoke', '--key', witness?.kid ?? '', '--from', '2026-06-01', '--reason', 'lost'];
  const card = await ceremony('by-hand', propose, ['next-root-1.key']);
  const updated = await comityJson<{ peer: string; changed: boolean }>([
    '--home',
    xbb.home,
    'peer',
    'update',
    card,
  ]);
  expect(updated).toMatchObject({ peer: 'XAA', changed: true });
  const shown = await shownAt(borealis, 'XAA');
  expect(shown.keys.find(({ kid }) => kid === witness?.kid)?.standing).toBe('revoked');
  // Once taken, an older card takes nothing back.
  const older = await comityJson<{ changed: boolean }>([
    '--home',
    xbb.home,
    'peer',
    'update',
    join(xaa.home, 'state.card'),
  ]);
  expect(older.changed).toBe(false);
  expect((await shownAt(borealis, 'XAA')).keyState?.version).toBe(shown.keyState?.version);

  // Of two that cannot both be true the one that is known stays, and the evidence is kept.
  expect((await shownAt(borealis, 'XAA')).contradictions).toBe(0);
  const [log] = liveOf(shown, 'log');
  const other = ['revoke', '--key', log?.kid ?? '', '--from', '2026-06-01', '--reason', 'lost'];
  const rival = await ceremony('rival', other, ['next-root-1.key']);
  const refused = await comity(['--home', xbb.home, 'peer', 'update', rival]);
  expect(refused.code).toBe(11);
  expect(refused.stderr).toContain('identity.key-states-contradict');
  const kept = await shownAt(borealis, 'XAA');
  expect(kept).toMatchObject({ contradictions: 1, keyState: { version: shown.keyState?.version } });
  expect(kept.keys.find(({ kid }) => kid === log?.kid)?.standing).toBe('live');
  // Anybody can check it, with nothing but the file.
  const evidence = scratch.at('evidence');
  await comityJson(['--home', xbb.home, 'peer', 'evidence', 'XAA', '-o', evidence]);
  expect(await comityJson(['state', 'evidence', evidence])).toMatchObject({
    between: 'key-states',
    version: shown.keyState?.version,
  });
  const none = await comity(['--home', xbb.home, 'state', 'evidence', join(xbb.home, 'state.card')]);
  expect(none.code).toBe(10);
  expect(await borealis.stop()).toBe(0);
  // Records of revoked keys are no damage.
  expect((await comityJson<{ findings: unknown[] }>(['--home', xbb.home, 'node', 'fsck'])).findings).toEqual(
    [],
  );
});
