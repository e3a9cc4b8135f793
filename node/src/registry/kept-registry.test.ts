import { fromHex, toHex } from '@comity/digest';
import type { RecordId, View } from '@comity/record';
import { Registry, registryEntry } from '@comity/registry';
import { type NewRecord, WriteSet } from '@comity/store';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commitReceived } from '../ledgers/received.ts';
import { openStored } from '../records/stored-view.ts';
import { fsckHome } from '../recovery/fsck.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { entryOfView, entryRow, notedEntry, type OpenedEntry } from './noted-entry.ts';
import { registryDigest } from './registry-digest.ts';

const text = (en: string) => ({ en });
const label = { classification: 'unclassified', tlp: 'CLEAR', releasableTo: ['XAA'] };
const norm = {
  ...{ type: 'norm', subject: 'hospitals', label },
  content: {
    ...{ title: text('Hospitals are no target'), kind: 'voluntary' },
    provisions: [{ id: 'p-1', text: text('Provision') }],
  },
};
const endorsement = { type: 'commitment', label, content: { norm: 'norm/hospitals', act: 'endorse' } };

let node: ScratchNode;
beforeEach(async () => {
  node = await ScratchNode.found(['XBB']);
});
afterEach(() => node[Symbol.asyncDispose]());

const digest = async (): Promise<string> => toHex((await node.sovereign.registry.current()).digest);

/** What is held, by the definition: every record opened, and put into a registry of its own. */
async function byDefinition(): Promise<string> {
  const registry = new Registry();
  for await (const chunk of node.sovereign.store.records('real').byArrival())
    for (const record of chunk) registry.put(registryEntry(openStored(node.sovereign, record)));
  return toHex(registry.digest);
}

const noted = async (): Promise<boolean[]> => {
  const found: boolean[] = [];
  for await (const chunk of node.sovereign.store.records('real').notedByArrival('registered', notedEntry))
    found.push(...chunk.map(({ note }) => note !== undefined));
  return found;
};

async function erase(id: RecordId, { state }: ScratchPeer): Promise<void> {
  const why = { atSeconds: node.sovereign.now(), order: null, reason: 'court' };
  await node.sovereign.store.commit(new WriteSet().eraseRecord(id, state, why));
}

test('what is kept is what is held: own records, those of others, in parts and more than once, and none that went', async () => {
  const [peer] = node.peers as [ScratchPeer];
  await node.issue(norm, endorsement);
  expect(await noted()).toEqual([true, true]);
  expect(await digest()).toBe(await byDefinition());
  const view = await node.receive(peer, { ...norm, subject: 'schools' });
  expect(await noted()).toEqual([true, true, false]);
  expect(await digest()).toBe(await byDefinition());
  // Whoever asked has found out; the next one need not.
  expect(await noted()).toEqual([true, true, true]);

  const whole = await digest();
  const [taken] = [...view.disclosures.keys()].filter((each) =>
    view.parts.some((part) => part.digest === each),
  );
  await node.sovereign.store.commit(
    new WriteSet().narrowRecord(view.header.id, peer.state, [taken as string]),
  );
  expect(await noted()).toEqual([true, true, false]);
  expect(await digest()).not.toBe(whole);
  expect(await digest()).toBe(await byDefinition());

  await erase(view.header.id, peer);
  expect(await digest()).toBe(await byDefinition());
  const last = await digest();
  await node.reopen();
  expect(await digest()).toBe(last);
  const rebuilt = await registryDigest(node.sovereign, { rebuild: true, subject: 'norm norm/hospitals' });
  expect(rebuilt).toMatchObject({ records: 2, digest: last, kept: last });
  expect(rebuilt.subjectRecords).toHaveLength(2);
});

test('what was noted wrongly is found by fsck, and put right', async () => {
  const [id = ''] = await node.issue(norm);
  await node.issue(endorsement);
  const { store, registry } = node.sovereign;
  const [record] = await store.records().getMany([id as RecordId]);
  if (record === undefined) throw new Error('not held');
  const entry = entryOfView(openStored(node.sovereign, record));
  const wrong = entryRow({ ...entry, shown: fromHex('00'.repeat(32)) }, node.sovereign.now());
  await registry.current();
  await store.commit(new WriteSet().note('registered', record, wrong));
  await node.reopen();
  expect(await digest()).not.toBe(await byDefinition());
  await node.sovereign.close();
  const checked = await fsckHome(node.home, true, () => {});
  expect(checked.findings.map(({ code }) => code)).toEqual(['store.index-missing']);
  expect((await fsckHome(node.home, false, () => {})).findings).toEqual([]);
  await node.reopen();
  expect(await digest()).toBe(await byDefinition());
});

/** A record as it comes: whole, or with the first of its parts alone. */
function arriving(
  view: View,
  peer: ScratchPeer,
  isWhole: boolean,
): NewRecord & { readonly entry?: OpenedEntry } {
  const disclosures = [...view.disclosures.values()];
  const source = { peer: peer.state, receivedAtSeconds: node.sovereign.now(), ledgerIndex: null };
  const { header, bytes } = view;
  if (!isWhole) return { header, bytes, disclosures: disclosures.slice(0, 1), source };
  return { header, bytes, disclosures, source, entry: entryOfView(view) };
}

test('in whatever order records come, in parts, again, and after they were recalled, what is kept is what is held', async () => {
  const [peer] = node.peers as [ScratchPeer];
  const happening = fc.record({
    of: fc.nat({ max: 2 }),
    what: fc.constantFrom('whole', 'whole', 'part', 'recalled'),
    isAsked: fc.boolean(),
  });
  const digests = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 12 }), async (happenings) => {
      const views = await Promise.all(
        ['endorse', 'national-position', 'endorse'].map((act) =>
          node.sign(peer, { ...endorsement, content: { norm: 'norm/hospitals', act } }),
        ),
      );
      for (const { of, what, isAsked } of happenings) {
        const view = views[of] as View;
        if (what === 'recalled') await erase(view.header.id, peer);
        else
          await commitReceived(
            node.sovereign,
            [arriving(view, peer, what === 'whole')],
            () => new WriteSet(),
          );
        if (isAsked) await digest();
      }
      const kept = await digest();
      expect(kept).toBe(await byDefinition());
      digests.add(kept);
    }),
    { numRuns: 20 },
  );
  expect(digests.size).toBeGreaterThan(5);
  const before = await digest();
  expect(await registryDigest(node.sovereign, { rebuild: true })).toMatchObject({
    kept: before,
    digest: before,
  });
});
