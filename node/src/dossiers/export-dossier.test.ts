import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyThumbprint } from '@comity/cose';
import { sha256, toHex } from '@comity/digest';
import { type Dossier, decodeDossier, encodeDossier, verifyDossier } from '@comity/dossier';
import { signerFromSeed } from '@comity/ed25519';
import { isFault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assertVerifies } from '../cli/dossier-export.ts';
import type { Proposal } from '../keys/proposal.ts';
import { proposeRenewal, proposeRotation } from '../keys/propose.ts';
import { readSeed } from '../keys/seed-file.ts';
import { combineProposal, signProposal } from '../keys/sign-proposal.ts';
import { proveRecord } from '../logs/log-proof.ts';
import { applyCard } from '../peers/own-card.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { encodeFitting } from './dossier-limits.ts';
import { exportDossier } from './export-dossier.ts';

const POLICY = {
  comity: 'policy/1',
  rules: [{ name: 'courts', to: ['XBB'], mode: ['query'], purpose: ['legal-compliance'] }],
};
const draftOf = (title: string, more: object = {}): object => ({
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB'], ...more },
  content: { title: { en: title }, stage: 'final' },
});
const REQUEST = { to: 'XBB', purpose: 'legal-compliance', notified: [], dryRun: false };

let node: ScratchNode;

beforeAll(async () => {
  node = await ScratchNode.found(['XBB']);
  await node.apply(POLICY);
});

afterAll(async () => {
  await node[Symbol.asyncDispose]();
});

