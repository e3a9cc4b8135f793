import { toHex } from '@comity/digest';
import type { WitnessAnswer, WitnessRequest } from '@comity/exchange';
import { Fault } from '@comity/fault';
import {
  cosign,
  formatAddCheckpoint,
  formatProof,
  originLogName,
  signCheckpoint,
  splitNote,
  witnessName,
} from '@comity/log';
import { inclusionProof, leafHash, rootOf } from '@comity/merkle';
import { TABLES, WriteSet } from '@comity/store';
import { afterEach, expect, test } from 'vitest';
import type { Peer } from '../peers/peers.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import type { Sovereign } from '../sovereign.ts';
import { Witness } from '../witness.ts';
import { holdAgainstSeen, isOwnLogLost } from './equivocations.ts';
import { watchKeyProofs } from './keys-in-log.ts';
import { isAlarmed, logAlarms } from './log-alarms.ts';
import { readShown } from './origin-keys.ts';
import { Witnesses } from './witnesses.ts';

let node: ScratchNode | undefined;
afterEach(async () => {
  await node?.[Symbol.asyncDispose]();
  node = undefined;
});

async function found(): Promise<{ sovereign: Sovereign; peer: ScratchPeer }> {
  node = await ScratchNode.found(['XBB']);
  return { sovereign: node.sovereign, peer: node.peers[0] as ScratchPeer };
}

/** A checkpoint of the log of a peer; its root is that of no tree, which only a consistency proof would tell. */
function checkpoint({ federation }: Sovereign, peer: ScratchPeer, size: number, root = 1): Promise<string> {
  const origin = originLogName(federation.name, peer.state);
  return signCheckpoint({ origin, size, root: new Uint8Array(32).fill(root) }, peer.logSigner);
}

async function asked(
  sovereign: Sovereign,
  { state }: ScratchPeer,
  kind: 'add' | 'compare' | 'keys',
  ...texts: string[]
): Promise<WitnessAnswer[]> {
  const signal = new AbortController().signal;
  const answers: WitnessAnswer[] = [];
  for await (const answer of new Witness(sovereign).answer(state, { kind, texts }, signal))
    answers.push(answer);
  return answers;
}

const first = (note: string): string => formatAddCheckpoint({ oldSize: 0, proof: [], note });

test('no flood of checkpoints makes a witness forget what it has cosigned', async () => {
  const { sovereign, peer } = await found();
  expect(await asked(sovereign, peer, 'add', first(await checkpoint(sovereign, peer, 64)))).toMatchObject([
    { status: 200 },
  ]);
  // Far ahead of what was cosigned: nobody can tell yet that they are of no tree.
  const set = new WriteSet();
  for (let size = 1_000_000; size < 1_001_023; size++)
    set.put(TABLES.seen, [peer.state, size], { root: new Uint8Array(32), note: 'shown before' });
  await sovereign.store.commit(set);
  await asked(sovereign, peer, 'compare', await checkpoint(sovereign, peer, 2_000_000));
  const rows = await sovereign.store.list(TABLES.seen, [peer.state]);
  expect(rows.length).toBeLessThanOrEqual(1_024);
  expect(rows[0]?.key[1]).toBe(64);
  // And where the row is gone all the same, what was cosigned last is still held against what is shown.
  await sovereign.store.commit(new WriteSet().delete(TABLES.seen, [peer.state, 64]));
  const other = await checkpoint(sovereign, peer, 64, 2);
  expect(await asked(sovereign, peer, 'compare', other)).toMatchObject([{ status: 422 }]);
  expect(await isAlarmed(sovereign, 'two-histories', peer.state)).toBe(true);
});

test('a witness that was put back knows its own cosignature also under a log key that counts no more', async () => {
  const { sovereign, peer } = await found();
  const { federation, self, signers, now } = sovereign;
  const lost = await checkpoint(sovereign, peer, 128);
  const name = witnessName(federation.name, self.state);
  const line = await cosign(splitNote(lost).text, now(), name, signers.witness);
  const later = afterReplacement(sovereign);
  const body = first(await checkpoint(sovereign, peer, 64));
  expect(await asked(later, peer, 'add', body, lost + line)).toEqual([{ status: 410, text: '' }]);
  expect(await isAlarmed(sovereign, 'witness-lost', peer.state)).toBe(true);
});

