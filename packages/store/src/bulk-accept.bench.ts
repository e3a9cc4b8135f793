// How many records does a bulk intake commit in a second, and what does it cost in a batch? Each batch is what the
// accepting side of a ledger commits: 256 records with their indexes, 256 ledger entries with tiles and head, the
// checkpoint, and an audit entry. The rows of a record are about 1.2 KB.
//
//   node --conditions=source packages/store/src/bulk-accept.bench.ts [records] [batches under way]

import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { encodeLedgerEntry } from '@comity/log';
import type { RecordId } from '@comity/record';
import type { NewRecord } from './index.ts';
import { Store, WriteSet } from './index.ts';

const BATCH = 256;
const total = Number(process.argv[2] ?? 100_000);
const underWay = Number(process.argv[3] ?? 2);

const hex = () => toHex(randomBytes(32));
const peer = hex() as StateId;
const noise = randomBytes(1024 * 1024);

function cut(byteLength: number): Uint8Array {
  const at = Math.floor(Math.random() * (noise.length - byteLength));
  const bytes = new Uint8Array(byteLength);
  bytes.set(noise.subarray(at, at + byteLength));
  crypto.getRandomValues(bytes.subarray(0, 16));
  return bytes;
}

function makeRecord(index: number): NewRecord {
  const bytes = cut(640);
  const disclosures = Array.from({ length: 8 }, () => cut(64));
  const id = toHex(sha256(bytes)) as RecordId;
  return {
    header: {
      id,
      issuer: peer,
      type: 'incident',
      subject: `incident/${id.slice(0, 36)}`,
      issuedAtSeconds: 1_700_000_000 + index,
      supersedes: [],
    },
    bytes,
    disclosures,
    source: { peer, receivedAtSeconds: 1_800_000_000, ledgerIndex: index },
  };
}

function makeLeaf({ header, disclosures }: NewRecord): Uint8Array {
  const digests = disclosures.map(sha256).sort((a, b) => Buffer.compare(a, b));
  const recordId = Buffer.from(header.id, 'hex');
  return encodeLedgerEntry({
    kind: 'release',
    recordId: new Uint8Array(recordId),
    disclosures: digests.slice(0, 3),
    atSeconds: 1_800_000_000,
    mode: 'push',
    purpose: 'incident-response',
  });
}

const batches = Array.from({ length: Math.ceil(total / BATCH) }, (_, batch) =>
  Array.from({ length: BATCH }, (_, index) => {
    const record = makeRecord(batch * BATCH + index);
    return { record, leaf: makeLeaf(record) };
  }),
);
const recordCount = batches.length * BATCH;
const latenciesMs: number[] = [];
const directory = await mkdtemp(join(tmpdir(), 'comity-bench-'));
const store = await Store.create(directory, { state: hex() as StateId });

async function commitNext(): Promise<void> {
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    const startMs = performance.now();
    const set = new WriteSet();
    for (const { record } of batch) set.putRecord(record);
    set.append(`ledger/in/${peer}`, batch);
    set.audit({ atSeconds: 1_800_000_000, event: 'records-accepted', fields: { peer, count: BATCH } });
    await store.commit(set);
    latenciesMs.push(performance.now() - startMs);
  }
}

const startMs = performance.now();
const cpu = process.cpuUsage();
await Promise.all(Array.from({ length: underWay }, commitNext));
const elapsedMs = performance.now() - startMs;
const used = process.cpuUsage(cpu);
latenciesMs.sort((a, b) => a - b);
const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)]?.toFixed(1);
await store.close();
let diskBytes = 0;
for (const name of await readdir(join(directory, 'db')))
  diskBytes += (await stat(join(directory, 'db', name))).size;
console.log({
  records: recordCount,
  recordsPerSecond: Math.round((recordCount / elapsedMs) * 1000),
  cpuUsEach: Math.round((used.user + used.system) / recordCount),
  batchMs: { p50: at(0.5), p99: at(0.99), max: at(0.9999) },
  diskBytesEach: Math.round(diskBytes / recordCount),
});
await rm(directory, { recursive: true });
