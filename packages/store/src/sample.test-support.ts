import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFault } from '@comity/fault';
import { afterAll } from 'vitest';

export * from './sample-record.test-support.ts';

const directories: string[] = [];

afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

/** A directory that goes when the tests of the file have ended. */
export async function temporaryDirectory(parent: string = tmpdir()): Promise<string> {
  const directory = await mkdtemp(join(parent, 'comity-store-'));
  directories.push(directory);
  return directory;
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
