import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import type { MemoryMedium } from './engine/memory-engine.ts';
import { RecordKeys } from './keys/record-keys.ts';
import type { SealedRow } from './layout/row-seal.ts';
import { contentRow } from './records/record-row.ts';

export * from './sample-record.test-support.ts';

/** A content row with any bytes, sealed as the store upon this medium would, under a number that it has not given out. */
export async function contentRowOn(
  medium: MemoryMedium,
  arrival: number,
  bytes: Uint8Array,
): Promise<SealedRow> {
  const record = { id: '' as RecordId, realm: 'real', arrival, bytes, disclosures: [], sources: [] } as const;
  return contentRow({ record, keyNumber: 2 ** 30 + arrival }, await RecordKeys.open(medium.keyFile));
}

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

/** The code of what a function throws; undefined where it returns. */
export function codeThrownBy(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
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
