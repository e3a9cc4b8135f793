import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openLevelEngine } from '../engine/level-engine.ts';
import { temporaryDirectories } from '../sample.test-support.ts';
import { crc32c } from './crc32c.ts';
import { checkLogFile } from './log-file.ts';
import { checkTableFile } from './table-file.ts';

const temporaryDirectory = temporaryDirectories(afterAll);

/** Files as LevelDB makes them: batches of 1 to 40 KB, so that records are whole, in pieces and over several blocks. */
async function madeByLevel(batches: number, reopen: boolean): Promise<{ database: string; names: string[] }> {
  const database = join(await temporaryDirectory(), 'db');
  const engine = await openLevelEngine(database, { create: true });
  for (let batch = 0; batch < batches; batch += 1) {
    const value = new Uint8Array((batch * 7_919) % 40_000).fill(batch);
    await engine.commit([
      { type: 'put', key: Uint8Array.of(1, batch), value },
      { type: 'put', key: Uint8Array.of(2, batch), value: Uint8Array.of(batch) },
      { type: 'del', key: Uint8Array.of(3, batch) },
    ]);
  }
  await engine.close();
  // Opening writes what was in the log into tables.
  if (reopen) await (await openLevelEngine(database, { create: false })).close();
  return { database, names: await readdir(database) };
}

async function readOnly(database: string, names: string[], form: RegExp): Promise<Uint8Array> {
  const name = names.find((candidate) => form.test(candidate));
  return new Uint8Array(await readFile(join(database, name as string)));
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
  return flipped;
}

