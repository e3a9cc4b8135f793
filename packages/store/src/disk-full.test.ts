import { execFileSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FaultyEngine, MemoryEngine, MemoryMedium, Store, WriteSet } from './index.ts';
import {
  ARCADIA,
  codeOf,
  recordsOfTurn,
  sampleLeaf,
  sampleRecord,
  temporaryDirectories,
} from './sample.test-support.ts';

const temporaryDirectory = temporaryDirectories(afterAll);

const mounted: string[] = [];

afterAll(() => {
  for (const path of mounted) execFileSync('umount', [path]);
});

/** A file system of this size, where the process may mount one. */
function mountSmall(path: string, megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
    mounted.push(path);
    return true;
  } catch {
    return false;
  }
}

/** Leaves eight megabytes free. */
async function fillUp(directory: string, ballast: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  await writeFile(ballast, new Uint8Array(Math.max(0, bavail * bsize - 8 * 1024 * 1024)));
}

function setOf(turn: number, ballastBytes: number): WriteSet {
  const set = new WriteSet().audit({ atSeconds: turn, event: 'turn' });
  for (const record of recordsOfTurn(turn)) {
    const disclosures = [new Uint8Array(ballastBytes).fill(turn)];
    set.putRecord({ ...record, disclosures }).append('origin', [{ leaf: sampleLeaf(record), note: turn }]);
  }
  return set;
}

/** That everything confirmed is there, and everything there is whole. */
async function expectWhole(store: Store, confirmed: readonly number[]): Promise<void> {
  const log = await store.log('origin');
  const present = new Set<number>();
  for await (const chunk of log.entries(0)) for (const { note } of chunk) present.add(note as number);
  for (const turn of confirmed) expect(present.has(turn)).toBe(true);
  expect(log.size).toBe(3 * present.size);
  for (const turn of present) {
    const found = await store.records().getMany(recordsOfTurn(turn).map(({ header }) => header.id));
    expect(found.every((record) => record !== undefined)).toBe(true);
  }
  expect((await store.fsck()).findings).toEqual([]);
}

test('at every write that fails, lost or only unconfirmed, nothing confirmed is lost', async () => {
  for (const failure of ['lost', 'unconfirmed'] as const) {
    for (let atWrite = 1; ; atWrite += 1) {
      const medium = new MemoryMedium();
      let faulty: FaultyEngine | undefined;
      const decorateEngine = (engine: MemoryEngine | FaultyEngine) => {
        faulty = new FaultyEngine(engine, { atWrite, failure });
        return faulty;
      };
      const options = { state: ARCADIA, decorateEngine: decorateEngine as never };
      const opened = await Store.onEngine(new MemoryEngine(medium), options).catch(() => undefined);
      const confirmed: number[] = [];
      if (opened !== undefined) {
        // Alone, side by side, and alone again.
        for (const turns of [[0], [1, 2, 3, 4], [5]]) {
          const results = await Promise.allSettled(turns.map((turn) => opened.commit(setOf(turn, 10))));
          results.forEach(({ status }, index) => {
            if (status === 'fulfilled') confirmed.push(turns[index] as number);
          });
        }
        if ((faulty?.writes ?? 0) >= atWrite) expect(opened.stopped).toBe(true);
        await opened.close();
      }
      const reopened = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
      await expectWhole(reopened, confirmed);
      await reopened.commit(setOf(6, 10));
      await expectWhole(reopened, [...confirmed, 6]);
      if ((faulty?.writes ?? 0) < atWrite) break;
    }
  }
});

test('a disk that fills up stops the store, and nothing confirmed is lost when it is opened again', async () => {
  const directory = join(await temporaryDirectory(), 'small');
  await mkdir(directory);
  const small = mountSmall(directory, 96);
  const home = join(directory, 'store');
  const ballast = join(directory, 'ballast');
  const ballastBytes = 40_000;
  // Where nothing can be mounted, the engine says what a full disk would.
  const faulted = small
    ? {}
    : { decorateEngine: (engine: never) => new FaultyEngine(engine, { atWrite: 20, failure: 'lost' }) };
  await (await Store.create(home, { state: ARCADIA })).close();
  const confirmed: number[] = [];
  let turn = 0;
  for (let round = 0; round < 3; round += 1) {
    const store = await Store.open(home, faulted as never);
    if (small) await fillUp(directory, ballast);
    let stoppedBy: string | undefined;
    while (stoppedBy === undefined && turn < 2_000) {
      stoppedBy = await codeOf(store.commit(setOf(turn, ballastBytes)));
      if (stoppedBy === undefined) confirmed.push(turn);
      turn += 1;
    }
    expect(stoppedBy).toMatch(/^store\.(write-failed|stopped)$/);
    // Space comes back: the same handle must not go on, for what LevelDB then acknowledges is lost later.
    await rm(ballast, { force: true });
    expect(await codeOf(store.commit(new WriteSet().putRecord(sampleRecord(9_999_999))))).toBe(
      'store.stopped',
    );
    expect(await codeOf(store.records().list())).toBe('store.stopped');
    await store.close();
    await using reopened = await Store.open(home);
    await expectWhole(reopened, confirmed);
    if (!small) break;
  }
  expect(confirmed.length).toBeGreaterThan(10);
}, 120_000);

test('a disk without room for the copies refuses the opening, and changes nothing', async () => {
  const directory = join(await temporaryDirectory(), 'small');
  await mkdir(directory);
  const home = join(directory, 'store');
  const small = mountSmall(directory, 16);
  await (await Store.create(home, { state: ARCADIA })).close();
  {
    await using store = await Store.open(home);
    for (let turn = 0; turn < 20; turn += 1) await store.commit(setOf(turn, 40_000));
  }
  const ballast = join(directory, 'ballast');
  const obstacle = join(home, 'pre-open');
  if (small) {
    const { bavail, bsize } = await statfs(directory);
    await writeFile(ballast, new Uint8Array(bavail * bsize - 64 * 1024));
  } else {
    await rm(obstacle, { recursive: true });
    await writeFile(obstacle, '');
  }
  for (let turn = 0; turn < 3; turn += 1) expect(await codeOf(Store.open(home))).toBe('store.io-failed');
  await rm(ballast, { force: true });
  if (!small) await rm(obstacle);
  await mkdir(obstacle, { recursive: true });
  await using store = await Store.open(home);
  await expectWhole(
    store,
    Array.from({ length: 20 }, (_, turn) => turn),
  );
});
