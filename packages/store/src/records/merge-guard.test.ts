import { toHex } from '@comity/digest';
import type { Fault, FaultCode } from '@comity/fault';
import { expect, test } from 'vitest';
import { MemoryEngine } from '../engine/memory-engine.ts';
import { Store, type StoredRecord, WriteSet } from '../index.ts';
import { ARCADIA, CALDERA, named, sampleRecord } from '../sample.test-support.ts';

const [a, b, c] = [named('a'), named('b'), named('c')];
const view = (...disclosures: Uint8Array[]) => sampleRecord(1, { disclosures });
const { id } = view().header;

async function emptyStore(): Promise<Store> {
  return Store.onEngine(new MemoryEngine(), { state: ARCADIA });
}

/** Says no to whatever holds both a and b, and remembers what it was asked about. */
function eitherOr() {
  const asked: string[][] = [];
  const has = ({ disclosures }: StoredRecord, wanted: Uint8Array): boolean =>
    disclosures.some((disclosure) => toHex(disclosure) === toHex(wanted));
  const guard = (merged: StoredRecord): FaultCode | undefined => {
    asked.push(merged.disclosures.map(toHex));
    return has(merged, a) && has(merged, b) ? 'record.key-present' : undefined;
  };
  return { asked, guard };
}

async function refusal(commit: Promise<unknown>): Promise<Fault> {
  return commit.then(
    () => expect.fail('the commit was not refused'),
    (error: Fault) => error,
  );
}

test('what is put upon a stored record and does not fit is refused by its place, and leaves no trace', async () => {
  const store = await emptyStore();
  await store.commit(new WriteSet().putRecord(view(a)));
  const { guard } = eitherOr();
  const set = new WriteSet()
    .guardMerges(guard)
    .putRecord(sampleRecord(2))
    .putRecord(view(c))
    .putRecord(view(b))
    .audit({ atSeconds: 1, event: 'x' });
  const { code, fields } = await refusal(store.commit(set));
  expect(code).toBe('store.merge-refused');
  expect(fields).toEqual({ puts: [2], codes: ['record.key-present'] });
  expect((await store.records().get(id))?.disclosures).toEqual([a]);
  expect(await store.records().get(sampleRecord(2).header.id)).toBeUndefined();
  expect(store.auditTip.sequence).toBe(0);
});

test('two puts of one set that exclude each other: the later is refused, in whatever order they stand', async () => {
  const store = await emptyStore();
  const { guard } = eitherOr();
  const { fields } = await refusal(
    store.commit(new WriteSet().guardMerges(guard).putRecord(view(b)).putRecord(view(c)).putRecord(view(a))),
  );
  expect(fields).toEqual({ puts: [2], codes: ['record.key-present'] });
});

test('two commits at once that exclude each other: one of them is refused', async () => {
  const store = await emptyStore();
  const { guard } = eitherOr();
  const commits = await Promise.allSettled(
    [a, b].map((disclosure) => store.commit(new WriteSet().guardMerges(guard).putRecord(view(disclosure)))),
  );
  expect(commits.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect((await store.records().get(id))?.disclosures).toEqual([a]);
});

test('the guard is asked once of what fits, and not at all of what is new or brings nothing', async () => {
  const store = await emptyStore();
  const { asked, guard } = eitherOr();
  await store.commit(new WriteSet().guardMerges(guard).putRecord(view(a)).putRecord(sampleRecord(2)));
  await store.commit(new WriteSet().guardMerges(guard).putRecord(view(a)));
  const other = sampleRecord(1, { disclosures: [a], peer: CALDERA });
  await store.commit(new WriteSet().guardMerges(guard).putRecord(other));
  expect(asked).toEqual([]);
  await store.commit(
    new WriteSet()
      .guardMerges(guard)
      .putRecord(view(c))
      .putRecord(view(named('d')))
      .putRecord(view(named('e'))),
  );
  expect(asked).toEqual([[a, c, named('d'), named('e')].map(toHex)]);
  expect((await store.records().get(id))?.disclosures).toHaveLength(4);
});

test('a guard may take its time: whoever puts the same record meanwhile waits', async () => {
  const store = await emptyStore();
  await store.commit(new WriteSet().putRecord(view(a)));
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<undefined>();
  const slow = store.commit(
    new WriteSet()
      .guardMerges(() => {
        asked.resolve();
        return answered.promise;
      })
      .putRecord(view(b)),
  );
  await asked.promise;
  const next = store.commit(new WriteSet().putRecord(view(c)));
  await store.commit(new WriteSet().putRecord(sampleRecord(2)));
  expect((await store.records().get(id))?.disclosures).toEqual([a]);
  answered.resolve(undefined);
  await Promise.all([slow, next]);
  expect((await store.records().get(id))?.disclosures).toEqual([a, b, c]);
});
