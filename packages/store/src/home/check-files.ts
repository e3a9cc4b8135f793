import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@comity/fault';
import type { AuditHead } from './audit-head.ts';
import { isMissing, readIfPresent } from './durable-file.ts';
import { checkLogFile, type FileDamage } from './log-file.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { checkTableFile } from './table-file.ts';
import { BrokenFile } from './varints.ts';

/** Bytes of tables that are read at every opening, the newest first: less than half a second. */
const CHECKED_TABLE_BYTES = 256 * 1024 * 1024;

/**
 * Looks at the files of a database before LevelDB does. With a manifest cut short LevelDB opens empty and deletes the
 * tables; with a damaged log it skips batches in silence (reliability §3); and a key out of order in a damaged table
 * makes its compaction abort the process. Where the process ended out of order, all tables are read, so that this
 * happens once and then has a name.
 *
 * @throws Fault `store.damaged` with file, place and reason
 */
export async function checkBeforeOpening(database: string, head: AuditHead): Promise<void> {
  const names = await readdir(database).catch((cause: unknown) => {
    if (!isMissing(cause)) throw cause;
    throw new Fault('store.damaged', 'the directory of the database is missing', { cause });
  });
  const manifest = await checkManifest(database, head);
  await checkLogs(database, names, head, manifest);
  await checkTables(database, names, head, manifest);
}

/**
 * The tables of a database that fail their own checksums. Tables that a compaction is writing are not part of the
 * database yet, and those that one removes meanwhile are no longer.
 */
export async function* damagedTables(
  database: string,
  onTable: (done: number) => void,
): AsyncGenerator<FileDamage & { readonly file: string }> {
  const { tables } = readManifest(await readFile(join(database, await currentManifest(database))));
  let done = 0;
  for (const [number, size] of tables) {
    const file = tableName(number);
    const bytes = await readIfThere(join(database, file));
    const damage = bytes === undefined ? undefined : damageOfTable(bytes, size);
    if (damage !== undefined) yield { file, ...damage };
    done += 1;
    onTable(done);
  }
}

async function checkManifest(database: string, head: AuditHead): Promise<Manifest> {
  const name = await currentManifest(database);
  const bytes = await readIfThere(join(database, name));
  if (bytes === undefined) throw damaged('CURRENT', { atByte: 0, reason: 'names no manifest that is there' });
  const { damage } = checkLogFile(bytes, { durableBytes: durableBytes(head, name), batches: false });
  if (damage !== undefined) throw damaged(name, damage);
  try {
    return readManifest(bytes);
  } catch (error) {
    if (error instanceof BrokenFile) throw damaged(name, { atByte: error.atByte, reason: error.reason });
    throw error;
  }
}

/** Older logs are in the tables already and only wait to be removed. */
async function checkLogs(
  database: string,
  names: readonly string[],
  head: AuditHead,
  { logNumber }: Manifest,
): Promise<void> {
  const numbers = names
    .filter((name) => /^\d+\.log$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .filter((number) => number >= logNumber)
    .sort((a, b) => a - b);
  let firstSequence: number | undefined;
  for (const number of numbers) {
    const name = `${String(number).padStart(6, '0')}.log`;
    const expected = { durableBytes: durableBytes(head, name), batches: true };
    const bytes = await readFile(join(database, name));
    const check = checkLogFile(
      bytes,
      firstSequence === undefined ? expected : { ...expected, firstSequence },
    );
    if (check.damage !== undefined) throw damaged(name, check.damage);
    firstSequence = check.nextSequence ?? firstSequence;
  }
}

async function checkTables(
  database: string,
  names: readonly string[],
  head: AuditHead,
  { tables }: Manifest,
): Promise<void> {
  const newestFirst = [...tables].sort(([a], [b]) => b - a);
  const missing = newestFirst.find(([number]) => !names.includes(tableName(number)));
  if (missing !== undefined) throw damaged(tableName(missing[0]), { atByte: 0, reason: 'missing' });
  let checkedBytes = 0;
  for (const [number, size] of newestFirst) {
    if (head.closed && checkedBytes > CHECKED_TABLE_BYTES) break;
    const bytes = await readFile(join(database, tableName(number)));
    const damage = damageOfTable(bytes, size);
    if (damage !== undefined) throw damaged(tableName(number), damage);
    checkedBytes += bytes.length;
  }
}

function damageOfTable(bytes: Uint8Array, size: number): FileDamage | undefined {
  if (bytes.length !== size)
    return { atByte: Math.min(bytes.length, size), reason: 'another length than it was written with' };
  return checkTableFile(bytes);
}

/** The name in CURRENT. */
async function currentManifest(database: string): Promise<string> {
  const current = await readIfPresent(join(database, 'CURRENT'));
  const name = /^(MANIFEST-\d{6,})\n$/.exec(current ?? '')?.[1];
  if (name === undefined) {
    const reason = current === undefined ? 'missing' : 'names no manifest';
    throw damaged('CURRENT', { atByte: 0, reason });
  }
  return name;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function durableBytes(head: AuditHead, name: string): number {
  return head.files.find((file) => file.name === name)?.bytes ?? 0;
}

function tableName(number: number): string {
  return `${String(number).padStart(6, '0')}.ldb`;
}

function damaged(file: string, damage: FileDamage): Fault {
  return new Fault(
    'store.damaged',
    `the file ${file} is damaged at byte ${damage.atByte}: ${damage.reason}`,
    {
      fields: { file, ...damage },
    },
  );
}
