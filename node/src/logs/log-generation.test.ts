import { fromHex, toHex } from '@comity/digest';
import type { WitnessAnswer } from '@comity/exchange';
import type { EndedLog, VerifiedKeyState } from '@comity/identity';
import {
  equivocation,
  formatAddCheckpoint,
  formatEvidence,
  type NoteVerifier,
  noteVerifier,
  originLogName,
  parseProof,
  signCheckpoint,
  splitNote,
  verifyProof,
} from '@comity/log';
import { TABLES, WriteSet } from '@comity/store';
import { afterEach, expect, test } from 'vitest';
import type { Peer } from '../peers/peers.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import type { Sovereign } from '../sovereign.ts';
import { newestOf, Witness } from '../witness.ts';
import { isBarred, isOwnLogLost } from './equivocations.ts';
import { isAlarmed, logAlarms, raiseLogAlarm } from './log-alarms.ts';
import { originProof } from './log-proof.ts';
import { keepOriginLog, originLogStatus, ownCheckpoint, placeInOriginLog } from './origin-log.ts';
import { enterOwnLog } from './renew-log.ts';

const START = Math.floor(Date.now() / 1_000) + 3_600;
const INTERVAL_SECONDS = 600;

let nowSeconds = START;
let node: ScratchNode | undefined;
afterEach(async () => {
  await node?.[Symbol.asyncDispose]();
  node = undefined;
  nowSeconds = START;
});

async function found(): Promise<{ sovereign: Sovereign; peer: ScratchPeer }> {
  node = await ScratchNode.found(['XBB'], () => nowSeconds);
  return { sovereign: node.sovereign, peer: node.peers[0] as ScratchPeer };
}

/** A key state by which logs have ended; it was verified before it came here. */
function saying(ends: readonly EndedLog['end'][]): VerifiedKeyState {
  const endedLogs = ends.map((end) => ({ end, endedAtSeconds: START, reason: 'lost' as const }));
  const digest = new Uint8Array(32).fill(0x40 + ends.length);
  return { version: ends.length, digest, endedLogs } as unknown as VerifiedKeyState;
}

function endLogsOf({ peers }: Sovereign, { state }: ScratchPeer, ends: readonly EndedLog['end'][]): void {
  peers.set({ ...(peers.get(state) as Peer), keyState: saying(ends) });
}

async function asked(
  sovereign: Sovereign,
  { state }: ScratchPeer,
  kind: 'add' | 'compare' | 'evidence',
  text: string,
): Promise<WitnessAnswer | undefined> {
  const request = { kind, texts: [text] };
  for await (const answer of new Witness(sovereign).answer(state, request, new AbortController().signal))
    return answer;
  return undefined;
}

const ROOT = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

function named({ federation }: Sovereign, { state }: ScratchPeer, generation: number): string {
  return originLogName(federation.name, state, generation);
}

function checkpoint(
  sovereign: Sovereign,
  peer: ScratchPeer,
  { generation = 1, size, root }: { generation?: number; size: number; root: number },
): Promise<string> {
  return signCheckpoint(
    { origin: named(sovereign, peer, generation), size, root: ROOT(root) },
    peer.logSigner,
  );
}

const first = (note: string): string => formatAddCheckpoint({ oldSize: 0, proof: [], note });

