import { describe, expect, test } from 'vitest';
import type { EngineOp } from '../engine/engine.ts';
import { MemoryEngine, MemoryMedium } from '../engine/memory-engine.ts';
import { type FsckProgress, Store, sealRow, TABLES, WriteSet } from '../index.ts';
import { CHECKPOINT, LOG_ENTRY, LOG_HEAD, LOG_TILE, RECORD } from '../layout/keyspace.ts';
import { openRow } from '../layout/row-seal.ts';
import { encodeRowValue } from '../layout/row-value.ts';
import { ARCADIA, BOREALIS, contentRowOn, named, sampleLeaf, sampleRecord } from '../sample.test-support.ts';

async function wholeStore() {
  const medium = new MemoryMedium();
  const engine = new MemoryEngine(medium);
  const store = await Store.onEngine(engine, { state: ARCADIA });
  const set = new WriteSet();
  const records = Array.from({ length: 300 }, (_, number) => sampleRecord(number));
  for (const record of records) set.putRecord(record);
  set.append(
    'origin',
    records.map((record) => ({ leaf: sampleLeaf(record) })),
  );
  set.append(
    `ledger/in/${BOREALIS}`,
    records.slice(0, 10).map((record) => ({ leaf: sampleLeaf(record) })),
  );
  set.audit({ atSeconds: 1, event: 'accepted' }).put(TABLES.settings, ['a'], 1);
  const { logs } = await store.commit(set);
  const root = logs.get('origin')?.root as Uint8Array;
  await store.commit(new WriteSet().putCheckpoint({ log: 'origin', size: 300, root, note: 'n' }));
  return { medium, engine, store };
}

test('a whole store is healthy, is counted, and stays as it is', async () => {
  const { medium, store } = await wholeStore();
  const rows = medium.rows;
  const progress: FsckProgress[] = [];
  const report = await store.fsck({ onProgress: (step) => progress.push(step) });
  expect(report).toMatchObject({
    healthy: true,
    records: 300,
    logEntries: 310,
    auditEntries: 1,
    findings: [],
    findingCount: 0,
  });
  expect(report.rows).toMatchObject({
    record: 300,
    'record-id': 300,
    'log-entry': 310,
    audit: 1,
    setting: 1,
  });
  expect(medium.rows).toBe(rows);
  expect(new Set(progress.map(({ step }) => step))).toEqual(
    new Set(['rows', 'records', 'indexes', 'logs', 'audit']),
  );
  expect(progress.findLast(({ step }) => step === 'records')?.done).toBe(300);
});

test('it sees one moment, whatever is committed meanwhile', async () => {
  const { store } = await wholeStore();
  const checking = store.fsck();
  for (let number = 0; number < 30; number += 1) {
    const record = sampleRecord(2_000 + number);
    await store.commit(
      new WriteSet()
        .putRecord(record)
        .append('origin', [{ leaf: sampleLeaf(record) }])
        .audit({ atSeconds: 1, event: 'x' }),
    );
  }
  const report = await checking;
  expect(report.findings).toEqual([]);
  expect(report.records).toBe(300);
});

