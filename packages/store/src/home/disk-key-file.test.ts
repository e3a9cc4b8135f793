import { link, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { MAX_KEY_FILE_BYTES } from '../keys/key-state.ts';
import { codeOf, temporaryDirectories } from '../sample.test-support.ts';
import { DiskKeyFile } from './disk-key-file.ts';

const temporaryDirectory = temporaryDirectories(afterAll);
const [first, second, third] = [1, 2, 3].map((fill) => new Uint8Array(150_000).fill(fill)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

async function made() {
  const directory = await temporaryDirectory();
  const path = join(directory, 'record-keys');
  const file = new DiskKeyFile(path);
  await file.replace(first);
  return { directory, path, file };
}

/** Another name for a file, by which its bytes can be seen after its own name is gone. */
async function witness(path: string): Promise<() => Promise<Uint8Array>> {
  const name = join(await temporaryDirectory(), 'witness');
  await link(path, name);
  return () => readFile(name);
}

const isZeros = (bytes: Uint8Array) => bytes.length > 0 && bytes.every((byte) => byte === 0);

test('what is replaced is overwritten before its name goes, and nothing else stays', async () => {
  const { directory, path, file } = await made();
  expect(await file.read()).toEqual(first);
  const ofFirst = await witness(path);
  await file.replace(second);
  expect(await file.read()).toEqual(second);
  expect(isZeros(await ofFirst())).toBe(true);
  expect(await readdir(directory)).toEqual(['record-keys']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await new DiskKeyFile(join(directory, 'other')).read()).toBeUndefined();
});

describe('a replacement that was cut off', () => {
  test.each<[string, (path: string) => Promise<void>, Uint8Array]>([
    [
      'while the new state was written',
      (path) => writeFile(`${path}.new`, second.subarray(0, 70_000)),
      first,
    ],
    ['before the first rename', (path) => writeFile(`${path}.new`, second), first],
    [
      'between the renames',
      async (path) => {
        await writeFile(`${path}.new`, second);
        await rename(path, `${path}.old`);
      },
      second,
    ],
    [
      'before the old state was destroyed',
      async (path) => {
        await rename(path, `${path}.old`);
        await writeFile(path, second);
      },
      second,
    ],
    ['by a directory that lost the new name', (path) => rename(path, `${path}.old`), first],
  ])('%s leaves one whole state, and the other is destroyed', async (_when, cut, expected) => {
    const { directory, path } = await made();
    await cut(path);
    const file = new DiskKeyFile(path);
    const bytes = await file.read();
    expect(bytes).toEqual(expected);
    const leftovers = (await readdir(directory)).filter((name) => name !== 'record-keys');
    const witnesses = await Promise.all(leftovers.map((name) => witness(join(directory, name))));
    await file.discardLeftovers();
    expect(await readdir(directory)).toEqual(['record-keys']);
    for (const read of witnesses) expect(isZeros(await read())).toBe(true);
    // And goes on as if nothing had been.
    await file.replace(third);
    expect(await file.read()).toEqual(third);
    expect(await readdir(directory)).toEqual(['record-keys']);
  });
});

test('leftovers are destroyed by the next replacement at the latest', async () => {
  const { directory, path, file } = await made();
  await writeFile(`${path}.new`, second);
  await writeFile(`${path}.old`, second);
  const reads = [await witness(`${path}.new`), await witness(`${path}.old`)];
  await file.replace(third);
  expect(await readdir(directory)).toEqual(['record-keys']);
  for (const read of reads) expect(isZeros(await read())).toBe(true);
});

test('a file that is longer than any state is not read', async () => {
  const { path, file } = await made();
  await rm(path);
  await writeFile(path, '');
  await truncate(path, MAX_KEY_FILE_BYTES + 1);
  expect(await codeOf(file.read())).toBe('store.keys-damaged');
});