const codeOf = (act: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(act)
    .then(
      () => 'nothing',
      (error: unknown) => (isFault(error) ? error.code : String(error)),
    );

test('a record that waits for a checkpoint has no proof, and a dossier says so', async () => {
  const [id = ''] = await node.issue(draftOf('waits'));
  expect(await codeOf(() => proveRecord(node.sovereign, id))).toBe('log.not-logged-yet');
  const { records, content } = await exportDossier(node.sovereign, { ...REQUEST, ids: [id] }, () => {});
  expect(records).toMatchObject([{ record: id, proof: 'not-logged-yet' }]);
  const [record] = decodeDossier(new Uint8Array(Buffer.from(content ?? '', 'base64'))).records;
  expect(record?.proof).toBeUndefined();
});

test('one record that is not released refuses the whole file, and nothing is written down', async () => {
  const [open = '', closed = ''] = await node.issue(
    draftOf('open'),
    draftOf('closed', { releasableTo: ['XAA'] }),
  );
  const [peer] = node.peers as [ScratchPeer];
  const ledger = await node.sovereign.store.log(`ledger/out/${peer.state}`);
  const before = ledger.size;
  const ids = [open, closed];
  expect(await codeOf(() => exportDossier(node.sovereign, { ...REQUEST, ids }, () => {}))).toBe(
    'dossier.not-released',
  );
  expect(ledger.size).toBe(before);
});

test('what takes the place of a record goes along where it may, and is said to be left out where it may not', async () => {
  const [first = ''] = await node.issue(draftOf('first'));
  const [second = ''] = await node.issue({ ...draftOf('second'), supersedes: [first] });
  const [third = ''] = await node.issue({
    ...draftOf('third', { releasableTo: ['XAA'] }),
    supersedes: [second],
  });
  const { records, leftOut, content } = await exportDossier(
    node.sovereign,
    { ...REQUEST, ids: [first] },
    () => {},
  );
  expect(records.map(({ record, why }) => [record, why])).toEqual([
    [first, 'asked'],
    [second, 'successor'],
  ]);
  expect(leftOut).toEqual([
    { record: second, what: 'successor', state: null, reason: 'M2 originator-control' },
  ]);
  const file = new Uint8Array(Buffer.from(content ?? '', 'base64'));
  expect(Buffer.from(file).includes(Buffer.from(third, 'hex'))).toBe(false);
  const anchors = [node.sovereign.self.charter.bytes];
  const report = verifyDossier(file, { anchors, atSeconds: node.sovereign.now() });
  expect(report.records.find(({ id }) => id === first)?.supersededBy).toEqual([second]);
});

test('what a person has agreed to is exported, and nothing else', async () => {
  const [id = '', other = ''] = await node.issue(draftOf('agreed to'), draftOf('not agreed to'));
  const shown = await exportDossier(node.sovereign, { ...REQUEST, ids: [id], dryRun: true }, () => {});
  const confirmed = shown.sha256;
  const ids = [id, other];
  expect(await codeOf(() => exportDossier(node.sovereign, { ...REQUEST, ids, confirmed }, () => {}))).toBe(
    'dossier.changed-meanwhile',
  );
  const [peer] = node.peers as [ScratchPeer];
  const { digests } = await node.sovereign.store.released(peer.state, id as RecordId);
  expect(digests.size).toBe(0);
  const { content } = await exportDossier(node.sovereign, { ...REQUEST, ids: [id], confirmed }, () => {});
  expect(toHex(sha256(new Uint8Array(Buffer.from(content ?? '', 'base64'))))).toBe(confirmed);
});

test('what was made is not written where it does not verify', async () => {
  const [id = ''] = await node.issue(draftOf('changed on the way'));
  const { content, sha256: digest } = await exportDossier(
    node.sovereign,
    { ...REQUEST, ids: [id] },
    () => {},
  );
  const bytes = new Uint8Array(Buffer.from(content ?? '', 'base64'));
  assertVerifies(bytes, digest);
  const [record] = decodeDossier(bytes).records;
  const forged = record?.record.slice() ?? new Uint8Array();
  forged[forged.length - 1] = (forged.at(-1) as number) ^ 1;
  const other = encodeDossier({ ...decodeDossier(bytes), records: [{ record: forged, disclosures: [] }] });
  expect(await codeOf(() => assertVerifies(other, toHex(sha256(other))))).toBe('dossier.does-not-verify');
  expect(await codeOf(() => assertVerifies(bytes.subarray(1), digest))).toBe('dossier.does-not-verify');
});

test('what does not fit is refused, and says what there is too much of', async () => {
  const dossier: Dossier = {
    federation: 'scratch',
    charters: [],
    certificates: [],
    records: [{ record: new Uint8Array(1), disclosures: [] }],
    notifications: [],
    keyStates: [],
  };
  const lines = '\u2014 a line\n'.repeat(256);
  const records = Array.from({ length: 300 }, (_, index) => ({
    record: new Uint8Array(65_536).fill(index % 256).fill(index >> 8, 0, 1),
    disclosures: [],
  }));
  const told = { sender: node.sovereign.self.state, recipient: node.peers[0]?.state ?? '' } as const;
  const notifications = Array.from({ length: 4_097 }, (_, index) => ({
    ...told,
    entry: Uint8Array.of(index >> 8, index % 256),
    proof: 'none',
    receipt: 'none',
  }));
  const tooMuch = [
    { ...dossier, records },
    { ...dossier, records: records.slice(0, 17).map((each) => ({ ...each, proof: lines })) },
    { ...dossier, notifications },
  ] as const;
  for (const each of tooMuch)
    expect(await codeOf(() => encodeFitting(each as Dossier))).toBe('dossier.too-large');
  expect(encodeFitting({ ...dossier, records: records.slice(0, 16) }).length).toBeGreaterThan(2 ** 20);
});

test('after the root keys were replaced, a dossier has all charters and the newest key state, and verifies by the id alone', async () => {
  const { sovereign, home } = node;
  const [before = ''] = await node.issue(draftOf('under the first charter'));
  const rootOf = (name: string) => signerFromSeed(readSeed(join(home.keys, name), 'root'));
  const apply = async (
    holders: readonly string[],
    propose: (card: Uint8Array) => Proposal,
  ): Promise<void> => {
    const proposal = propose(new Uint8Array(await readFile(home.card)));
    const signed = await Promise.all(holders.map((name) => signProposal(proposal, rootOf(name))));
    await applyCard(sovereign, combineProposal(proposal, signed), false, () => {});
  };
  const term = { atSeconds: sovereign.now(), validDays: 30 };
  const commitment = keyThumbprint(signerFromSeed(new Uint8Array(32).fill(7)).publicKey);
  const rotation = { rootKeys: [rootOf('next-root-1.key').publicKey], nextKeyDigests: [commitment] };
  await apply(['root-1.key', 'next-root-1.key'], (card) => proposeRotation(card, rotation, term));
  await apply(['next-root-1.key'], (card) => proposeRenewal(card, term));
  const [after = ''] = await node.issue(draftOf('under the second'));
  const exported = await exportDossier(sovereign, { ...REQUEST, ids: [before, after] }, () => {});
  const bytes = new Uint8Array(Buffer.from(exported.content ?? '', 'base64'));
  const { charters, keyStates } = decodeDossier(bytes);
  expect([charters.length, keyStates.length]).toEqual([2, 1]);
  const report = verifyDossier(bytes, { anchors: [sovereign.self.state], atSeconds: sovereign.now() });
  expect(report.verdict).toBe('VALID');
  expect(report.records.map(({ keyState }) => keyState?.version)).toEqual([2, 2]);
  for (const { steps } of report.records)
    for (const name of ['standing', 'currency', 'delegation'])
      expect(steps.find(({ step }) => step === name)).toEqual({ step: name, status: 'done' });
});
