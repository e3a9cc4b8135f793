// What do concurrent writers gain from being written together? Each commit is one record with its indexes, one log entry
// and one audit entry, durable before it is confirmed.
//
//   node --conditions=source packages/store/src/group-commit.bench.ts [commits]

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store, WriteSet } from './index.ts';
import { ARCADIA, sampleLeaf, sampleRecord } from './sample-record.test-support.ts';

const total = Number(process.argv[2] ?? 4_000);
const records = Array.from({ length: total }, (_, number) => sampleRecord(number));
const leaves = records.map((record) => sampleLeaf(record));

for (const writers of [1, 8, 32, 128]) {
  const directory = await mkdtemp(join(tmpdir(), 'comity-bench-'));
  const store = await Store.create(directory, { state: ARCADIA });
  const latenciesMs: number[] = [];
  let next = 0;
  const write = async () => {
    for (let number = next++; number < total; number = next++) {
      const startMs = performance.now();
      const record = records[number] as (typeof records)[number];
      const leaf = leaves[number] as Uint8Array;
      const set = new WriteSet().putRecord(record).append('origin', [{ leaf }]);
      await store.commit(set.audit({ atSeconds: number, event: 'issued' }));
      latenciesMs.push(performance.now() - startMs);
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: writers }, write));
  const elapsedMs = performance.now() - startMs;
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)]?.toFixed(2);
  console.log({
    writers,
    commitsPerSecond: Math.round((total / elapsedMs) * 1000),
    commitMs: { p50: at(0.5), p99: at(0.99) },
  });
  await store.close();
  await rm(directory, { recursive: true });
}
