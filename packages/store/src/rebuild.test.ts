import fc from 'fast-check';
import { expect, test } from 'vitest';
import { derivedRanges } from './derived.ts';
import type { EngineOp } from './engine/engine.ts';
import { MemoryEngine, MemoryMedium } from './engine/memory-engine.ts';
import { Store, sealRow, WriteSet } from './index.ts';
import { RECORD, RECORD_BY_TYPE, RELEASED, RETRACTION } from './layout/keyspace.ts';
import { encodeRowValue } from './layout/row-value.ts';
import { ARCADIA, BOREALIS, CALDERA, named, sampleLeaf, sampleRecord } from './sample.test-support.ts';

const hexNamed = (name: string) => Buffer.from(named(name)).toString('hex');

/** A store in which every kind of derived row is there, in both realms. */
async function variedStore() {
  const medium = new MemoryMedium();
  const engine = new MemoryEngine(medium);
  const store = await Store.onEngine(engine, { state: ARCADIA });
  for (let number = 0; number < 30; number += 1) {
    const exercise = number % 5 === 0 ? { exercise: 'northern-light' } : {};
    const first = sampleRecord(number, { subjectId: `thing-${number % 4}`, ...exercise });
    const second = sampleRecord(number + 100, { supersedes: [first.header.id], ...exercise });
    const withdrawn = sampleRecord(number + 200, {
      type: 'retraction',
      retracts: first.header.id,
      ...exercise,
    });
    const set = new WriteSet().putRecord(first).putRecord(second).putRecord(withdrawn);
    const leaf = sampleLeaf(first, [named(`digest ${number}`)]);
    set
      .append(`ledger/out/${number % 2 === 0 ? BOREALIS : CALDERA}`, [{ leaf }])
      .append('origin', [{ leaf }]);
    await store.commit(set);
  }
  return { medium, engine, store };
}

const hex = (medium: MemoryMedium) =>
  medium.rows.map(
    ({ key, value }) => `${Buffer.from(key).toString('hex')} ${Buffer.from(value).toString('hex')}`,
  );

async function derivedKeys(engine: MemoryEngine): Promise<Uint8Array[]> {
  const keys: Uint8Array[] = [];
  for (const range of derivedRanges()) {
    for await (const chunk of engine.range(range)) keys.push(...chunk.map(({ key }) => key));
  }
  return keys;
}

test('derived rows that were all dropped are built again, byte for byte', async () => {
  const { medium, engine, store } = await variedStore();
  const before = hex(medium);
  const keys = await derivedKeys(engine);
  expect(keys.length).toBe(30 * (3 * 4 + 2 + 1));
  await engine.commit(keys.map((key) => ({ type: 'del', key })));
  expect((await store.fsck()).findings.every(({ code }) => code === 'store.index-missing')).toBe(true);
  expect((await store.fsck()).findingCount).toBe(keys.length);
  const report = await store.rebuildDerived();
  expect(report).toEqual({ expected: keys.length, written: keys.length, removed: 0, unreadable: 0 });
  expect(hex(medium)).toEqual(before);
  expect(await store.rebuildDerived()).toEqual({
    expected: keys.length,
    written: 0,
    removed: 0,
    unreadable: 0,
  });
});

test('whatever of them is dropped, damaged, added or changed, a rebuild gives what there was', async () => {
  const { medium, engine, store } = await variedStore();
  const before = hex(medium);
  const rows = medium.rows;
  const keys = await derivedKeys(engine);
  const wrong = fc.oneof(
    fc.nat().map((at): EngineOp => ({ type: 'del', key: keys[at % keys.length] as Uint8Array })),
    fc.nat().map(
      (at): EngineOp => ({
        type: 'put',
        key: keys[at % keys.length] as Uint8Array,
        value: named('rubbish'),
      }),
    ),
    fc.nat().map((at) => sealRow(keys[at % keys.length] as Uint8Array, encodeRowValue(at % 90))),
    fc
      .nat()
      .map((at) =>
        sealRow(
          RETRACTION.key('real', hexNamed('x') as never, hexNamed(`${at}`) as never),
          encodeRowValue(at % 90),
        ),
      ),
    fc
      .nat()
      .map((at) =>
        sealRow(RECORD_BY_TYPE.key('exercise', 'norm', at, hexNamed(`${at}`) as never), encodeRowValue(at)),
      ),
    fc.nat().map((at) => sealRow(RELEASED.key(BOREALIS, hexNamed('x') as never, at), named('digest'))),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(wrong, { minLength: 1, maxLength: 8 }), async (ops) => {
      medium.rows = rows;
      await engine.commit(ops);
      const isWrong = hex(medium).join() !== before.join();
      expect((await store.fsck()).healthy).toBe(!isWrong);
      const { unreadable } = await store.rebuildDerived();
      expect(unreadable).toBe(0);
      expect(hex(medium)).toEqual(before);
      expect((await store.fsck()).findings).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('a record that cannot be read keeps the rows that lead to it', async () => {
  const { medium, engine, store } = await variedStore();
  const keys = await derivedKeys(engine);
  await engine.commit([{ type: 'put', key: RECORD.key('real', 0), value: named('rubbish') }]);
  const report = await store.rebuildDerived();
  expect(report).toMatchObject({ written: 0, removed: 0, unreadable: 1 });
  expect((await derivedKeys(engine)).length).toBe(keys.length);
  const codes = new Set((await store.fsck()).findings.map(({ code }) => code));
  expect(codes).toEqual(new Set(['store.row-damaged']));
  expect(medium.rows.length).toBeGreaterThan(0);
});

test('records that are committed during a rebuild keep their rows', async () => {
  const { store } = await variedStore();
  const rebuilding = store.rebuildDerived();
  const committing = Array.from({ length: 40 }, (_, number) =>
    store.commit(new WriteSet().putRecord(sampleRecord(1_000 + number, { type: 'norm' }))),
  );
  await Promise.all([rebuilding, ...committing]);
  expect((await store.records().list({ type: 'norm' })).records.length).toBe(40);
  expect((await store.fsck()).findings).toEqual([]);
});
