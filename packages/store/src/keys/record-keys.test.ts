import { sha256 } from '@comity/digest';
import { expect, test } from 'vitest';
import { codeOf, codeThrownBy } from '../sample.test-support.ts';
import { type KeyFile, MemoryKeyFile } from './key-file.ts';
import { decodeKeyState, encodeKeyState, MAX_SUBTREES } from './key-state.ts';
import { KEY_NUMBERS, KeyTree } from './key-tree.ts';
import { RecordKeys } from './record-keys.ts';

const confirmed = async () => {};

async function created() {
  const file = new MemoryKeyFile();
  return { file, keys: await RecordKeys.create(file) };
}

test('numbers are given to one alone, side by side and after every opening', async () => {
  const { file, keys } = await created();
  const taken = new Set<number>();
  const take = async (from: RecordKeys, count: number) => {
    const first = await from.claim(count, confirmed);
    for (let added = 0; added < count; added += 1) {
      expect(taken.has(first + added)).toBe(false);
      taken.add(first + added);
    }
  };
  await Promise.all(Array.from({ length: 300 }, (_, turn) => take(keys, 1 + (turn % 997))));
  // Across the end of what is reserved at a time, and more than that at once.
  for (const count of [40_000, 40_000, 70_000, 1]) await take(keys, count);
  await take(await RecordKeys.open(file), 3);
  await take(await RecordKeys.open(file), 100_000);
  await Promise.all([take(keys, 0), take(keys, 0)]);
});

test('a revision is confirmed when it is in the file, and one after the other', async () => {
  const { file, keys } = await created();
  const revisions: number[] = [];
  const confirm = async (revision: number) => {
    expect(decodeKeyState(file.bytes as Uint8Array).revision).toBe(revision);
    revisions.push(revision);
  };
  await Promise.all([
    keys.destroy([3], 1, confirm),
    keys.claim(100_000, confirm),
    keys.destroy([4], 2, confirm),
  ]);
  expect(revisions).toEqual([2, 3, 4]);
  expect(keys.revision).toBe(4);
  expect(keys.destroyedAtRevision).toBe(4);
  expect(keys.journaled).toBe(2);
  expect((await RecordKeys.open(file)).journaled).toBe(2);
  expect((await RecordKeys.open(file)).store).toEqual(keys.store);
});

test('destroyed keys are in no state of the file, and the others are what they were', async () => {
  const { file, keys } = await created();
  const before = Array.from({ length: 40 }, (_, number) => keys.keyOf(number));
  const ofNow = keys.ofNow();
  await keys.destroy([7, 8], 2, confirmed);
  await keys.destroy([8, 30], 3, confirmed);
  for (const each of [keys, await RecordKeys.open(file)]) {
    for (const [number, secret] of before.entries()) {
      expect(each.keyOf(number)).toBe([7, 8, 30].includes(number) ? undefined : secret);
    }
  }
  // One moment of the keys stays what it was, for whoever reads one moment of the engine.
  expect(ofNow.keyOf(7)).toBe(before[7]);
});

test('keys of two stores have nothing in common', async () => {
  const [one, other] = [await created(), await created()];
  expect(one.keys.store).not.toEqual(other.keys.store);
  expect(one.keys.keyOf(0)).not.toBe(other.keys.keyOf(0));
});

test('a file that is missing, cut, longer or changed in any bit is refused', async () => {
  const { file, keys } = await created();
  expect(await codeOf(RecordKeys.open(new MemoryKeyFile()))).toBe('store.keys-missing');
  await keys.destroy([1], 1, confirmed);
  const bytes = file.bytes as Uint8Array;
  const openCode = (changed: Uint8Array) => codeThrownBy(() => decodeKeyState(changed));
  expect(openCode(bytes)).toBeUndefined();
  for (let at = 0; at < bytes.length; at += 1) {
    const flipped = bytes.slice();
    flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
    expect(openCode(flipped)).toBe('store.keys-damaged');
    expect(openCode(bytes.subarray(0, at))).toBe('store.keys-damaged');
  }
  expect(openCode(Uint8Array.from([...bytes, 0]))).toBe('store.keys-damaged');
});

test('a file that passes its checksum and contradicts itself is refused', () => {
  const state = {
    store: new Uint8Array(16),
    revision: 5,
    destroyedAtRevision: 3,
    reserved: 10,
    journaled: 2,
    tree: KeyTree.ofRoot(new Uint8Array(32)).without([2, 4]),
  };
  const code = (change: object) =>
    codeThrownBy(() => decodeKeyState(encodeKeyState({ ...state, ...change })));
  const secret = new Uint8Array(32);
  expect(code({})).toBeUndefined();
  expect(code({ tree: new KeyTree([]) })).toBeUndefined();
  for (const change of [
    { destroyedAtRevision: 6 },
    { reserved: KEY_NUMBERS + 1 },
    { journaled: 2 ** 53 },
    { tree: new KeyTree([{ first: 8, height: 1, secret }]) },
    { tree: new KeyTree([{ first: 0, height: 11, secret }]) },
  ]) {
    expect(code(change)).toBe('store.keys-damaged');
  }
  // Counts are judged before anything is read by them.
  const bytes = encodeKeyState(state);
  new DataView(bytes.buffer).setBigUint64(22 + 16 + 4 * 8, BigInt(MAX_SUBTREES + 1));
  bytes.set(sha256(bytes.subarray(0, -32)), bytes.length - 32);
  expect(codeThrownBy(() => decodeKeyState(bytes))).toBe('store.keys-damaged');
});

test('what a file could not hold is refused before anything is done', async () => {
  const { keys } = await created();
  const apart = (count: number, by: number) => Array.from({ length: count }, (_, index) => index * by);
  expect(codeThrownBy(() => keys.requireRoom(apart(50_000, 2 ** 24)))).toBe('store.keys-exhausted');
  expect(codeThrownBy(() => keys.requireRoom(apart(50_000, 1)))).toBeUndefined();
  expect(await codeOf(keys.claim(KEY_NUMBERS + 1, confirmed))).toBe('store.keys-exhausted');
});

test('a file that cannot be written changes nothing in memory, and nothing is written after the end', async () => {
  const memory = new MemoryKeyFile();
  let fails = false;
  const file: KeyFile = {
    read: () => memory.read(),
    discardLeftovers: () => memory.discardLeftovers(),
    replace: async (bytes) => {
      if (fails) throw new Error('EIO');
      await memory.replace(bytes);
    },
  };
  const keys = await RecordKeys.create(file);
  fails = true;
  await expect(keys.destroy([0], 1, confirmed)).rejects.toThrow('EIO');
  await expect(keys.claim(70_000, confirmed)).rejects.toThrow('EIO');
  expect(keys.keyOf(0)).toBeDefined();
  expect(keys.revision).toBe(1);
  fails = false;
  await keys.close();
  expect(await codeOf(keys.destroy([0], 1, confirmed))).toBe('store.closed');
  expect((await RecordKeys.open(memory)).keyOf(0)).toBeDefined();
});
