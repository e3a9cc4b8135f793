import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@comity/fault';
import { isMissing, readIfPresent, replaceFile, syncPath } from './durable-file.ts';

/** A file of the engine that only grows, and how much of it is on disk for certain. */
export interface DurableFile {
  readonly name: string;
  readonly bytes: number;
}

/** What the store had acknowledged at some moment, written down outside the engine (reliability §3, rule 4). */
export interface AuditHead {
  /** Batches committed since the store was made. */
  readonly commits: number;
  /** Sequence number and hash of the last entry of the audit chain; 0 and zeros before the first. */
  readonly auditSequence: number;
  readonly auditHash: string;
  /** Whether the store was closed in order. A process that was killed, or that LevelDB has aborted, leaves false. */
  readonly closed: boolean;
  readonly files: readonly DurableFile[];
}

/** A whole number is a count here. */
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** @throws Fault `store.head-missing` */
export async function readAuditHead(path: string): Promise<AuditHead> {
  const text = await readIfPresent(path);
  const head = text === undefined ? undefined : parseAuditHead(text);
  if (head === undefined) throw new Fault('store.head-missing', 'audit-head.json is missing or unreadable');
  return head;
}

export async function writeAuditHead(path: string, head: AuditHead): Promise<void> {
  await replaceFile(path, `${JSON.stringify(head)}\n`);
}

/** The manifest and write-ahead logs of a database, with the bytes that are on disk when this resolves. */
export async function measureFiles(database: string): Promise<DurableFile[]> {
  const files: DurableFile[] = [];
  for (const name of await readdir(database)) {
    if (!/^MANIFEST-\d+$|^\d+\.log$/.test(name)) continue;
    const path = join(database, name);
    try {
      // Measured first: what is added meanwhile may be synchronised or not.
      const { size } = await stat(path);
      await syncPath(path);
      files.push({ name, bytes: size });
    } catch (error) {
      // The engine may have moved on to a new file since the directory was read.
      if (!isMissing(error)) throw error;
    }
  }
  return files;
}

function parseAuditHead(text: string): AuditHead | undefined {
  let value: Partial<Record<keyof AuditHead, unknown>> | null;
  try {
    value = JSON.parse(text) as Partial<Record<keyof AuditHead, unknown>> | null;
  } catch {
    return undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  const { commits, auditSequence, auditHash, closed, files } = value;
  if (!isCount(commits) || !isCount(auditSequence) || typeof closed !== 'boolean') return undefined;
  if (typeof auditHash !== 'string' || !/^[0-9a-f]{64}$/.test(auditHash)) return undefined;
  if (!Array.isArray(files)) return undefined;
  const named = files.every(
    (file: Partial<DurableFile> | null) => typeof file?.name === 'string' && isCount(file.bytes),
  );
  return named ? { commits, auditSequence, auditHash, closed, files: files as DurableFile[] } : undefined;
}
