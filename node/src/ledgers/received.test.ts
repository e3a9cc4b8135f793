import type { PlainScheme } from '@comity/label';
import { issueOrder, type OrderDraft } from '@comity/ledger';
import { encodeLedgerEntry } from '@comity/log';
import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import { disclosureDigestHex, headerOf, type RecordId } from '@comity/record';
import { type NewRecord, type StoredRecord, WriteSet } from '@comity/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { issueDrafts } from '../issue.ts';
import { noteOrders, obey } from '../orders/order-intake.ts';
import { World, type WorldNode } from '../world.test-support.ts';
import { tallyOf } from './ledger-tally.ts';
import { commitReceived } from './received.ts';

// XAR issues, XBO is brought its records and its orders, in any order of events.

const scheme = xar.scheme as unknown as PlainScheme;

let world: World;
let [issuer, holder]: WorldNode[] = [];

beforeEach(async () => {
  const states = ['XAR', 'XBO', 'XCA'].map((code) => ({ code, scheme }));
  world = await World.found(states, () => ({ ceiling: 'restricted' }), { seed: 7, differ: false });
  [issuer, holder] = world.nodes;
});

afterEach(() => world[Symbol.asyncDispose]());

const at = (node: WorldNode | undefined): WorldNode => node ?? expect.fail('the world was not founded');

async function issued(...titles: string[]): Promise<StoredRecord[]> {
  const { sovereign } = at(issuer);
  const drafts = titles.map((title) => ({
    type: 'incident',
    label: { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBO'] },
    content: { title: { en: title }, stage: 'final', victim: { name: 'Registry' } },
  }));
  const records = await issueDrafts(sovereign, drafts, { acceptRelay: true }, () => {});
  const held = await sovereign.store.records('real').getMany(records.map(({ id }) => id as RecordId));
  return held.map((record) => record ?? expect.fail('issued, but not stored'));
}

const received = ({ bytes, disclosures }: StoredRecord, ledgerIndex = 0): NewRecord => ({
  header: headerOf(bytes),
  bytes,
  disclosures,
  source: { peer: at(issuer).state, receivedAtSeconds: world.atSeconds, ledgerIndex },
});

type Draft = { readonly kind: 'recall' } | { readonly kind: 'narrow'; readonly digests: readonly string[] };

async function bringOrder(record: RecordId, draft: Draft): Promise<string> {
  const { sovereign, state } = at(issuer);
  const about = { ...draft, record, issuer: state, reason: 'error' } as OrderDraft;
  const order = await issueOrder(about, sovereign.signers.record, world.atSeconds, sovereign.entropy);
  const set = new WriteSet();
  const { sovereign: here } = at(holder);
  const fresh = noteOrders(here, set, state, [{ verdict: 'order', order }], world.atSeconds);
  await here.store.commit(set);
  obey(here, state, fresh, world.atSeconds);
  await world.work(at(holder));
  return order.id;
}

/** What is held of a record, as digests; undefined where that is nothing. */
async function held({ id }: StoredRecord): Promise<string[] | undefined> {
  const record = await at(holder).sovereign.store.records('real').get(id);
  return record?.disclosures.map(disclosureDigestHex);
}

const stateOf = (id: string) => at(holder).sovereign.orders.get(id)?.row.state;

/** Stores records while others that store the last of them go first. */
async function storeBehindOthers(records: readonly StoredRecord[], meanwhile: () => Promise<string>) {
  const { sovereign } = at(holder);
  const last = records.at(-1) ?? expect.fail('nothing to store');
  const before = Array.from({ length: 20 }, (_, index) =>
    sovereign.store.commit(new WriteSet().putRecord(received(last, index + 1))),
  );
  const storing = commitReceived(
    sovereign,
    records.map((record) => received(record)),
    () => new WriteSet(),
  );
  const order = await meanwhile();
  await Promise.all(before);
  return { order, ...(await storing) };
}

test('a recall that comes while the record waits to be stored keeps it out', async () => {
  const [x, y] = (await issued('taken back', 'another')) as [StoredRecord, StoredRecord];
  const { order, refused } = await storeBehindOthers([x, y], () => bringOrder(x.id, { kind: 'recall' }));
  expect(stateOf(order)).toBe('applied');
  expect(await held(x)).toBeUndefined();
  expect(refused).toEqual(new Map([[0, 'node.recalled']]));
  expect(await held(y)).toHaveLength(y.disclosures.length);
});

test('parts that are taken back while the record waits to be stored are left out, and the rest is stored', async () => {
  const [x, y] = (await issued('narrowed', 'another')) as [StoredRecord, StoredRecord];
  const digests = x.disclosures.map(disclosureDigestHex).sort();
  const [taken] = digests as [string];
  const { order, refused } = await storeBehindOthers([x, y], () =>
    bringOrder(x.id, { kind: 'narrow', digests: [taken] }),
  );
  expect(stateOf(order)).toBe('applied');
  expect(refused.size).toBe(0);
  const left = await held(x);
  expect(left).toBeDefined();
  expect(left).not.toContain(taken);
  expect(left?.length).toBeGreaterThan(0);
});

test('whoever brings an order later is told what became of it, once', async () => {
  const [record] = (await issued('taken back')) as [StoredRecord];
  const other = at(world.nodes[2]);
  const reported = async () => (await tallyOf(at(holder).sovereign, other.state)).answered(order)?.outcome;
  const order = await bringOrder(record.id, { kind: 'recall' });
  expect(stateOf(order)).toBe('applied');
  expect(await reported()).toBeUndefined();
  const { order: known } = at(holder).sovereign.orders.get(order) ?? expect.fail('the order is not known');
  const entry = encodeLedgerEntry({ kind: 'order', order: known.bytes, atSeconds: world.atSeconds });
  const { sovereign } = at(holder);
  const ledger = `ledger/out/${other.state}` as const;
  for (const time of [1, 2]) {
    const set = new WriteSet().append(`ledger/in/${other.state}`, [{ leaf: entry }]);
    const brought = noteOrders(
      sovereign,
      set,
      other.state,
      [{ verdict: 'order', order: known }],
      world.atSeconds,
    );
    await sovereign.store.commit(set);
    obey(sovereign, other.state, brought, world.atSeconds);
    await world.work(at(holder));
    expect(await reported()).toBe('applied');
    expect((await sovereign.store.log(ledger)).size, `brought ${time} times`).toBe(1);
  }
});

test('what is held in spite of an order that was applied goes at the next start', async () => {
  const [whole, narrowed] = (await issued('whole', 'narrowed')) as [StoredRecord, StoredRecord];
  const [taken] = narrowed.disclosures.map(disclosureDigestHex).sort() as [string];
  await bringOrder(whole.id, { kind: 'recall' });
  await bringOrder(narrowed.id, { kind: 'narrow', digests: [taken] });
  // As a copy of the database from before brings it back: past everything that asks about orders.
  const { store } = at(holder).sovereign;
  await store.commit(new WriteSet().putRecord(received(whole)).putRecord(received(narrowed)));
  expect(await held(whole)).toBeDefined();
  expect(await held(narrowed)).toContain(taken);
  await world.work(at(holder));
  expect(await held(whole)).toBeUndefined();
  expect(await held(narrowed)).toBeDefined();
  expect(await held(narrowed)).not.toContain(taken);
});
