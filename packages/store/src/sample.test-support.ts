import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFault } from '@comity/fault';

export * from './sample-record.test-support.ts';

/**
 * Makes directories that go when the tests of the file have ended: with vitest's `afterAll`, which files that are no
 * tests do not import.
 */
export function temporaryDirectories(afterAll: (clean: () => Promise<void>) => void): () => Promise<string> {
  const directories: string[] = [];
  afterAll(async () => {
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  });
  return async () => {
    const directory = await mkdtemp(join(tmpdir(), 'comity-store-'));
    directories.push(directory);
    return directory;
  };
}

/** The code of what a promise rejects with; undefined where it resolves. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}
