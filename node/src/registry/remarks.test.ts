import { headerOf, type RecordId } from '@comity/record';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { previewDraft } from '../release/preview.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';

// What Arcadia (XAA) says about a record of Borealis (XBB), and whether Caldera (XCC) is told of it (disclosure 8.11).

let node: ScratchNode;
beforeEach(async () => {
  node = await ScratchNode.found(['XBB', 'XCC']);
});
afterEach(() => node[Symbol.asyncDispose]());

const borealis = () => node.peers[0] as ScratchPeer;
const caldera = () => node.peers[1] as ScratchPeer;

const rule = (mode: string) => ({
  ...{ name: `all-${mode}`, to: ['XBB', 'XCC'], mode: [mode] },
  purpose: ['incident-response'],
});
const policyOf = (...modes: string[]) => ({ comity: 'policy/1', rules: modes.map(rule) });

const incident = (releasableTo: readonly string[]) =>
  node.receive(borealis(), {
    type: 'incident',
    label: { classification: 'unclassified', tlp: 'GREEN', releasableTo },
    content: { title: { en: 'Outage' }, stage: 'final' },
  });

const label = { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBB', 'XCC'] };
const sightingOf = (subject: string) => ({ type: 'sighting', subject, label, content: { kind: 'expired' } });

/** Types of the records that were released to a peer, in the order of the ledger. */
async function releasedTo({ state }: ScratchPeer): Promise<string[]> {
  const { store } = node.sovereign;
  const log = await store.log(`ledger/out/${state}`);
  const records = [];
  for (const id of await recordIds(state, log.head().size)) {
    const stored = await store.records('real').get(id);
    records.push(stored === undefined ? 'none' : headerOf(stored.bytes).type);
  }
  return records;
}

async function recordIds(state: ScratchPeer['state'], size: number): Promise<RecordId[]> {
  const { records } = await node.sovereign.store.records('real').list();
  const found: [number, RecordId][] = [];
  for (const { id } of records) {
    const { ledgerIndexes } = await node.sovereign.store.released(state, id);
    for (const index of ledgerIndexes) found.push([index, id]);
  }
  expect(found).toHaveLength(size);
  return found.sort(([one], [other]) => one - other).map(([, id]) => id);
}

test('a sighting tells of a record only its issuer and those who were handed some of it', async () => {
  await node.apply(policyOf('push'));
  const { header } = await incident(['XAA']);
  await node.issue(sightingOf(header.id));
  expect(await releasedTo(borealis())).toEqual(['sighting']);
  expect(await releasedTo(caldera())).toEqual([]);
  const { peers } = await previewDraft(node.sovereign, sightingOf(header.id));
  expect(peers).toMatchObject([
    { peer: 'XBB', outcome: 'release' },
    { peer: 'XCC', outcome: 'withhold' },
  ]);
});

test('it goes along when the record is handed on, after it, also when the node was opened anew', async () => {
  await node.apply(policyOf('push'));
  const { header } = await incident(['XAA', 'XCC']);
  const [sighting] = await node.issue(sightingOf(header.id));
  await node.issue({ ...sightingOf(sighting as string), type: 'annotation', content: { kind: 'accept' } });
  expect(await releasedTo(caldera())).toEqual([]);
  await node.reopen();
  await node.apply(policyOf('push', 'relay'));
  expect(await releasedTo(caldera())).toEqual(['incident', 'sighting', 'annotation']);
});

test.each([
  ['a record that is not held', {}, 'ab'.repeat(32)],
  ['a record that is held and no exercise', { exercise: 'storm-1' }, undefined],
])('in no draft is anything said about %s', async (_, more, subject) => {
  await node.apply(policyOf('push'));
  const { header } = await incident(['XAA']);
  const draft = { ...sightingOf(subject ?? header.id), ...more };
  const refused = { faults: [expect.objectContaining({ code: 'record.not-found', path: ['subject'] })] };
  await expect(node.issue(draft)).rejects.toMatchObject(refused);
  await expect(previewDraft(node.sovereign, draft)).rejects.toMatchObject(refused);
});
