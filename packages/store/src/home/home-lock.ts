import { rm } from 'node:fs/promises';
import { Fault } from '@comity/fault';
import { Level } from 'level';

/** Held as long as the process lives or until it is released. */
export interface HomeLock {
  release(): Promise<void>;
}

/**
 * Locks a home before anything in it is looked at: files of a store that another process writes to look damaged.
 *
 * An empty LevelDB is the lock, because its lock file is one of the kernel's, which ends with the process however the
 * process ends. Node offers no other without a native add-on. What is in it is never read.
 *
 * @throws Fault `store.locked`, `store.io-failed`
 */
export async function lockHome(path: string): Promise<HomeLock> {
  try {
    return await open(path);
  } catch (error) {
    const code = error instanceof Error ? (error.cause as { code?: unknown } | undefined)?.code : undefined;
    if (code === 'LEVEL_LOCKED') {
      throw new Fault('store.locked', 'another process has the store open', { cause: error });
    }
    // Damaged, and so not locked by anyone: a lock is taken before the files are read.
    await rm(path, { recursive: true, force: true });
    return await open(path).catch((cause: unknown) => {
      throw new Fault('store.io-failed', 'the lock of the store cannot be taken', { cause });
    });
  }
}

async function open(path: string): Promise<HomeLock> {
  const database = new Level(path, { writeBufferSize: 64 * 1024, cacheSize: 0 });
  await database.open();
  return { release: () => database.close() };
}
