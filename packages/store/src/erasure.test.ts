import { toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { disclosureDigestHex, type RecordId } from '@comity/record';
import { describe, expect, test } from 'vitest';
import { MemoryEngine, MemoryMedium } from './engine/memory-engine.ts';
import { type MemoryJournalFile, type NewRecord, Store, TABLES, WriteSet } from './index.ts';
import { RECORD, RECORD_BY_SUBJECT, RECORD_ID } from './layout/keyspace.ts';
import {
  ARCADIA,
  BOREALIS,
  CALDERA,
  codeOf,
  named,
  sampleDisclosure,
  sampleLeaf,
  sampleRecord,
} from './sample.test-support.ts';

const WHY = { atSeconds: 1_800_000_500, order: toHex(named('order')), reason: 'court' };

function opened(medium: MemoryMedium): Promise<Store> {
  return Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
}

const put = (...records: readonly NewRecord[]) =>
  records.reduce((set, record) => set.putRecord(record), new WriteSet());
const erase = (...records: readonly NewRecord[]) =>
  records.reduce((set, { header }) => set.eraseRecord(header.id, header.issuer, WHY), new WriteSet());

async function arrivedIn(store: Store): Promise<RecordId[]> {
  const arrived: RecordId[] = [];
  for await (const chunk of store.records().byArrival()) arrived.push(...chunk.map(({ id }) => id));
  return arrived;
}

async function expectSound(store: Store): Promise<void> {
  expect((await store.fsck()).findings).toEqual([]);
  expect(await store.rebuildDerived()).toMatchObject({ written: 0, removed: 0, unreadable: 0 });
}

test('ids are found by their first digits, so many of them as are wanted', async () => {
  const store = await opened(new MemoryMedium());
  const all = Array.from({ length: 300 }, (_, index) => sampleRecord(index));
  await store.commit(put(...all));
  const ids = all.map(({ header }) => header.id).sort();
  const records = store.records();
  for (const length of [0, 1, 2, 3, 63, 64]) {
    for (const digits of new Set(ids.map((id) => id.slice(0, length))))
      expect(await records.idsBeginning(digits, 300)).toEqual(ids.filter((id) => id.startsWith(digits)));
  }
  expect(await records.idsBeginning('', 2)).toEqual(ids.slice(0, 2));
  expect(await store.records('exercise').idsBeginning('', 2)).toEqual([]);
});

describe('a record that is erased', () => {
  const first = sampleRecord(1, { subjectId: 'thing' });
  const second = sampleRecord(2, { subjectId: 'thing', supersedes: [first.header.id] });
  const retraction = sampleRecord(3, { type: 'retraction', retracts: first.header.id });

  test('is found nowhere any more, and leaves a tombstone', async () => {
    const store = await opened(new MemoryMedium());
    await store.commit(
      put(first, second, retraction).append(`ledger/out/${CALDERA}`, [{ leaf: sampleLeaf(second) }]),
    );
    const outcome = await store.commit(erase(second, retraction));
    expect(outcome.erased).toEqual([second.header.id, retraction.header.id]);
    const records = store.records();
    for (const { header } of [second, retraction]) {
      expect(await records.get(header.id)).toBeUndefined();
      expect(await records.tombstone(header.id)).toMatchObject(WHY);
      expect(await store.realmOf(header.id)).toBeUndefined();
    }
    expect((await records.list()).records.map(({ id }) => id)).toEqual([first.header.id]);
    expect((await records.list({ type: 'retraction' })).records).toEqual([]);
    expect((await records.bySubject('incident/thing')).map(({ id }) => id)).toEqual([first.header.id]);
    expect(await records.successorsOf(first.header.id)).toEqual([]);
    expect(await records.retractionsOf(first.header.id)).toEqual([]);
    expect(await records.getMany([second.header.id, first.header.id])).toMatchObject([
      undefined,
      { id: first.header.id },
    ]);
    expect(await records.arrivalsOf([second.header.id, first.header.id])).toEqual([undefined, 0]);
    expect(await records.tombstone(first.header.id)).toBeUndefined();
    expect(await records.idsBeginning('', 9)).toEqual([first.header.id]);
    expect(await records.idsBeginning(second.header.id.slice(0, 8), 9)).toEqual([]);
    expect(await arrivedIn(store)).toEqual([first.header.id]);
    // What was handed over stays on the ledger.
    expect((await store.released(CALDERA, second.header.id)).ledgerIndexes).toEqual([0]);
    expect(await store.list(TABLES.erasures, [])).toEqual([]);
    await expectSound(store);
  });

  test('does not come back, also when the store was opened again, and says which put it was', async () => {
    const medium = new MemoryMedium();
    const store = await opened(medium);
    await store.commit(put(first, second));
    await store.commit(erase(first));
    for (const each of [store, await opened(medium)]) {
      const set = put(sampleRecord(8), first, sampleRecord(9), { ...first, disclosures: [named('new')] });
      const refused = await each.commit(set).catch((error: unknown) => error);
      expect(isFault(refused, 'store.record-erased') && refused.fields).toEqual({ puts: [1, 3] });
      expect(await each.records().get(sampleRecord(8).header.id)).toBeUndefined();
      expect(await each.records().get(first.header.id)).toBeUndefined();
    }
    // Of another realm it is another row, but the bytes decide the realm, so there is no such record.
    expect(await store.records('exercise').tombstone(first.header.id)).toBeUndefined();
    // Nor by the set that erases it.
    expect(await codeOf(store.commit(erase(second).putRecord(second)))).toBe('store.record-erased');
    expect(await store.records().get(second.header.id)).toBeDefined();
  });

  test('is erased once: what is not held or not any more is passed over', async () => {
    const store = await opened(new MemoryMedium());
    await store.commit(put(first));
    const later = { ...WHY, atSeconds: WHY.atSeconds + 9, reason: 'other' };
    expect((await store.commit(erase(first, second))).erased).toEqual([first.header.id]);
    const again = await store.commit(new WriteSet().eraseRecord(first.header.id, BOREALIS, later));
    expect(again.erased).toEqual([]);
    expect(await store.records().tombstone(first.header.id)).toMatchObject(WHY);
    // Whoever could bar what is not here yet could keep out the records of others.
    expect(await store.records().tombstone(second.header.id)).toBeUndefined();
    expect((await store.commit(put(second))).records[0]).toMatchObject({ isNew: true });
  });

  test('stays where the state that asks is not its issuer, and so do its parts', async () => {
    const store = await opened(new MemoryMedium());
    const foreign = () =>
      new WriteSet()
        .eraseRecord(first.header.id, CALDERA, WHY)
        .narrowRecord(first.header.id, CALDERA, first.disclosures.map(disclosureDigestHex));
    // Held, in the set itself, and not yet: whatever was looked at before the commit.
    const nothing = { erased: [], narrowed: [] };
    expect(await store.commit(foreign())).toMatchObject(nothing);
    expect(await store.commit(foreign().putRecord(first))).toMatchObject(nothing);
    const held = await store.records().get(first.header.id);
    expect(held).toMatchObject({ bytes: first.bytes, disclosures: first.disclosures });
    expect(await store.commit(foreign())).toMatchObject(nothing);
    const [, outcome] = await Promise.all([store.commit(put(second)), store.commit(foreign())]);
    expect(outcome).toMatchObject(nothing);
    expect(await store.records().get(first.header.id)).toEqual(held);
    expect(await store.tombstone(first.header.id)).toBeUndefined();
    // The word of the issuer counts whoever else asks in the same set.
    const both = foreign()
      .eraseRecord(first.header.id, BOREALIS, WHY)
      .eraseRecord(first.header.id, CALDERA, WHY);
    expect((await store.commit(both)).erased).toEqual([first.header.id]);
    await expectSound(store);
  });

  test('of an exercise has its tombstone there', async () => {
    const store = await opened(new MemoryMedium());
    const exercise = sampleRecord(4, { exercise: 'northern-light' });
    await store.commit(put(first, exercise));
    expect((await store.commit(erase(exercise))).erased).toEqual([exercise.header.id]);
    expect(await store.records('exercise').tombstone(exercise.header.id)).toMatchObject(WHY);
    expect(await store.records().tombstone(exercise.header.id)).toBeUndefined();
    expect(await store.tombstone(exercise.header.id)).toMatchObject(WHY);
    expect(await store.tombstone(first.header.id)).toBeUndefined();
    expect(await codeOf(store.commit(put(exercise)))).toBe('store.record-erased');
    await expectSound(store);
  });

  test('gives its arrival number to nobody, though nothing says any more that it was used', async () => {
    const medium = new MemoryMedium();
    const store = await opened(medium);
    await store.commit(put(first, second, retraction));
    await store.commit(erase(second, retraction));
    const reopened = await opened(medium);
    const { records } = await reopened.commit(put(sampleRecord(10)));
    expect(records[0]).toMatchObject({ arrival: 3 });
    await reopened.commit(erase(sampleRecord(10)));
    expect((await (await opened(medium)).commit(put(sampleRecord(11)))).records[0]).toMatchObject({
      arrival: 4,
    });
  });

  test('gives its derived rows back to no rebuild', async () => {
    const medium = new MemoryMedium();
    const store = await opened(medium);
    await store.commit(put(first, second, retraction));
    await store.commit(erase(second));
    const before = medium.rows;
    const index = medium.rows.filter(
      ({ key }) => key[0] === 0x72 && (key[1] as number) >= 0x11 && key[1] !== 0x19,
    );
    await new MemoryEngine(medium).commit(index.map(({ key }) => ({ type: 'del', key })));
    expect(await store.rebuildDerived()).toMatchObject({ written: index.length, removed: 0 });
    expect(medium.rows).toEqual(before);
    expect(await codeOf(store.commit(put(second)))).toBe('store.record-erased');
    // A mark without a tombstone follows from nothing, and a tombstone without its mark is noticed.
    const tombstone = TABLES.tombstones.keyspace.key('real', second.header.id);
    await new MemoryEngine(medium).commit([{ type: 'del', key: tombstone }]);
    expect((await store.fsck()).findings.map(({ code }) => code)).toEqual(['store.index-stray']);
  });

  test('is erased while a rebuild is under way, and the rebuild does not put back what leads to it', async () => {
    const medium = new MemoryMedium();
    const store = await opened(medium);
    const records = Array.from({ length: 1_500 }, (_, number) => sampleRecord(number));
    await store.commit(put(...records));
    const last = records.at(-1) as NewRecord;
    const { id, subject, issuedAtSeconds } = last.header;
    const keys = [RECORD_ID.key('real', id), RECORD_BY_SUBJECT.key('real', subject, issuedAtSeconds, id)];
    await new MemoryEngine(medium).commit(keys.map((key) => ({ type: 'del', key })));
    // The rebuild has seen that they are missing when the record goes.
    const [rebuilt, { erased }] = await Promise.all([store.rebuildDerived(), store.commit(erase(last))]);
    expect(rebuilt).toMatchObject({ written: 2 });
    expect(erased).toEqual([id]);
    expect(await store.records().bySubject(subject)).toEqual([]);
    await expectSound(store);
  });

  test('is erased while others are put, read and listed, and none of them notices', async () => {
    const medium = new MemoryMedium();
    const store = await opened(medium);
    const records = Array.from({ length: 60 }, (_, number) => sampleRecord(number));
    await store.commit(put(...records));
    const ids = records.map(({ header }) => header.id);
    const read = async () => {
      for (let turn = 0; turn < 20; turn += 1) {
        const [found, listed, arrived] = await Promise.all([
          store.records().getMany(ids),
          store.records().list(),
          arrivedIn(store),
        ]);
        expect(found.filter((record) => record !== undefined).length).toBeGreaterThanOrEqual(30);
        expect(listed.records.length).toBeLessThanOrEqual(100);
        expect(arrived.length).toBeGreaterThanOrEqual(30);
      }
    };
    const erasing = records.slice(0, 30).map((record) => store.commit(erase(record)));
    const putting = Array.from({ length: 20 }, (_, number) => store.commit(put(sampleRecord(100 + number))));
    await Promise.all([
      read(),
      read(),
      store.fsck().then(({ findings }) => expect(findings).toEqual([])),
      store.rebuildDerived(),
      ...erasing,
      ...putting,
    ]);
    expect((await store.records().getMany(ids)).filter((record) => record !== undefined).length).toBe(30);
    expect((await store.records().list()).records.length).toBe(50);
    await expectSound(store);
    await expectSound(await opened(medium));
  });

  test('that an index still leads to, though its content is gone without a tombstone, is damage', async () => {
    const medium = new MemoryMedium();
    const store = await opened(medium);
    await store.commit(put(first, second));
    const row = medium.rows.find(({ key }) => Buffer.from(key).equals(RECORD.key('real', 1)));
    await store.commit(erase(second));
    // Put back as a defect would: the key is gone for good.
    await new MemoryEngine(medium).commit([
      { type: 'put', key: row?.key as Uint8Array, value: row?.value as Uint8Array },
    ]);
    expect((await store.fsck()).findings.map(({ code }) => code)).toEqual(['store.keys-damaged']);
  });
});

describe('a record that is narrowed', () => {
  const inner = sampleDisclosure('inner');
  const outer = sampleDisclosure('outer', inner);
  const beside = sampleDisclosure('beside');
  const later = sampleDisclosure('later');
  const facts = { withheld: [outer, beside, later] };
  const record = sampleRecord(1, { ...facts, disclosures: [outer, inner, beside] });
  const { id } = record.header;
  const narrow = (...parts: readonly Uint8Array[]) =>
    new WriteSet().narrowRecord(id, BOREALIS, parts.map(disclosureDigestHex));

  async function held() {
    const medium = new MemoryMedium();
    const store = await opened(medium);
    await store.commit(put(record));
    return { medium, store };
  }

  test('loses the parts that are named and what stands inside them, and keeps the rest', async () => {
    const { medium, store } = await held();
    const outcome = await store.commit(narrow(outer));
    expect(outcome).toMatchObject({ narrowed: [id], erased: [] });
    for (const each of [store, await opened(medium)]) {
      expect(await each.records().get(id)).toEqual({
        id,
        realm: 'real',
        arrival: 0,
        bytes: record.bytes,
        disclosures: [beside],
        sources: [record.source],
        withdrawn: [disclosureDigestHex(outer)],
      });
      expect(await each.records().tombstone(id)).toBeUndefined();
      await expectSound(each);
    }
    expect(await store.list(TABLES.erasures, [])).toEqual([]);
  });

  test('does not get them back from any arrival, and gets what else comes', async () => {
    const { store } = await held();
    await store.commit(narrow(outer));
    const asked: number[] = [];
    const all = sampleRecord(1, { ...facts, disclosures: [inner, later, outer, beside], peer: CALDERA });
    const guarded = put(all).guardMerges(({ disclosures }) => {
      asked.push(disclosures.length);
      return undefined;
    });
    expect((await store.commit(guarded)).records[0]).toMatchObject({ isNew: false, isChanged: true });
    expect(asked).toEqual([2]);
    const stored = await store.records().get(id);
    expect(stored?.disclosures).toEqual([beside, later]);
    expect(stored?.sources.map(({ peer }) => peer)).toEqual([BOREALIS, CALDERA]);
    expect((await store.commit(put(record))).records[0]).toMatchObject({ isChanged: false });
    // By the set that takes them away neither.
    await store.commit(narrow(later).putRecord(all));
    expect((await store.records().get(id))?.disclosures).toEqual([beside]);
  });

  test('remembers parts that it never held', async () => {
    const { store } = await held();
    expect((await store.commit(narrow(later))).narrowed).toEqual([id]);
    const before = (await store.records().get(id)) as { disclosures: readonly Uint8Array[] };
    expect(before.disclosures).toEqual([outer, inner, beside]);
    await store.commit(put(sampleRecord(1, { ...facts, disclosures: [later] })));
    expect(await store.records().get(id)).toEqual(before);
    // Said twice it changes nothing.
    expect((await store.commit(narrow(later))).narrowed).toEqual([]);
    expect((await store.commit(narrow(inner, later))).narrowed).toEqual([id]);
    expect((await store.records().get(id))?.withdrawn).toEqual(
      [inner, later].map(disclosureDigestHex).sort(),
    );
  });

  test('remembers no more of what stands nowhere in it than one order can name', async () => {
    const { medium, store } = await held();
    for (let order = 0; order < 5; order += 1) {
      const digests = Array.from({ length: 512 }, (_, part) => toHex(named(`part ${order} ${part}`)));
      const { narrowed } = await store.commit(new WriteSet().narrowRecord(id, BOREALIS, digests));
      expect(narrowed).toEqual(order === 0 ? [id] : []);
    }
    expect((await store.records().get(id))?.withdrawn?.length).toBe(512);
    const { bytes } = medium.journalFile as MemoryJournalFile;
    expect(bytes?.length).toBeLessThan(512 * 40);
    // What is in sight is taken away all the same.
    await store.commit(narrow(outer, later));
    expect((await store.records().get(id))?.disclosures).toEqual([beside]);
    await store.commit(put(sampleRecord(1, { ...facts, disclosures: [outer, later] })));
    expect((await store.records().get(id))?.disclosures).toEqual([beside]);
    await expectSound(store);
  });

  test('may be new in the set, may be erased afterwards, and is nothing where it is not held', async () => {
    const store = await opened(new MemoryMedium());
    expect((await store.commit(narrow(outer))).narrowed).toEqual([]);
    await store.commit(narrow(outer).putRecord(record));
    expect((await store.records().get(id))?.disclosures).toEqual([beside]);
    const outcome = await store.commit(narrow(beside).eraseRecord(id, BOREALIS, WHY));
    expect(outcome).toMatchObject({ erased: [id], narrowed: [] });
    expect(await store.records().tombstone(id)).toMatchObject(WHY);
    await expectSound(store);
  });

  test('side by side with arrivals loses what it has to lose', async () => {
    const { store } = await held();
    const arrivals = [inner, later, outer, beside].map((disclosure, number) =>
      store.commit(
        put(
          sampleRecord(1, { ...facts, disclosures: [disclosure], peer: number % 2 === 0 ? CALDERA : null }),
        ),
      ),
    );
    await Promise.all([store.commit(narrow(outer)), ...arrivals, store.commit(narrow(beside))]);
    expect((await store.records().get(id))?.disclosures).toEqual([later]);
    await expectSound(store);
  });
});
