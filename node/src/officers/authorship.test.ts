import { signAct } from '@comity/approval';
import { signerFromSeed } from '@comity/ed25519';
import type { RecordId } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { issueDrafts } from '../issue.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { authorOf, claimOf, claimRecord } from './authorship.ts';
import { endOfficer } from './enrol-officer.ts';

// Who wrote a record is proven by what an officer signs.

const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted' },
  content: { title: { en: 'Outage' }, stage: 'final' },
};
const anna = signerFromSeed(new Uint8Array(32).fill(1));
const bruno = signerFromSeed(new Uint8Array(32).fill(2));
const NOW = Math.floor(Date.now() / 1_000);

let seconds: number;
let node: ScratchNode;
beforeEach(async () => {
  seconds = NOW;
  node = await ScratchNode.found([], () => seconds);
  await node.enrol('anna', anna.publicKey, ['officer']);
  await node.enrol('bruno', bruno.publicKey, ['officer']);
});
afterEach(() => node[Symbol.asyncDispose]());

async function issue(author?: string): Promise<RecordId> {
  const [issued] = await issueDrafts(
    node.sovereign,
    [DRAFT],
    { acceptRelay: true, author, user: 'somebody' },
    () => {},
  );
  return issued?.id as RecordId;
}

test('whoever is named is proven when he has signed it, and stays so when he is an officer no more', async () => {
  const id = await issue('anna');
  expect(await authorOf(node.sovereign, id)).toEqual({ author: 'anna' });
  await expect(node.claim(id, 'bruno', bruno)).rejects.toMatchObject({ code: 'record.claimed' });
  await node.claim(id, 'anna', anna);
  await node.claim(id, 'anna', anna);
  const proven = { author: 'anna', isAuthorProven: true };
  expect(await authorOf(node.sovereign, id)).toEqual(proven);
  seconds += 10;
  await endOfficer(node.sovereign, node.sovereign.self.state, 'anna', [], () => {});
  await node.reopen(() => seconds);
  expect(await authorOf(node.sovereign, id)).toEqual(proven);
});

test('where nobody is named who is an officer, the first who signs it is its author', async () => {
  const id = await issue();
  expect(await authorOf(node.sovereign, id)).toEqual({ author: 'somebody' });
  await node.claim(id, 'bruno', bruno);
  expect(await authorOf(node.sovereign, id)).toEqual({ author: 'bruno', isAuthorProven: true });
  await expect(node.claim(id, 'anna', anna)).rejects.toMatchObject({ code: 'record.claimed' });
});

test('what was signed with another key, about another record, or long ago proves nothing', async () => {
  const [id, other] = [await issue(), await issue()];
  await expect(node.claim(id, 'anna', bruno)).rejects.toMatchObject({ code: 'approval.wrong-officer' });
  const { state } = node.sovereign.self;
  const act = { state, officer: 'anna', ...claimOf(other), atSeconds: NOW };
  const claim = await signAct(act, anna);
  await expect(claimRecord(node.sovereign, id, claim)).rejects.toMatchObject({ code: 'act.wrong-subject' });
  seconds += 301;
  await expect(claimRecord(node.sovereign, other, claim)).rejects.toMatchObject({ code: 'act.not-now' });
  // Nor does it where it stands in the store.
  await node.sovereign.store.commit(new WriteSet().put(TABLES.authors, [id], ['anna', claim]));
  expect(await authorOf(node.sovereign, id)).toEqual({ author: 'anna', isAuthorProven: false });
});
