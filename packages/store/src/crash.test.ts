import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { recordToErase } from './crash-eraser.test-support.ts';
import { Store, WriteSet } from './index.ts';
import { decodeKeyState } from './keys/key-state.ts';
import { ARCADIA, recordsOfTurn, temporaryDirectories } from './sample.test-support.ts';

const temporaryDirectory = temporaryDirectories(afterAll);

const writer = fileURLToPath(new URL('./crash-writer.test-support.ts', import.meta.url));
const eraser = fileURLToPath(new URL('./crash-eraser.test-support.ts', import.meta.url));
const CYCLES = 24;

/** When a writer is killed: after its first confirmation, or after its start, perhaps while it opens the store. */
interface Life {
  readonly from: 'start' | 'first confirmation';
  readonly lengthMs: number;
}

/** Lets a process work, kills it at some moment, and gives the lines that it had written. */
async function killed(args: readonly string[], life: Life): Promise<string[]> {
  const child = spawn(process.execPath, ['--conditions=source', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const killLater = () => setTimeout(() => child.kill('SIGKILL'), life.lengthMs);
  if (life.from === 'start') killLater();
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    if (output === '' && life.from === 'first confirmation') killLater();
    output += text;
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return output.split('\n').slice(0, -1);
}

/** Lets a process write, kills it at some moment, and gives the turns that it had confirmed. */
async function killedWriter(home: string, firstTurn: number, life: Life): Promise<number[]> {
  const lines = await killed([writer, home, String(firstTurn)], life);
  for (const line of lines) {
    const [, size, seen] = line.split(' ').map(Number) as [number, number, number];
    // Whoever got a confirmation sees what was confirmed.
    expect(seen).toBeGreaterThanOrEqual(size);
  }
  return lines.map((line) => Number.parseInt(line, 10));
}

test('what was confirmed survives kill -9, and what was not is whole or absent', async () => {
  const home = join(await temporaryDirectory(), 'store');
  await (await Store.create(home, { state: ARCADIA })).close();
  const confirmed = new Set<number>();
  let next = 0;
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const spread = (cycle * 7_919) % 120;
    const life: Life =
      cycle % 4 === 3
        ? { from: 'start', lengthMs: 150 + 3 * spread }
        : { from: 'first confirmation', lengthMs: 1 + spread };
    const turns = await killedWriter(home, next, life);
    for (const turn of turns) confirmed.add(turn);

    await using store = await Store.open(home);
    const present = new Set<number>();
    const log = await store.log('origin');
    for await (const chunk of log.entries(0)) for (const { note } of chunk) present.add(note as number);
    expect(log.size).toBe(3 * present.size);
    expect(store.auditTip.sequence).toBe(present.size);
    expect(store.commits).toBe(present.size);
    for (const turn of confirmed) expect(present.has(turn)).toBe(true);
    const first = next;
    next = Math.max(next - 1, ...present) + 1;
    // What earlier cycles left is looked at by fsck, now and then.
    for (let turn = first; turn < next; turn += 1) {
      const ids = recordsOfTurn(turn).map(({ header }) => header.id);
      const here = (await store.records().getMany(ids)).filter((record) => record !== undefined).length;
      expect(here).toBe(present.has(turn) ? 3 : 0);
    }
    if (cycle % 6 === 5) expect((await store.fsck()).findings).toEqual([]);
  }
  expect(confirmed.size).toBeGreaterThan(CYCLES);
}, 300_000);

test('what was confirmed to be erased is, after kill -9 at any moment, and what was not is whole or erased', async () => {
  const home = join(await temporaryDirectory(), 'store');
  const count = 400;
  {
    await using store = await Store.create(home, { state: ARCADIA });
    const set = new WriteSet();
    for (let number = 0; number < count; number += 1) set.putRecord(recordToErase(number));
    await store.commit(set);
  }
  let done = 0;
  for (let cycle = 0; cycle < 12; cycle += 1) {
    const life: Life = { from: 'first confirmation', lengthMs: 1 + ((cycle * 7_919) % 90) };
    const confirmed = (await killed([eraser, home, String(done), String(count)], life)).map(Number);
    await using store = await Store.open(home);
    // No name of a state from before is left, and the file fits what the store says.
    expect((await readdir(home)).filter((name) => name.startsWith('record-keys'))).toEqual(['record-keys']);
    const { tree } = decodeKeyState(new Uint8Array(await readFile(join(home, 'record-keys'))));
    const end = Math.max(done, ...confirmed) + 3;
    for (let number = done; number < Math.min(end, count); number += 1) {
      const { id } = recordToErase(number).header;
      const [record, tombstone] = [await store.records().get(id), await store.records().tombstone(id)];
      const isDone = number % 2 === 0 ? tombstone !== undefined : record?.disclosures.length === 1;
      if (confirmed.includes(number)) expect(isDone).toBe(true);
      expect(record === undefined).toBe(tombstone !== undefined);
      // The first commit of the store gave each record the key of its own number.
      expect(tree.keyOf(number) === undefined).toBe(isDone);
    }
    done = Math.max(done, ...confirmed.map((number) => number + 1));
    if (cycle % 4 === 3) expect((await store.fsck()).findings).toEqual([]);
  }
  expect(done).toBeGreaterThan(12);
}, 120_000);
