import { constants, copyFile, link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@comity/fault';
import { type AuditHead, readAuditHead } from './audit-head.ts';
import { isMissing, syncPath, withSystemFaults } from './durable-file.ts';
import { lockHome } from './home-lock.ts';
import { type HomePaths, homePaths } from './home-paths.ts';

/** Copies that are kept: reliability §3, rule 5. */
export const KEPT_COPIES = 3;

const AUDIT_HEAD = 'audit-head.json';
/** A copy that is being made, and the first one whose opening failed. */
const INCOMING = 'incoming';
const FAILED = 'failed';

/** A copy of the files as they were before an opening whose outcome is not known yet. */
export interface PreOpenCopy {
  /** The store is open: the copy gets the next number, and the oldest one goes. */
  keep(): Promise<void>;
  /** The store would not open: kept apart, for it shows the files before LevelDB touched them. */
  setApart(): Promise<void>;
  /** The store would not open for another reason than what is in it. */
  discard(): Promise<void>;
}

/** What {@link restorePreOpen} did. */
export interface RestoreReport {
  readonly copy: number;
  /** Where the replaced files are. */
  readonly setAside: string;
  /** The head that the store is opened with next. */
  readonly head: AuditHead;
  /** The head that was given up, unless it was unreadable: what lies between the two has to come from elsewhere. */
  readonly replacedHead?: AuditHead;
}

/** Copies the files of a database before LevelDB opens it. Tables never change, so they are linked. */
export async function copyBeforeOpening(paths: HomePaths): Promise<PreOpenCopy> {
  const incoming = join(paths.preOpen, INCOMING);
  await rm(incoming, { recursive: true, force: true });
  try {
    await copyDatabase(paths.database, incoming);
    await copySynced(paths.auditHead, join(incoming, AUDIT_HEAD));
    await syncPath(incoming);
  } catch (error) {
    // A part of a copy takes the room that is missing.
    await rm(incoming, { recursive: true, force: true });
    throw error;
  }
  return {
    keep: async () => {
      const numbers = await listPreOpen(paths.home);
      await rename(incoming, join(paths.preOpen, String((numbers.at(-1) ?? 0) + 1)));
      await syncPath(paths.preOpen);
      for (const number of numbers.slice(0, Math.max(0, numbers.length + 1 - KEPT_COPIES))) {
        await rm(join(paths.preOpen, String(number)), { recursive: true });
      }
    },
    setApart: async () => {
      // Only the first: the files that a second attempt finds have been through LevelDB already.
      if ((await readdir(paths.preOpen)).includes(FAILED)) return rm(incoming, { recursive: true });
      await rename(incoming, join(paths.preOpen, FAILED));
    },
    discard: () => rm(incoming, { recursive: true, force: true }),
  };
}

/** The numbers of the copies of a home, oldest first. */
export async function listPreOpen(home: string): Promise<number[]> {
  const names = await readdir(homePaths(home).preOpen).catch(() => []);
  return names
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Puts a pre-open copy in the place of a store's files. What it replaces is set aside, not removed. The store is then as
 * old as the copy: the caller compares log heads with the peers before it serves again.
 *
 * @throws Fault `store.no-such-copy`, `store.locked`, `store.head-missing`, `store.io-failed`
 */
export function restorePreOpen(home: string, copy: number): Promise<RestoreReport> {
  return withSystemFaults(() => restore(home, copy));
}

async function restore(home: string, copy: number): Promise<RestoreReport> {
  const paths = homePaths(home);
  const lock = await lockHome(paths.lock);
  try {
    if (!(await listPreOpen(home)).includes(copy)) {
      throw new Fault('store.no-such-copy', `there is no pre-open copy ${copy}`, { fields: { copy } });
    }
    const source = join(paths.preOpen, String(copy));
    const head = await readAuditHead(join(source, AUDIT_HEAD));
    const replacedHead = await readAuditHead(paths.auditHead).catch(() => undefined);

    // Built whole before anything is moved: whatever step a power cut hits, the same call finishes the work.
    const incoming = `${paths.database}.restored`;
    await rm(incoming, { recursive: true, force: true });
    await copyDatabase(source, incoming);
    const setAside = await makeSetAside(paths);
    await rename(paths.database, join(setAside, 'db')).catch(ignoreMissing);
    await rename(incoming, paths.database);
    await copyFile(paths.auditHead, join(setAside, AUDIT_HEAD)).catch(ignoreMissing);
    await copySynced(join(source, AUDIT_HEAD), `${paths.auditHead}.new`);
    await rename(`${paths.auditHead}.new`, paths.auditHead);
    await syncPath(home);
    return { copy, setAside, head, ...(replacedHead === undefined ? {} : { replacedHead }) };
  } finally {
    await lock.release();
  }
}

/** Tables by link, the small files that change by copy; LevelDB's own lock and its diary stay behind. */
async function copyDatabase(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of await readdir(source)) {
    const from = join(source, name);
    const to = join(target, name);
    if (/^\d+\.(ldb|sst)$/.test(name)) await link(from, to).catch(() => copySynced(from, to));
    else if (/^(CURRENT|MANIFEST-\d+|\d+\.log)$/.test(name)) await copySynced(from, to);
  }
  await syncPath(target);
}

async function copySynced(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await syncPath(to);
}

async function makeSetAside(paths: HomePaths): Promise<string> {
  await mkdir(paths.setAside, { recursive: true });
  const numbers = (await readdir(paths.setAside)).map(Number).filter(Number.isInteger);
  const directory = join(paths.setAside, String(Math.max(0, ...numbers) + 1));
  await mkdir(directory);
  return directory;
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
