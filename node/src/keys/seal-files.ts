import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Entropy } from '@comity/digest';
import { Fault } from '@comity/fault';
import { syncFolderOf } from '../process/replace-file.ts';
import { readKeyText, writeKeyText } from './key-file.ts';
import { isSealedText, openSeed, SealingKeys, sealSeed } from './sealed-seed.ts';
import { plainSeed } from './seed-file.ts';
import { tokenKeyOf } from './token-key-file.ts';

const SALT_BYTES = 16;
const random: Entropy = (byteLength) => new Uint8Array(randomBytes(byteLength));

/** The files of keys in a directory, in the order of their names. */
export function seedFilesIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^[a-z0-9.-]+\.key$/.test(name))
    .toSorted()
    .map((name) => join(directory, name));
}

/**
 * Seals files of seeds with a passphrase, each in one step: a file is as it was, or sealed and known to open again. Those that
 * are sealed already are left as they are, and those that only say that the key is on a token.
 *
 * @returns the files that were sealed
 * @throws Fault keys.missing, keys.permissions, keys.malformed before anything is written
 */
export function sealFiles(paths: readonly string[], passphrase: Uint8Array): string[] {
  const salt = random(SALT_BYTES);
  const keys = new SealingKeys();
  const plain = paths.flatMap((path) => {
    const text = readKeyText(path, 'the key');
    if (isSealedText(text) || tokenKeyOf(text) !== undefined) return [];
    const found = plainSeed(text);
    if (found === undefined)
      throw new Fault('keys.malformed', `${path} is no file of a seed`, { fields: { path } });
    return [{ path, ...found }];
  });
  for (const { path, purpose, seed } of plain) {
    const text = sealSeed({ purpose, seed }, passphrase, salt, random, keys);
    const opened = openSeed(text, { path, purpose }, () => passphrase, keys);
    if (Buffer.compare(opened, seed) !== 0)
      throw new Fault('fault.internal', 'a sealed key does not open as it was');
    replaceText(path, text);
  }
  return plain.map(({ path }) => path);
}

function replaceText(path: string, text: string): void {
  const draft = join(dirname(path), `.${basename(path)}.sealing`);
  // One that an earlier attempt has left holds nothing that is not in the file itself.
  rmSync(draft, { force: true });
  writeKeyText(draft, text);
  renameSync(draft, path);
  syncFolderOf(path);
}
