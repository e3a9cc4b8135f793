import { readAuditEntries } from '../audit/audit-chain.ts';
import type { Engine } from '../engine/engine.ts';
import { damagedTables } from '../home/check-files.ts';
import type { KeySource } from '../keys/key-tree.ts';
import { AUDIT, type KeyspaceName } from '../layout/keyspace.ts';
import { RowReader } from '../layout/row-reader.ts';
import { checkDerived } from './check-derived.ts';
import { checkLogs } from './check-logs.ts';
import { checkRecords } from './check-records.ts';
import { checkRows } from './check-rows.ts';
import { type Finding, Findings } from './findings.ts';

/** The steps of a check, in their order. */
export type FsckStep = 'files' | 'rows' | 'records' | 'indexes' | 'logs' | 'audit';

export interface FsckProgress {
  readonly step: FsckStep;
  /** Files, rows, records, rows, entries or entries that are done. */
  readonly done: number;
}

export interface FsckOptions {
  readonly onProgress?: (progress: FsckProgress) => void;
}

/** What a store holds, and what of it is not as it should be. */
export interface FsckReport {
  readonly healthy: boolean;
  readonly rows: Readonly<Partial<Record<KeyspaceName, number>>>;
  readonly records: number;
  readonly logEntries: number;
  readonly auditEntries: number;
  /** The first thousand. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
}

/**
 * Checks a store at one moment, while it is used, and changes nothing:
 *
 * 1. files: every checksum of every table;
 * 2. rows: every digest and tag, and that every key is one of this version's;
 * 3. records: that the signed bytes can be read and are where their exercise flag says;
 * 4. indexes: each derived row is there and right, and there are no others;
 * 5. logs: head, tiles and checkpoints against the hashes of the entries;
 * 6. audit: the chain from its first entry to its last.
 */
export async function runFsck(
  engine: Engine,
  keys: KeySource,
  database: string | undefined,
  options: FsckOptions = {},
): Promise<FsckReport> {
  const findings = new Findings();
  const progress = (step: FsckStep) => (done: number) => options.onProgress?.({ step, done });
  const snapshot = engine.snapshot();
  const rows = new RowReader(snapshot, keys);
  try {
    if (database !== undefined) await checkTables(database, findings, progress('files'));
    const counts = await checkRows(snapshot, rows, findings, progress('rows'));
    const records = await checkRecords(snapshot, rows, findings, progress('records'));
    await checkDerived(snapshot, rows, findings, progress('indexes'));
    const logEntries = await checkLogs(rows, findings, progress('logs'));
    const auditEntries = await checkAudit(rows, findings, progress('audit'));
    return {
      healthy: findings.count === 0,
      rows: counts,
      records,
      logEntries,
      auditEntries,
      findings: findings.list,
      findingCount: findings.count,
    };
  } finally {
    await snapshot.release();
  }
}

async function checkTables(
  database: string,
  findings: Findings,
  progress: (done: number) => void,
): Promise<void> {
  await findings.attempt({}, async () => {
    for await (const { file, atByte, reason } of damagedTables(database, progress)) {
      const message = `${file} is damaged at byte ${atByte}: ${reason}`;
      findings.add('store.file-damaged', message, { file, atByte, reason });
    }
  });
}

async function checkAudit(
  rows: RowReader,
  findings: Findings,
  progress: (done: number) => void,
): Promise<number> {
  let done = 0;
  await findings.attempt({ keyspace: AUDIT.name }, async () => {
    for await (const chunk of readAuditEntries(rows)) {
      done += chunk.length;
      progress(done);
    }
  });
  return done;
}
