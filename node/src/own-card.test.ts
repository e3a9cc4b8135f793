import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signerFromSeed } from '@comity/ed25519';
import { decodeStateCard } from '@comity/identity';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { proposeRenewal } from './keys/propose.ts';
import { readSeed } from './keys/seed-file.ts';
import { combineProposal, signProposal } from './keys/sign-proposal.ts';
import { applyCard } from './own-card.ts';
import { ScratchNode } from './scratch-node.test-support.ts';

let node: ScratchNode;
beforeEach(async () => {
  node = await ScratchNode.found([]);
});
afterEach(() => node[Symbol.asyncDispose]());

/** The card of a state with a key state that goes on from it. */
async function renewed(of: ScratchNode, card: Uint8Array, atSeconds: number): Promise<Uint8Array> {
  const proposal = proposeRenewal(card, { atSeconds, validDays: 30 });
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