test('CRC-32C has its known values', () => {
  const of = (bytes: Uint8Array) => crc32c(bytes, 0, bytes.length);
  expect(of(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  // RFC 3720, B.4.
  expect(of(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(of(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(of(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
  expect(of(Uint8Array.from({ length: 32 }, (_, index) => 31 - index))).toBe(0x113fdb5c);
  expect(crc32c(new TextEncoder().encode('xx123456789x'), 2, 11)).toBe(0xe3069283);
});

describe('a write-ahead log', async () => {
  const { database, names } = await madeByLevel(10, false);
  const log = await readOnly(database, names, /\.log$/);
  const whole = { durableBytes: log.length, batches: true };

  test('that is whole passes, and says which batch comes next', () => {
    const { damage, nextSequence } = checkLogFile(log, whole);
    expect(damage).toBeUndefined();
    expect(nextSequence).toBe(1 + 3 * 10);
    expect(checkLogFile(log, { ...whole, firstSequence: 1 }).damage).toBeUndefined();
    expect(checkLogFile(new Uint8Array(0), { durableBytes: 0, batches: true })).toEqual({});
  });

  test('whose batch begins so near the end of a block that its header goes on in the next one is whole', async () => {
    const logOf = async (...valueLengths: readonly number[]): Promise<Uint8Array> => {
      const at = join(await temporaryDirectory(), 'db');
      const engine = await openLevelEngine(at, { create: true });
      for (const length of valueLengths)
        await engine.commit([{ type: 'put', key: Uint8Array.of(1), value: new Uint8Array(length).fill(7) }]);
      await engine.close();
      return readOnly(at, await readdir(at), /\.log$/);
    };
    const around = (await logOf(30_000)).length - 30_000;
    for (let left = 0; left <= 24; left += 1) {
      const near = await logOf(32_768 - left - around, 100, 100);
      const { damage, nextSequence } = checkLogFile(near, { durableBytes: near.length, batches: true });
      expect({ left, damage, nextSequence }).toEqual({ left, damage: undefined, nextSequence: 4 });
      // The same with a batch that is missing before it is damage all the same.
      expect(
        checkLogFile(near, { durableBytes: near.length, batches: true, firstSequence: 2 }).damage,
      ).toBeDefined();
      // A crash cut the second batch off, wherever.
      for (let length = 32_768 - left + 1; length < 32_768 + 60; length += 1) {
        const cut = near.subarray(0, length);
        expect(checkLogFile(cut, { durableBytes: 32_768 - left, batches: true }).damage).toBeUndefined();
        expect(checkLogFile(cut, { durableBytes: near.length, batches: true }).damage).toBeDefined();
      }
    }
  });

  test('that does not continue the log before it is damage', () => {
    expect(checkLogFile(log, { ...whole, firstSequence: 2 }).damage?.atByte).toBe(0);
  });

  test('with any bit flipped is damage, but for the filling of blocks', () => {
    const filling = new Set<number>();
    for (let at = 0; at < log.length; at += 1)
      if (log[at] === 0 && at % 32_768 >= 32_768 - 6) filling.add(at);
    for (let bit = 0; bit < 8 * log.length; bit += 8 * 191 + 1) {
      const { damage } = checkLogFile(flip(log, bit), whole);
      if (damage === undefined) expect(filling.has(bit >> 3)).toBe(true);
      else expect(damage.atByte).toBeLessThanOrEqual(bit >> 3);
    }
  });

  test('that lost bytes which were on disk is damage, wherever it was cut', () => {
    for (let length = 0; length < log.length; length += 509) {
      expect(checkLogFile(log.subarray(0, length), whole).damage).toBeDefined();
    }
  });

  test('whose last write was cut off by a crash is no damage', () => {
    // The bytes before the last batch were known to be on disk.
    const { durableBytes } = lastBatch(log);
    const beyond = { durableBytes, batches: true };
    for (let length = durableBytes; length < log.length; length += 101) {
      const cut = checkLogFile(log.subarray(0, length), beyond);
      expect(cut.damage).toBeUndefined();
      expect(cut.nextSequence).toBe(1 + 3 * 9);
    }
  });

  test('whose last write is full of zeros or rubbish after a power cut is no damage', () => {
    const { durableBytes } = lastBatch(log);
    for (const filler of [0, 0xa5]) {
      for (let from = durableBytes; from < log.length; from += 1_009) {
        for (const length of [512, 4_096, log.length]) {
          const torn = log.slice();
          torn.fill(filler, from, Math.min(from + length, log.length));
          expect(checkLogFile(torn, { durableBytes, batches: true }).damage).toBeUndefined();
        }
      }
    }
  });

  test('in which a later batch follows a damaged one is damage, although nothing is known of what was on disk', () => {
    const { durableBytes } = lastBatch(log);
    let missed = 0;
    for (let bit = 0; bit < 8 * durableBytes; bit += 8 * 389 + 5) {
      const { damage } = checkLogFile(flip(log, bit), { durableBytes: 0, batches: true });
      const at = bit >> 3;
      if (damage === undefined && at % 32_768 < 32_768 - 6) missed += 1;
    }
    // A flipped length can hide the next beginning inside the last block, and nothing else can.
    expect(missed).toBe(0);
  });

  test('whose batches are out of sequence is damage, although each is intact', () => {
    const { durableBytes } = lastBatch(log);
    const first = firstBatchBytes(log);
    const without = log.slice(first, durableBytes);
    expect(checkLogFile(without, { durableBytes: 0, batches: true, firstSequence: 1 }).damage).toBeDefined();
  });
});

test('a manifest passes, and fails with a bit flipped or with its end cut off', async () => {
  const { database, names } = await madeByLevel(20, true);
  const manifest = await readOnly(database, names, /^MANIFEST/);
  const expectation = { durableBytes: manifest.length, batches: false };
  expect(checkLogFile(manifest, expectation).damage).toBeUndefined();
  for (let bit = 0; bit < 8 * manifest.length; bit += 1) {
    expect(checkLogFile(flip(manifest, bit), expectation).damage).toBeDefined();
  }
  for (let length = 0; length < manifest.length; length += 1) {
    expect(checkLogFile(manifest.subarray(0, length), expectation).damage).toBeDefined();
  }
});

describe('a table', async () => {
  const { database, names } = await madeByLevel(10, true);
  const table = await readOnly(database, names, /\.ldb$/);

  test('that is whole passes', async () => {
    for (const name of names.filter((candidate) => candidate.endsWith('.ldb'))) {
      expect(checkTableFile(new Uint8Array(await readFile(join(database, name))))).toBeUndefined();
    }
  });

  test('with any bit flipped fails, but for the filling of its footer', () => {
    const filling = (at: number) => at >= table.length - 48 && at < table.length - 8;
    for (let bit = 0; bit < 8 * table.length; bit += 8 * 211 + 3) {
      if (checkTableFile(flip(table, bit)) === undefined) expect(filling(bit >> 3)).toBe(true);
    }
    for (let bit = 8 * (table.length - 400); bit < 8 * table.length; bit += 1) {
      if (checkTableFile(flip(table, bit)) === undefined) expect(filling(bit >> 3)).toBe(true);
    }
  });

  test('that was cut fails, wherever', () => {
    for (let length = 0; length < table.length; length += 3_001) {
      expect(checkTableFile(table.subarray(0, length))).toBeDefined();
    }
  });
});

/** Where the last batch begins, found by cutting until one batch fewer is left. */
function lastBatch(log: Uint8Array): { durableBytes: number } {
  let low = 0;
  let high = log.length;
  const all = 1 + 3 * 9;
  const holds = (length: number) => {
    const { nextSequence } = checkLogFile(log.subarray(0, length), { durableBytes: 0, batches: true });
    return (nextSequence ?? 1) >= all;
  };
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return { durableBytes: low };
}

function firstBatchBytes(log: Uint8Array): number {
  return 7 + (log[4] as number) + (log[5] as number) * 256;
}
