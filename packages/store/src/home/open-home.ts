import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Engine } from '../engine/engine.ts';
import { openLevelEngine } from '../engine/level-engine.ts';
import { ErasureJournal } from '../keys/erasure-journal.ts';
import { RecordKeys } from '../keys/record-keys.ts';
import type { Keeping } from '../keys/settle-keys.ts';
import { type AuditHead, readAuditHead } from './audit-head.ts';
import { checkBeforeOpening } from './check-files.ts';
import { DiskJournalFile } from './disk-journal-file.ts';
import { DiskKeyFile } from './disk-key-file.ts';
import { type HomeLock, lockHome } from './home-lock.ts';
import { type HomePaths, homePaths } from './home-paths.ts';
import { readMarker, writeMarker } from './marker.ts';
import { copyBeforeOpening, type PreOpenCopy } from './pre-open.ts';

/** The engine of a home that was opened, and what its owner has to finish. */
export interface OpenedHome {
  readonly paths: HomePaths;
  readonly engine: Engine;
  readonly keeping: Keeping;
  readonly state: StateId;
  readonly lock: HomeLock;
}

/** An opened home with the head that its store must still have, and the copy that shows it as it was before. */
export interface ReopenedHome extends OpenedHome {
  readonly head: AuditHead;
  readonly copy: PreOpenCopy;
}

/** What a store begins with: a directory with any of it is not empty. */
const OWN_FILES = /^(store\.json|audit-head\.json|db|record-keys(\.new)?)$/;

/**
 * Makes the directories and the database of a new store. The marker comes last, by {@link markHome}: without it the
 * home is one whose creation was cut off.
 *
 * @throws Fault `store.exists`, `store.locked`, `store.io-failed`
 */
export async function createHome(home: string, state: StateId): Promise<OpenedHome> {
  const paths = homePaths(home);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const lock = await lockHome(paths.lock);
  try {
    const names = await readdir(home);
    if (names.some((name) => OWN_FILES.test(name))) {
      throw new Fault('store.exists', 'the directory holds a store, or what is left of one');
    }
    // Of a store that was here: what it had erased may not come back with a copy of it.
    if (existsSync(paths.erasureJournal)) {
      throw new Fault('store.exists', 'beside the directory is the journal of erasures of a store', {
        fields: { path: paths.erasureJournal },
      });
    }
    await mkdir(paths.preOpen, { recursive: true });
    const keys = await RecordKeys.create(new DiskKeyFile(paths.recordKeys));
    const journal = await ErasureJournal.create(new DiskJournalFile(paths.erasureJournal), keys.store);
    const engine = await openLevelEngine(paths.database, { create: true });
    return { paths, engine, keeping: { keys, journal }, state, lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The store is whole from here on: what is missing afterwards is damage. */
export async function markHome({ paths, state }: OpenedHome): Promise<void> {
  await writeMarker(paths.marker, state);
}

/**
 * Opens the database of a store, after looking at its files and copying them. The caller checks the heads and then keeps
 * the copy or sets it apart.
 *
 * @throws Fault `store.not-found`, `store.format-unsupported`, `store.wrong-state`, `store.locked`, `store.head-missing`,
 *   `store.damaged`, `store.keys-missing`, `store.keys-damaged`, `store.journal-missing`,
 *   `store.journal-damaged`, `store.io-failed`
 */
export async function reopenHome(home: string, state?: StateId): Promise<ReopenedHome> {
  const paths = homePaths(home);
  // Looked for before anything is made: a mistyped path stays as it is.
  const marker = await readMarker(paths.marker);
  if (marker === undefined) throw new Fault('store.not-found', 'the directory holds no store');
  if (state !== undefined && state !== marker.state) {
    throw new Fault('store.wrong-state', 'the store belongs to another state');
  }
  const lock = await lockHome(paths.lock);
  try {
    const head = await readAuditHead(paths.auditHead);
    await checkBeforeOpening(paths.database, head);
    const keys = await RecordKeys.open(new DiskKeyFile(paths.recordKeys));
    const journal = await ErasureJournal.open(new DiskJournalFile(paths.erasureJournal));
    const copy = await copyBeforeOpening(paths);
    const engine = await openLevelEngine(paths.database, { create: false }).catch(async (error: unknown) => {
      await giveUp(copy, error);
      throw error;
    });
    return { paths, engine, keeping: { keys, journal }, state: marker.state, lock, head, copy };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The copy of an opening that failed: evidence where the store is damaged, and only in the way where the disk is full. */
export async function giveUp(copy: PreOpenCopy, error: unknown): Promise<void> {
  const isDamage = isFault(error) && error.code !== 'store.io-failed';
  // What made the opening fail is what the caller has to know.
  await (isDamage ? copy.setApart() : copy.discard()).catch(() => undefined);
}