/** The node as it is once a key of a log has been revoked. */
function afterRevocation(sovereign: Sovereign): Sovereign {
  const { directory } = sovereign;
  const revoked = Object.create(directory, {
    standingOf: { value: () => ({ standing: 'revoked', fromSeconds: 0, reason: 'compromised' }) },
    // A key that takes its place: it signs in the name of the same one here.
    resolve: { value: directory.resolve.bind(directory) },
  }) as typeof directory;
  return Object.create(sovereign, { directory: { value: revoked } }) as Sovereign;
}

/** The node as it is once a log key was replaced: it signs nothing any more, and what it has signed stays signed. */
function afterReplacement(sovereign: Sovereign): Sovereign {
  const { directory } = sovereign;
  const replaced = Object.create(directory, {
    standingOf: { value: () => ({ standing: 'superseded', fromSeconds: 0 }) },
    resolve: {
      value: () => {
        throw new Fault('identity.key-superseded', 'replaced');
      },
    },
  }) as typeof directory;
  return Object.create(sovereign, { directory: { value: replaced } }) as Sovereign;
}

test('a stolen log key ends no log once it is revoked; the evidence stays, and what bars is not kept out by it', async () => {
  const { sovereign, peer } = await found();
  await asked(sovereign, peer, 'compare', await checkpoint(sovereign, peer, 64));
  const [told] = await asked(sovereign, peer, 'compare', await checkpoint(sovereign, peer, 64, 2));
  expect(told?.status).toBe(422);
  const body = first(await checkpoint(sovereign, peer, 80));
  expect(await asked(sovereign, peer, 'add', body)).toEqual([{ status: 410, text: '' }]);

  const later = afterRevocation(sovereign);
  expect(await asked(later, peer, 'add', body)).toMatchObject([{ status: 200 }]);
  expect(await isAlarmed(sovereign, 'two-histories', peer.state)).toBe(true);
  expect(await sovereign.store.list(TABLES.equivocations, [peer.state])).toHaveLength(1);
  // Of the revoked key nothing is held against the log.
  expect(await asked(later, peer, 'compare', await checkpoint(sovereign, peer, 96, 3))).toMatchObject([
    { status: 404 },
  ]);
  // And where nobody revokes it, it stays barred.
  expect(await asked(sovereign, peer, 'add', body)).toEqual([{ status: 410, text: '' }]);
});

test('what a replaced key has signed is compared too', async () => {
  const { sovereign, peer } = await found();
  await asked(sovereign, peer, 'compare', await checkpoint(sovereign, peer, 64));
  const later = afterReplacement(sovereign);
  const other = await checkpoint(sovereign, peer, 64, 2);
  expect(await asked(later, peer, 'compare', other)).toMatchObject([{ status: 422 }]);
  expect(await isAlarmed(sovereign, 'two-histories', peer.state)).toBe(true);
});

test('a checkpoint of the own log that is not known here stops it, unless the key that has signed it is revoked', async () => {
  const { sovereign } = await found();
  const { self, federation, signers } = sovereign;
  const origin = originLogName(federation.name, self.state);
  const stranger = await signCheckpoint({ origin, size: 640, root: new Uint8Array(32).fill(9) }, signers.log);
  const shown = readShown(sovereign, stranger);
  if (shown === undefined) throw new Error('the own log is not known');
  await holdAgainstSeen(sovereign, shown);
  expect(await isOwnLogLost(sovereign)).toBe(true);
  expect(await isOwnLogLost(afterRevocation(sovereign))).toBe(false);
  expect(await isAlarmed(sovereign, 'own-log-lost', self.state)).toBe(true);
});