describe('it finds', () => {
  type Damage = (
    engine: MemoryEngine,
    medium: MemoryMedium,
  ) => Promise<readonly EngineOp[]> | readonly EngineOp[];
  const put = (key: Uint8Array, value: Uint8Array): EngineOp => ({ type: 'put', key, value });
  const del = (key: Uint8Array): EngineOp => ({ type: 'del', key });
  const payloadOf = async (engine: MemoryEngine, key: Uint8Array) =>
    openRow(key, (await engine.get(key)) as Uint8Array);
  const flipped = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));

  test.each<[string, Damage, string[]]>([
    [
      'a row of a table that is damaged',
      () => [put(TABLES.settings.keyspace.key('a'), named('x'))],
      ['store.row-damaged'],
    ],
    [
      'a key of no keyspace',
      () => [sealRow(Uint8Array.of(0x6e, 0x7f, 1), named('x'))],
      ['store.key-unknown'],
    ],
    [
      'a key that is too long for its keyspace',
      () => [sealRow(Uint8Array.of(0x72, 0x10, ...new Uint8Array(9)), named('x'))],
      ['store.key-unknown'],
    ],
    [
      'bytes that are no record',
      async (_engine, medium) => [await contentRowOn(medium, 5, named('no record'))],
      ['cbor.'],
    ],
    [
      'a record of an exercise among the real ones',
      async (_engine, medium) => [
        await contentRowOn(medium, 5_000, sampleRecord(1, { exercise: 'e' }).bytes),
      ],
      ['store.record-id-mismatch', 'store.index-missing'],
    ],
    [
      'the same record twice',
      async (_engine, medium) => [await contentRowOn(medium, 5_000, sampleRecord(5).bytes)],
      ['store.index-missing'],
    ],
    [
      'a content row under the key of another one',
      async (engine) => {
        const value = (await engine.get(RECORD.key('real', 5))) as Uint8Array;
        return [put(RECORD.key('real', 6), value)];
      },
      ['store.row-damaged'],
    ],
    ['a record that is gone', () => [del(RECORD.key('real', 5))], ['store.index-stray']],
    ['an entry that is gone', () => [del(LOG_ENTRY.key('origin', 200))], ['store.log-gap']],
    [
      'an entry beyond the head',
      () => [sealRow(LOG_ENTRY.key('origin', 300), encodeRowValue([named('x'), null]))],
      ['store.log-gap'],
    ],
    [
      'an entry that is another',
      () => [sealRow(LOG_ENTRY.key('origin', 200), encodeRowValue([named('x'), null]))],
      ['store.tile-mismatch', 'store.log-root-mismatch'],
    ],
    [
      'an entry that is another, in a log without tiles',
      () => [sealRow(LOG_ENTRY.key(`ledger/in/${BOREALIS}`, 3), encodeRowValue([named('x'), null]))],
      ['store.log-root-mismatch'],
    ],
    ['a head that is gone', () => [del(LOG_HEAD.key('origin'))], ['store.log-gap']],
    [
      'a head of another size',
      () => [sealRow(LOG_HEAD.key('origin'), encodeRowValue([299, []]))],
      ['store.log-gap'],
    ],
    ['a tile that is gone', () => [del(LOG_TILE.key('origin', 0, 0))], ['store.tile-mismatch']],
    [
      'a tile with another hash',
      async (engine) => {
        const key = LOG_TILE.key('origin', 1, 0);
        return [sealRow(key, flipped(await payloadOf(engine, key)))];
      },
      ['store.tile-mismatch'],
    ],
    ['a tile too many', () => [sealRow(LOG_TILE.key('origin', 0, 2), named('x'))], ['store.tile-mismatch']],
    [
      'a checkpoint of another root',
      () => [
        sealRow(CHECKPOINT.key('origin', 300), TABLES.checkpoints.encode({ root: named('x'), note: 'n' })),
      ],
      ['store.log-root-mismatch'],
    ],
    [
      'a checkpoint beyond the log',
      () => [
        sealRow(CHECKPOINT.key('origin', 301), TABLES.checkpoints.encode({ root: named('x'), note: 'n' })),
      ],
      ['store.log-root-mismatch'],
    ],
    [
      'a checkpoint of a log that there is not',
      () => [
        sealRow(
          CHECKPOINT.key(`ledger/out/${BOREALIS}`, 4),
          TABLES.checkpoints.encode({ root: named('x'), note: 'n' }),
        ),
      ],
      ['store.log-root-mismatch'],
    ],
  ])('%s', async (_what, damage, expected) => {
    const { medium, engine, store } = await wholeStore();
    await engine.commit(await damage(engine, medium));
    const report = await store.fsck();
    expect(report.healthy).toBe(false);
    const found = [...new Set(report.findings.map(({ code }) => code))].sort();
    for (const code of expected) expect(found.some((candidate) => candidate.startsWith(code))).toBe(true);
    for (const code of found)
      expect(expected.some((candidate) => code.startsWith(candidate) || isConsequence(code, expected))).toBe(
        true,
      );
  });

  /** A row that fails its digest is also found by the step that needs it. */
  const isConsequence = (code: string, expected: readonly string[]) =>
    (code === 'store.index-missing' || code === 'store.index-stray') &&
    expected.some((other) => /^cbor|index|record-id/.test(other));

  test('each flipped bit of any row, and says so at least once', async () => {
    const { medium, store } = await wholeStore();
    const rows = medium.rows;
    for (let at = 0; at < rows.length; at += 97) {
      const row = rows[at] as (typeof rows)[number];
      medium.rows = rows.with(at, { key: row.key, value: flipped(row.value) });
      const { findings } = await store.fsck();
      expect(findings.some(({ code }) => code === 'store.row-damaged')).toBe(true);
    }
  }, 120_000);
});

test('a thousand findings are listed and all are counted', async () => {
  const { medium, store } = await wholeStore();
  medium.rows = medium.rows.map(({ key }) => ({ key, value: named('rubbish') }));
  const report = await store.fsck();
  expect(report.findings.length).toBe(1_000);
  expect(report.findingCount).toBeGreaterThan(medium.rows.length - 1);
});