test('a log that is barred for two histories goes on as a new one, and the evidence is still shown', async () => {
  const { sovereign, peer } = await found();
  const one = await checkpoint(sovereign, peer, { size: 64, root: 1 });
  const other = await checkpoint(sovereign, peer, { size: 64, root: 2 });
  expect(await asked(sovereign, peer, 'add', first(one))).toMatchObject({ status: 200 });
  expect(await asked(sovereign, peer, 'compare', other)).toMatchObject({ status: 422 });
  expect(await asked(sovereign, peer, 'add', first(one))).toMatchObject({ status: 410 });

  endLogsOf(sovereign, peer, [{ size: 64, root: ROOT(1) }]);
  const [next, after] = [
    await checkpoint(sovereign, peer, { generation: 2, size: 16, root: 3 }),
    await checkpoint(sovereign, peer, { generation: 3, size: 16, root: 3 }),
  ];
  // The old log is none that is witnessed here any more, nor is one that has not begun.
  expect(await asked(sovereign, peer, 'add', first(one))).toMatchObject({ status: 403 });
  expect(await asked(sovereign, peer, 'compare', other)).toMatchObject({ status: 404 });
  expect(await asked(sovereign, peer, 'add', first(after))).toMatchObject({ status: 403 });
  expect(await asked(sovereign, peer, 'add', first(next))).toMatchObject({ status: 200 });
  expect(await newestOf(sovereign, peer.state)).toContain(next);
  expect(await isBarred(sovereign, peer.state)).toBe(false);
  expect(await sovereign.store.list(TABLES.equivocations, [peer.state])).toHaveLength(1);
  expect(await isAlarmed(sovereign, 'two-histories', peer.state)).toBe(true);
  // It has ended where this node stood: there is nothing to tell people of.
  expect(await isAlarmed(sovereign, 'ended-otherwise', peer.state)).toBe(false);

  // What still comes against the old one is kept, and two histories of the new one bar it as any log.
  const verifier = (generation: number): NoteVerifier =>
    noteVerifier(named(sovereign, peer, generation), 'log', peer.logSigner.publicKey);
  const late = equivocation(
    { note: await checkpoint(sovereign, peer, { size: 80, root: 5 }), logVerifier: verifier(1) },
    { note: await checkpoint(sovereign, peer, { size: 80, root: 6 }), logVerifier: verifier(1) },
  );
  expect(
    await asked(sovereign, peer, 'evidence', formatEvidence(late as NonNullable<typeof late>)),
  ).toMatchObject({ status: 200 });
  expect(await isBarred(sovereign, peer.state)).toBe(false);
  const forked = await checkpoint(sovereign, peer, { generation: 2, size: 16, root: 4 });
  expect(await asked(sovereign, peer, 'compare', forked)).toMatchObject({ status: 422 });
  expect(await isBarred(sovereign, peer.state)).toBe(true);
});

test('people are told where a log ends before what was cosigned, or with another tree', async () => {
  const { sovereign, peer } = await found();
  const one = await checkpoint(sovereign, peer, { size: 64, root: 1 });
  const ended = async (end: EndedLog['end']): Promise<boolean> => {
    await sovereign.store.commit(
      new WriteSet()
        .delete(TABLES.settings, [`log-generation/${peer.state}`])
        .delete(TABLES.logAlarms, ['ended-otherwise', peer.state]),
    );
    endLogsOf(sovereign, peer, []);
    expect(await asked(sovereign, peer, 'add', first(one))).toMatchObject({ status: 200 });
    endLogsOf(sovereign, peer, [end]);
    await asked(sovereign, peer, 'add', first(one));
    return isAlarmed(sovereign, 'ended-otherwise', peer.state);
  };
  expect(await ended({ size: 63, root: ROOT(1) })).toBe(true);
  expect(await ended({ size: 64, root: ROOT(2) })).toBe(true);
  expect(await ended(null)).toBe(true);
  expect(await ended({ size: 64, root: ROOT(1) })).toBe(false);
  expect(await ended({ size: 65, root: ROOT(1) })).toBe(false);
});

test('a witness does not go back to a log that it has left', async () => {
  const { sovereign, peer } = await found();
  endLogsOf(sovereign, peer, [null]);
  const second = await checkpoint(sovereign, peer, { generation: 2, size: 16, root: 3 });
  expect(await asked(sovereign, peer, 'add', first(second))).toMatchObject({ status: 200 });
  // As a later charter could say.
  endLogsOf(sovereign, peer, []);
  const back = await checkpoint(sovereign, peer, { size: 16, root: 1 });
  expect(await asked(sovereign, peer, 'add', first(back))).toMatchObject({ status: 410 });
  expect(await asked(sovereign, peer, 'compare', back)).toMatchObject({ status: 404 });
});

async function issued(draft: object): Promise<string> {
  const [id] = (await node?.issue(draft)) ?? [];
  if (id === undefined) throw new Error('nothing was issued');
  return id;
}

