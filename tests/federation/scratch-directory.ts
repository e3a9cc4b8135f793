import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of one test, gone when the test is over. */
export interface ScratchDirectory extends AsyncDisposable {
  readonly path: string;
  /** A path inside. */
  at(...names: readonly string[]): string;
}

export async function scratchDirectory(): Promise<ScratchDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'comity-test-'));
  return {
    path,
    at: (...names) => join(path, ...names),
    // A process that was just killed may still be leaving files behind.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}
