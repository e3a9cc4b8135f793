import type { WitnessAnswer } from '@comity/exchange';
import { Fault } from '@comity/fault';
import {
  cosign,
  formatAddCheckpoint,
  originLogName,
  signCheckpoint,
  splitNote,
  witnessName,
} from '@comity/log';
import { TABLES, WriteSet } from '@comity/store';
import { afterEach, expect, test } from 'vitest';
import { isAlarmed } from './log-alarms.ts';
import { ScratchNode, type ScratchPeer } from './scratch-node.test-support.ts';
import type { Sovereign } from './sovereign.ts';
import { Witness } from './witness.ts';

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
  kind: 'add' | 'compare',
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
  const { directory } = sovereign;
  const superseded = Object.create(directory, {
    resolve: {
      value: (...args: Parameters<typeof directory.resolve>) => {
        const key = directory.resolve(...args);
        if (args[1] === 'log') throw new Fault('identity.expired', 'replaced');
        return key;
      },
    },
  }) as typeof directory;
  const later = Object.create(sovereign, { directory: { value: superseded } }) as Sovereign;
  const body = first(await checkpoint(sovereign, peer, 64));
  expect(await asked(later, peer, 'add', body, lost + line)).toEqual([{ status: 410, text: '' }]);
  expect(await isAlarmed(sovereign, 'witness-lost', peer.state)).toBe(true);
});
