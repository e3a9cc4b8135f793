import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signerFromSeed } from '@comity/ed25519';
import { decodeStateCard } from '@comity/identity';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { directoryOf, keysOf } from '../jobs/judge-keys.ts';
import { waitingKey } from '../keys/key-request.ts';
import type { Proposal } from '../keys/proposal.ts';
import { proposeCertificates, proposeRenewal } from '../keys/propose.ts';
import { readSeed } from '../keys/seed-file.ts';
import { combineProposal, signProposal } from '../keys/sign-proposal.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { applyCard } from './own-card.ts';

let node: ScratchNode;
beforeEach(async () => {
  node = await ScratchNode.found([]);
});
afterEach(() => node[Symbol.asyncDispose]());

/** The card of a state with a key state that goes on from it. */
async function renewed(of: ScratchNode, card: Uint8Array, atSeconds: number): Promise<Uint8Array> {
  return signedWith(of, proposeRenewal(card, { atSeconds, validDays: 30 }));
}

async function signedWith(of: ScratchNode, proposal: Proposal): Promise<Uint8Array> {
  const root = signerFromSeed(readSeed(join(of.home.keys, 'root-1.key'), 'root'));
  return combineProposal(proposal, [await signProposal(proposal, root)]);
}
const apply = (card: Uint8Array, isDryRun = false) => applyCard(node.sovereign, card, isDryRun, () => {});
const written = async (): Promise<Uint8Array> => new Uint8Array(await readFile(node.home.card));

test('a card is put in force, on disk and in memory; a dry run changes neither', async () => {
  const before = await written();
  const now = node.sovereign.now();
  const card = await renewed(node, before, now);
  expect(await apply(card, true)).toMatchObject({ isApplied: false, keyStateVersion: 1 });
  expect(await written()).toEqual(before);
  expect(node.sovereign.self.keyState).toBeUndefined();

  expect(await apply(card)).toMatchObject({ isApplied: true, keyStateVersion: 1, newKeys: [] });
  expect(await written()).toEqual(card);
  expect(node.sovereign.self.keyState?.version).toBe(1);
  // Again, it is the same.
  expect(await apply(card)).toMatchObject({ isApplied: true, revoked: [], superseded: [] });
  await node.reopen();
  expect(node.sovereign.directory.keyStateOf(node.sovereign.self.state)?.version).toBe(1);
});

test('a process that ended between the card and the rest leaves a node that starts under it', async () => {
  const { keys, card: path } = node.home;
  const waiting = waitingKey(keys, 'record');
  const atSeconds = node.sovereign.now();
  const certificate = {
    issuer: node.sovereign.self.state,
    subject: 'node',
    usage: 'record' as const,
    publicKey: waiting.publicKey,
    notBeforeSeconds: atSeconds - 300,
    notAfterSeconds: atSeconds + 86_400,
    issuedAtSeconds: atSeconds,
    certificateId: new Uint8Array(16).fill(1),
    scope: {},
  };
  const proposal = proposeCertificates(
    await written(),
    [certificate],
    { atSeconds, validDays: 30 },
    atSeconds,
  );
  await writeFile(path, await signedWith(node, proposal));
  await node.reopen();
  expect(node.sovereign.signers.record.publicKey).toEqual(waiting.publicKey);
  expect(await readdir(keys)).not.toContain('record.next.key');
  // The next request is for another key.
  expect(waitingKey(keys, 'record').publicKey).not.toEqual(waiting.publicKey);
  await node.issue({
    type: 'incident',
    label: { classification: 'unclassified' },
    content: { title: { en: 'Under the new key' }, stage: 'final' },
  });
});

test('threads that verify go by the key state too', async () => {
  const card = await renewed(node, await written(), node.sovereign.now());
  await apply(card);
  const { self } = node.sovereign;
  const known = directoryOf(keysOf(node.sovereign));
  expect(known.keyStateOf(self.state)?.digest).toEqual(self.keyState?.digest);
});

test('an older card, one that contradicts and one of another state are refused', async () => {
  const first = await written();
  const now = node.sovereign.now();
  const second = await renewed(node, first, now);
  const third = await renewed(node, second, now + 1);
  await apply(third);
  for (const card of [first, second])
    await expect(apply(card)).rejects.toMatchObject({ code: 'node.card-older' });
  const rival = await renewed(node, second, now + 2);
  await expect(apply(rival)).rejects.toMatchObject({ code: 'identity.key-states-contradict' });
  await using other = await ScratchNode.found([]);
  const foreign = new Uint8Array(await readFile(other.home.card));
  await expect(apply(foreign)).rejects.toMatchObject({ code: 'node.foreign-card' });
  expect(await written()).toEqual(third);
  expect(decodeStateCard(third).keyState?.version).toBe(2);
});
