import { toHex } from '@comity/digest';
import { disclosureDigestHex } from '@comity/record';
import { expect, test } from 'vitest';
import { MemoryEngine, MemoryMedium } from '../engine/memory-engine.ts';
import { type NewRecord, type RowValue, Store, type StoredRecord, WriteSet } from '../index.ts';
import { ARCADIA, BOREALIS, CALDERA, named, sampleDisclosure, sampleRecord } from '../sample.test-support.ts';

const opened = (medium: MemoryMedium): Promise<Store> =>
  Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
const put = (...records: readonly NewRecord[]): WriteSet =>
  records.reduce((set, record) => set.putRecord(record), new WriteSet());

/** What is noted of each record, or its id, in the order of arrival. */
async function notedIn(store: Store, read = (sketch: RowValue): RowValue | undefined => sketch) {
  const found: RowValue[] = [];
  for await (const chunk of store.records().notedByArrival('sketch', read))
    for (const { note, record } of chunk) found.push(record === undefined ? note : record.id);
  return found;
}

async function expectSound(store: Store): Promise<void> {
  expect((await store.fsck()).findings).toEqual([]);
  expect(await store.rebuildDerived()).toMatchObject({ written: 0, removed: 0, unreadable: 0 });
}

test('what is noted stands in the place of the record, and a record of which nothing is noted among them', async () => {
  const store = await opened(new MemoryMedium());
  const records = Array.from({ length: 600 }, (_, index) => sampleRecord(index));
  const isNoted = (index: number): boolean => index % 5 !== 0 && (index < 100 || index > 200);
  await store.commit(
    put(
      ...records.map((record, index) => (isNoted(index) ? { ...record, sketch: [index, 'noted'] } : record)),
    ),
  );
  const expected = records.map(({ header }, index) => (isNoted(index) ? [index, 'noted'] : header.id));
  expect(await notedIn(store)).toEqual(expected);
  // What the reader cannot read is as if it were not there.
  const even = await notedIn(store, (sketch) => ((sketch as [number])[0] % 2 === 0 ? sketch : undefined));
  expect(even).toEqual(expected.map((each, index) => (index % 2 === 0 ? each : records[index]?.header.id)));
  await expectSound(store);
});

test('what was noted goes when the record gains or loses something, and is not noted of what has changed', async () => {
  const store = await opened(new MemoryMedium());
  const [one, other] = [sampleDisclosure('one'), sampleDisclosure('other')];
  const withheld = [one, other];
  const whole = sampleRecord(1, { disclosures: [one, other], withheld });
  const part = sampleRecord(1, { disclosures: [one], withheld });
  expect(part.header.id).toBe(whole.header.id);
  const { id, issuer } = whole.header;
  const read = async (): Promise<StoredRecord> => {
    const record = await store.records().get(id);
    if (record === undefined) throw new Error('not held');
    return record;
  };

  await store.commit(put({ ...part, sketch: 'part' }));
  expect(await notedIn(store)).toEqual(['part']);
  const before = await read();
  // Nothing new: what is noted stays.
  await store.commit(put({ ...part, sketch: 'again' }));
  expect(await notedIn(store)).toEqual(['part']);
  await store.commit(put({ ...whole, sketch: 'whole', source: { ...whole.source, peer: CALDERA } }));
  expect(await notedIn(store)).toEqual([id]);
  await store.commit(new WriteSet().note('sketch', before, 'late'));
  expect(await notedIn(store)).toEqual([id]);
  await store.commit(new WriteSet().note('sketch', await read(), 'whole'));
  expect(await notedIn(store)).toEqual(['whole']);

  const full = await read();
  const narrow = new WriteSet().narrowRecord(id, issuer, [disclosureDigestHex(other)]);
  await store.commit(narrow.note('sketch', full, 'in the same set'));
  expect(await notedIn(store)).toEqual([id]);
  await store.commit(new WriteSet().note('sketch', full, 'late'));
  expect(await notedIn(store)).toEqual([id]);
  await store.commit(new WriteSet().note('sketch', await read(), 'narrowed'));
  expect(await notedIn(store)).toEqual(['narrowed']);
  await expectSound(store);

  const narrowed = await read();
  const why = { atSeconds: 1_800_000_500, order: toHex(named('order')), reason: 'court' };
  await store.commit(new WriteSet().eraseRecord(id, issuer, why));
  await store.commit(new WriteSet().note('sketch', narrowed, 'late'));
  expect(await notedIn(store)).toEqual([]);
  await expectSound(store);
});

test('of what was taken away before it came nothing is noted unseen', async () => {
  const store = await opened(new MemoryMedium());
  const [one, other] = [sampleDisclosure('one'), sampleDisclosure('other')];
  const withheld = [one, other];
  const record = sampleRecord(1, { disclosures: [one], withheld });
  await store.commit(put(record));
  const { id, issuer } = record.header;
  await store.commit(new WriteSet().narrowRecord(id, issuer, [disclosureDigestHex(other)]));
  await store.commit(
    put({ ...sampleRecord(1, { disclosures: [one, other], withheld }), sketch: 'all of it' }),
  );
  expect(await notedIn(store)).toEqual([id]);
});

test('a copy that is put back behind an erasure reads neither the record nor what was noted of it', async () => {
  const medium = new MemoryMedium();
  const store = await opened(medium);
  const [kept, gone] = [sampleRecord(1), sampleRecord(2, { issuer: BOREALIS })];
  await store.commit(put({ ...kept, sketch: 'kept' }, { ...gone, sketch: 'gone' }));
  expect(await notedIn(store)).toEqual(['kept', 'gone']);
  const rows = medium.rows;
  const why = { atSeconds: 1_800_000_500, order: null, reason: 'court' };
  await store.commit(new WriteSet().eraseRecord(gone.header.id, gone.header.issuer, why));
  expect(await notedIn(store)).toEqual(['kept']);
  await store.close();
  medium.rows = rows;
  const again = await opened(medium);
  expect(await notedIn(again)).toEqual(['kept']);
  await expectSound(again);
});
