import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { Fault } from '@comity/fault';
import type { KeySource } from '../keys/key-tree.ts';
import { extendRowBytes } from './row-arena.ts';
import { damagedRow, type SealedRow } from './row-seal.ts';

// A content row's value: tag, number of the key, nonce, ciphertext. The tag does what the digest does for other rows.
const CIPHER = 'aes-256-gcm';
const TAG_BYTES = 16;
const NUMBER_BYTES = 5;
const NONCE_BYTES = 12;
const NONCE_AT = TAG_BYTES + NUMBER_BYTES;
const TEXT_AT = NONCE_AT + NONCE_BYTES;
// A key as text is taken ten times as fast as one in a typed array, which Node copies into an object of its own first.
const OPTIONS = { authTagLength: TAG_BYTES, encoding: 'latin1' } as const;

/** What is sealed, written where it is to be sealed. */
export interface SealedPayload {
  readonly byteLength: number;
  write(target: Uint8Array, at: number): void;
}

/**
 * Makes a row whose payload nobody reads without the key of this number. The tag covers the row's key too: a value read
 * under another one is as conspicuous as a flipped bit. The key is used again only where a record gains disclosures, so
 * random nonces do not repeat.
 */
export function sealContent(
  key: Uint8Array,
  keyNumber: number,
  secret: string,
  payload: SealedPayload,
): SealedRow {
  const row = extendRowBytes(key, TEXT_AT + payload.byteLength);
  const value = row.subarray(key.length);
  writeNumber(value, keyNumber);
  const nonce = freshNonce();
  value.set(nonce, NONCE_AT);
  payload.write(value, TEXT_AT);
  const cipher = createCipheriv(CIPHER, secret, nonce, OPTIONS);
  cipher.setAAD(key);
  value.set(cipher.update(value.subarray(TEXT_AT)), TEXT_AT);
  cipher.final();
  value.set(cipher.getAuthTag());
  return { type: 'put', key, value };
}

/**
 * The payload of a content row, after its tag was checked; undefined where its key was destroyed.
 *
 * @throws Fault `store.row-damaged` with the name of the keyspace, never with content
 */
export function openContentRow(key: Uint8Array, value: Uint8Array, keys: KeySource): Uint8Array | undefined {
  const secret = keys.keyOf(keyNumberIn(key, value));
  if (secret === undefined) return undefined;
  const decipher = createDecipheriv(CIPHER, secret, value.subarray(NONCE_AT, TEXT_AT), OPTIONS);
  decipher.setAAD(key);
  decipher.setAuthTag(value.subarray(0, TAG_BYTES));
  const payload = decipher.update(value.subarray(TEXT_AT));
  try {
    decipher.final();
  } catch {
    throw damagedRow(key);
  }
  return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
}

/** The key of a number that was claimed and never destroyed. */
export function keyOfNumber(keys: KeySource, number: number): string {
  const secret = keys.keyOf(number);
  if (secret === undefined) throw new Fault('store.keys-damaged', 'a number that is in use has no key');
  return secret;
}

/** The number of the key that a content row is sealed under. @throws Fault `store.row-damaged` */
export function keyNumberIn(key: Uint8Array, value: Uint8Array): number {
  if (value.length < TEXT_AT) throw damagedRow(key);
  let number = 0;
  for (let at = TAG_BYTES; at < NONCE_AT; at += 1) number = number * 0x100 + (value[at] as number);
  return number;
}

function writeNumber(target: Uint8Array, number: number): void {
  let rest = number;
  for (let at = NONCE_AT - 1; at >= TAG_BYTES; at -= 1) {
    target[at] = rest;
    rest = Math.floor(rest / 0x100);
  }
}

/** Random bytes for nonces, in stock: asking for twelve at a time costs more than sealing. */
const stock = new Uint8Array(NONCE_BYTES * 512);
let stockAt = stock.length;

function freshNonce(): Uint8Array {
  if (stockAt === stock.length) {
    randomFillSync(stock);
    stockAt = 0;
  }
  stockAt += NONCE_BYTES;
  return stock.subarray(stockAt - NONCE_BYTES, stockAt);
}
