import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';

/** What a key of the node is for. A key has one use only (formats.md §5.2). */
export type KeyPurpose = 'root' | 'record' | 'log' | 'witness' | 'transport';

const SEED_BYTES = 32;
const MAX_KEY_FILE_BYTES = 256;

/** Writes an Ed25519 seed for its owner only; never over an existing file. */
export function writeSeed(path: string, purpose: KeyPurpose, seed: Uint8Array): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `comity-seed/1 ${purpose} ${toHex(seed)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Reads a seed back. @throws Fault keys.missing, keys.permissions, keys.malformed */
export function readSeed(path: string, purpose: KeyPurpose): Uint8Array {
  let mode: number;
  let text: string;
  try {
    const info = statSync(path);
    mode = info.mode;
    if (info.size > MAX_KEY_FILE_BYTES)
      throw new Fault('keys.malformed', `${path} is no key file`, { fields: { path } });
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('keys.missing', `cannot read the ${purpose} key at ${path}`, {
      fields: { path, purpose },
      cause,
    });
  }
  if ((mode & 0o077) !== 0) {
    throw new Fault('keys.permissions', `${path} can be read by others`, {
      fields: { path, mode: (mode & 0o777).toString(8) },
    });
  }
  const match = /^comity-seed\/1 ([a-z]+) ([0-9a-f]{64})\n$/.exec(text);
  if (match?.[1] !== purpose || match[2] === undefined) {
    throw new Fault('keys.malformed', `${path} does not hold a ${purpose} key`, {
      fields: { path, purpose },
    });
  }
  const seed = fromHex(match[2]);
  if (seed.length !== SEED_BYTES)
    throw new Fault('keys.malformed', `${path} does not hold a ${purpose} key`, {
      fields: { path, purpose },
    });
  return seed;
}
