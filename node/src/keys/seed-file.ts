import { fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { readKeyText, writeKeyText } from './key-file.ts';

/** What a key of the node is for. A key has one use only (formats.md §5.2). */
export type KeyPurpose = 'root' | 'record' | 'log' | 'witness' | 'transport';

/** Writes an Ed25519 seed for its owner only; never over an existing file. */
export function writeSeed(path: string, purpose: KeyPurpose, seed: Uint8Array): void {
  writeKeyText(path, `comity-seed/1 ${purpose} ${toHex(seed)}\n`);
}

/** Reads a seed back. @throws Fault keys.missing, keys.permissions, keys.malformed */
export function readSeed(path: string, purpose: KeyPurpose): Uint8Array {
  const text = readKeyText(path, `the ${purpose} key`);
  const match = /^comity-seed\/1 ([a-z]+) ([0-9a-f]{64})\n$/.exec(text);
  if (match?.[1] !== purpose || match[2] === undefined) {
    throw new Fault('keys.malformed', `${path} does not hold a ${purpose} key`, {
      fields: { path, purpose },
    });
  }
  return fromHex(match[2]);
}
