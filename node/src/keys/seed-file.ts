import { fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { readKeyText, writeKeyText } from './key-file.ts';
import { givenPassphrase } from './passphrase.ts';
import { isSealedText, openSeed, SealingKeys } from './sealed-seed.ts';

/** What a key of the node is for. A key has one use only (formats.md §5.2). */
export type KeyPurpose = 'root' | 'record' | 'log' | 'witness' | 'transport' | 'delegate';

/** How a seed is read. */
export interface ReadOptions {
  /** Where the passphrase of a sealed one comes from; asked for only then. */
  readonly passphrase?: () => Uint8Array;
  /** Whether systemd has put it there: its access list shows as readable by the group. */
  readonly isCredential?: boolean;
}

/** Keys are sealed with one salt in a home: the passphrase is stretched once for all of them. */
const sealing = new SealingKeys();

/** The file of a seed that is not sealed. */
export function seedText(purpose: KeyPurpose, seed: Uint8Array): string {
  return `comity-seed/1 ${purpose} ${toHex(seed)}\n`;
}

/** Writes an Ed25519 seed for its owner only; never over an existing file. */
export function writeSeed(path: string, purpose: KeyPurpose, seed: Uint8Array): void {
  writeKeyText(path, seedText(purpose, seed));
}

/**
 * Reads a seed back, sealed or not.
 *
 * @throws Fault keys.missing, keys.permissions, keys.malformed, keys.passphrase-missing, keys.wrong-passphrase
 */
export function readSeed(path: string, purpose: KeyPurpose, options: ReadOptions = {}): Uint8Array {
  const { passphrase = givenPassphrase, isCredential = false } = options;
  const text = readKeyText(path, `the ${purpose} key`, { isCredential });
  if (isSealedText(text)) return openSeed(text, { path, purpose }, passphrase, sealing);
  const { purpose: found, seed } = plainSeed(text) ?? {};
  if (found !== purpose || seed === undefined) {
    throw new Fault('keys.malformed', `${path} does not hold a ${purpose} key`, {
      fields: { path, purpose },
    });
  }
  return seed;
}

/** What a file holds in the clear; undefined where it is no file of a seed, or a sealed one. */
export function plainSeed(
  text: string,
): { readonly purpose: KeyPurpose; readonly seed: Uint8Array } | undefined {
  const match = /^comity-seed\/1 (root|record|log|witness|transport|delegate) ([0-9a-f]{64})\n$/.exec(text);
  if (match?.[2] === undefined) return undefined;
  return { purpose: match[1] as KeyPurpose, seed: fromHex(match[2]) };
}