test('a charter is proved to be in the log that is cosigned, and people are told of one that is not', async () => {
  const { sovereign, peer } = await found();
  const known = sovereign.peers.get(peer.state) as Peer;
  const leaves = [new Uint8Array(32).fill(1), known.charter.digest, new Uint8Array(32).fill(2)];
  const hashes = leaves.map(leafHash);
  const origin = originLogName(sovereign.federation.name, peer.state);
  const note = await signCheckpoint({ origin, size: 3, root: rootOf(hashes) }, peer.logSigner);
  const read = (level: number, index: number): Uint8Array =>
    rootOf(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
  const proof = async (index: number, checkpoint_: string): Promise<string> =>
    formatProof({ index, hashes: await inclusionProof(index, 3, read), checkpoint: checkpoint_ });
  const statusOf = async (text: string): Promise<number | undefined> =>
    (await asked(sovereign, peer, 'keys', text))[0]?.status;

  // Before anything was cosigned there is nothing to be in.
  expect(await statusOf(await proof(1, note))).toBe(409);
  const since = await watchKeyProofs(sovereign, known);
  await asked(sovereign, peer, 'add', first(note));
  expect(await statusOf('no proof')).toBe(400);
  expect(await statusOf(await proof(0, note))).toBe(404);
  const elsewhere = await signCheckpoint({ origin, size: 3, root: new Uint8Array(32) }, peer.logSigner);
  expect(await statusOf(await proof(1, elsewhere))).toBe(409);

  // The log has gone on for as long as people have set, and the charter is not shown to be in it.
  await watchKeyProofs(sovereign, known);
  expect(await logAlarms(sovereign)).toEqual([]);
  const { frozenSeconds } = sovereign.config.witness;
  const row = { sinceSeconds: since - frozenSeconds, provedSize: null };
  const leaf = toHex(known.charter.digest);
  await sovereign.store.commit(new WriteSet().put(TABLES.keyProofs, [peer.state, leaf], row));
  expect(await watchKeyProofs(sovereign, known)).toBe(since - frozenSeconds);
  expect(await logAlarms(sovereign)).toMatchObject([{ kind: 'keys-not-logged', origin: peer.state }]);

  expect(await statusOf(await proof(1, note))).toBe(200);
  expect(await logAlarms(sovereign)).toEqual([]);
  await watchKeyProofs(sovereign, known);
  expect(await logAlarms(sovereign)).toEqual([]);
  expect(await sovereign.store.get(TABLES.keyProofs, [peer.state, leaf])).toMatchObject({ provedSize: 3 });
});

test('after a start each peer that is reached is asked what it knows, and a log that is never shown is frozen', async () => {
  node = await ScratchNode.found(['XBB', 'XCC']);
  const { sovereign, peers } = node;
  const [borealis, caldera] = peers as [ScratchPeer, ScratchPeer];
  // An own checkpoint, so that there is something to compare.
  const { self, federation, signers } = sovereign;
  const root = rootOf([]);
  const origin = originLogName(federation.name, self.state);
  const own = await signCheckpoint({ origin, size: 0, root }, signers.log);
  await sovereign.store.commit(new WriteSet().putCheckpoint({ log: 'origin', size: 0, root, note: own }));
  let answer: (() => void) | undefined;
  const later = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const asked_: string[] = [];
  sovereign.exchange = {
    peers: () => peers.map(({ state }) => ({ peer: state, state: 'live' })),
    async *witness(state: string, { kind, texts }: WitnessRequest) {
      if (kind === 'compare') asked_.push(state);
      if (kind === 'compare' && state === caldera.state) await later;
      for (const _ of kind === 'add' ? ['one'] : texts) yield { status: 404, text: '' };
    },
  } as unknown as NonNullable<Sovereign['exchange']>;
  const witnesses = new Witnesses(sovereign);
  const stop = new AbortController();
  const asking = witnesses.keepAsking(stop.signal, () => {}).catch(() => {});
  await expect
    .poll(() => asked_, { timeout: 20_000 })
    .toEqual(expect.arrayContaining([borealis.state, caldera.state]));
  expect(witnesses.isCompared).toBe(false);
  answer?.();
  await expect.poll(() => witnesses.isCompared, { timeout: 20_000 }).toBe(true);

  // Nothing of their logs was ever shown: the time runs from when they were first reached.
  await expect
    .poll(async () => (await sovereign.store.list(TABLES.keyProofs, [])).length, { timeout: 20_000 })
    .toBe(2);
  expect(await logAlarms(sovereign)).toEqual([]);
  const { frozenSeconds } = sovereign.config.witness;
  const ahead = Object.create(sovereign, {
    now: { value: () => Math.floor(Date.now() / 1000) + frozenSeconds + 60 },
  }) as Sovereign;
  const other = new Witnesses(ahead);
  const alsoAsking = other.keepAsking(stop.signal, () => {}).catch(() => {});
  await expect
    .poll(async () => (await logAlarms(sovereign)).map(({ kind, size }) => `${kind} ${size}`), {
      timeout: 20_000,
    })
    .toEqual(['frozen 0', 'frozen 0']);
  stop.abort();
  await Promise.all([asking, alsoAsking]);
});
