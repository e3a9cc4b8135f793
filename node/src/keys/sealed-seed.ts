import crypto, { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Entropy, fromHex, sha256, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { argon2id } from '@noble/hashes/argon2.js';
import type { KeyPurpose } from './seed-file.ts';

/** What argon2id is to cost: memory in KiB, passes, lanes. The second choice of RFC 9106 §4, for machines that share memory. */
interface Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

const COST: Cost = { memoryKib: 65_536, passes: 3, lanes: 4 };
/** A file that asks for more is not waited for: whoever can write it could stop a node otherwise. */
const MOST: Cost = { memoryKib: 262_144, passes: 10, lanes: 16 };

const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'chacha20-poly1305';

const FILE =
  /^(comity-sealed-seed\/1 ([a-z]+) argon2id ([1-9]\d{0,6}) ([1-9]\d?) ([1-9]\d?) ([0-9a-f]{32})) ([0-9a-f]{24}) ([0-9a-f]{96})\n$/;

export function isSealedText(text: string): boolean {
  return text.startsWith('comity-sealed-seed/');
}

/** A key derived for one passphrase, salt and cost: four keys of a home that share a salt cost one derivation. */
export class SealingKeys {
  readonly #known = new Map<string, Uint8Array>();

  derive(passphrase: Uint8Array, salt: Uint8Array, { memoryKib, passes, lanes }: Cost): Uint8Array {
    const name = [toHex(sha256(passphrase)), toHex(salt), memoryKib, passes, lanes].join(' ');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const key = deriveKey(passphrase, salt, { memoryKib, passes, lanes });
    this.#known.set(name, key);
    return key;
  }
}

function deriveKey(passphrase: Uint8Array, salt: Uint8Array, { memoryKib, passes, lanes }: Cost): Uint8Array {
  try {
    // OpenSSL does it in a sixth of the time, and does not always have it: it came with Node.js 24.7.
    const given = { message: passphrase, nonce: salt, parallelism: lanes, memory: memoryKib, passes };
    return new Uint8Array(crypto.argon2Sync('argon2id', { ...given, tagLength: KEY_BYTES }));
  } catch {
    return argon2id(passphrase, salt, { m: memoryKib, t: passes, p: lanes, dkLen: KEY_BYTES });
  }
}

/**
 * The text of a file that holds a seed for whoever knows the passphrase. Purpose, cost and salt are in the clear and cannot be
 * changed.
 *
 * @param salt 16 bytes, which files that are opened together may share
 */
export function sealSeed(
  { purpose, seed }: { readonly purpose: KeyPurpose; readonly seed: Uint8Array },
  passphrase: Uint8Array,
  salt: Uint8Array,
  entropy: Entropy,
  keys: SealingKeys = new SealingKeys(),
): string {
  const { memoryKib, passes, lanes } = COST;
  const head = `comity-sealed-seed/1 ${purpose} argon2id ${memoryKib} ${passes} ${lanes} ${toHex(salt.subarray(0, SALT_BYTES))}`;
  const nonce = entropy(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keys.derive(passphrase, salt, COST), nonce, {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(Buffer.from(head), { plaintextLength: seed.length });
  const sealed = Buffer.concat([cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
  return `${head} ${toHex(nonce)} ${toHex(new Uint8Array(sealed))}\n`;
}

/**
 * Opens the text of a sealed seed.
 *
 * @throws Fault keys.malformed where it is none, or is of another purpose; keys.wrong-passphrase where it does not open
 */
export function openSeed(
  text: string,
  { path, purpose }: { readonly path: string; readonly purpose: KeyPurpose },
  passphrase: () => Uint8Array,
  keys: SealingKeys = new SealingKeys(),
): Uint8Array {
  const match = FILE.exec(text);
  const [, head = '', found, memory, passes, lanes, salt = '', nonce = '', sealed = ''] = match ?? [];
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const isTooMuch =
    cost.memoryKib > MOST.memoryKib ||
    cost.passes > MOST.passes ||
    cost.lanes > MOST.lanes ||
    cost.memoryKib < 8 * cost.lanes;
  if (match === null || found !== purpose || isTooMuch) {
    throw new Fault('keys.malformed', `${path} does not hold a sealed ${purpose} key`, {
      fields: { path, purpose },
    });
  }
  const bytes = fromHex(sealed);
  const key = keys.derive(passphrase(), fromHex(salt), cost);
  const decipher = createDecipheriv(CIPHER, key, fromHex(nonce), { authTagLength: TAG_BYTES });
  const length = bytes.length - TAG_BYTES;
  decipher.setAAD(Buffer.from(head), { plaintextLength: length });
  decipher.setAuthTag(bytes.subarray(length));
  try {
    return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(0, length)), decipher.final()]));
  } catch (cause) {
    throw new Fault('keys.wrong-passphrase', `the passphrase does not open ${path}`, {
      fields: { path },
      cause,
    });
  }
}