/** Keeps the own log until it has made as many checkpoints. */
async function kept(sovereign: Sovereign, checkpoints: number): Promise<void> {
  const stop = new AbortController();
  let made = 0;
  await keepOriginLog(
    sovereign,
    () => true,
    stop.signal,
    () => {
      made += 1;
      nowSeconds += INTERVAL_SECONDS;
      if (made === checkpoints) stop.abort();
    },
  ).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
}

const incident = {
  type: 'incident',
  label: { classification: 'restricted', tlp: 'GREEN' },
  content: { title: { en: 'Outage' }, stage: 'final' },
};

test('the own log goes on under another name: what stands is proved in the old one, what does not is entered again', async () => {
  const { sovereign, peer } = await found();
  const { store, self, federation, signers } = sovereign;
  const early = await issued(incident);
  await kept(sovereign, 1);
  const end = await ownCheckpoint(sovereign);
  if (end === undefined) throw new Error('no checkpoint was made');
  const late = await issued({
    ...incident,
    content: { ...incident.content, title: { en: 'Flood' } },
  });
  await kept(sovereign, 1);
  const before = await originLogStatus(sovereign);
  expect(before.records).toBe(2);
  await store.commit(new WriteSet().put(TABLES.settings, [`witnessed-by/${peer.state}`], before.size));
  // A peer has shown a checkpoint that this node has lost: nothing can go on.
  await raiseLogAlarm(sovereign, 'own-log-lost', self.state, 999);
  expect(await isOwnLogLost(sovereign)).toBe(true);

  sovereign.self = { ...self, keyState: saying([{ size: end.size, root: end.root }]) };
  expect(await ownCheckpoint(sovereign)).toBeUndefined();
  await kept(sovereign, 1);
  expect(await logAlarms(sovereign)).toEqual([]);
  expect(await store.get(TABLES.settings, [`witnessed-by/${peer.state}`])).toBeUndefined();
  expect(await placeInOriginLog(sovereign, early)).toMatchObject({ generation: 1 });
  expect(await placeInOriginLog(sovereign, late)).toMatchObject({ generation: 2 });
  expect((await originLogStatus(sovereign)).records).toBe(2);
  const proved = async (leaf: string, generation: number): Promise<number> => {
    const origin = originLogName(federation.name, self.state, generation);
    const found_ = await originProof(sovereign, leaf);
    const logVerifier = noteVerifier(origin, 'log', signers.log.publicKey);
    return verifyProof(found_?.text ?? '', fromHex(leaf), { origin, logVerifier }).checkpoint.size;
  };
  expect(await proved(early, 1)).toBeLessThanOrEqual(end.size);
  expect(await proved(late, 2)).toBe((await ownCheckpoint(sovereign))?.size);
  // Witnesses ask for charter and key state where they cosign.
  for (const leaf of [self.charter.digest, saying([null]).digest].map(toHex))
    expect(await placeInOriginLog(sovereign, leaf)).toMatchObject({ generation: 2 });

  // Nothing of the second one stands: all that was in it is entered a second time.
  sovereign.self = { ...self, keyState: saying([{ size: end.size, root: end.root }, null]) };
  await kept(sovereign, 1);
  expect(await placeInOriginLog(sovereign, early)).toMatchObject({ generation: 1 });
  expect(await placeInOriginLog(sovereign, late)).toMatchObject({ generation: 3 });
  expect((await originLogStatus(sovereign)).records).toBe(2);
  const third = splitNote(parseProof((await originProof(sovereign, late))?.text ?? '').checkpoint).text;
  expect(third.split('\n')[0]).toBe(originLogName(federation.name, self.state, 3));

  // A card that ends fewer than this node has left: it signs nothing of a log that it has given up.
  sovereign.self = { ...self, keyState: saying([null]) };
  expect(await enterOwnLog(sovereign)).toBe(false);
});

test('where the store has not the tree with which its log ended, all of it is entered again', async () => {
  const { sovereign } = await found();
  const early = await issued(incident);
  await kept(sovereign, 1);
  const end = await ownCheckpoint(sovereign);
  sovereign.self = { ...sovereign.self, keyState: saying([{ size: end?.size ?? 1, root: ROOT(9) }]) };
  await kept(sovereign, 1);
  expect(await placeInOriginLog(sovereign, early)).toMatchObject({ generation: 2 });
});
