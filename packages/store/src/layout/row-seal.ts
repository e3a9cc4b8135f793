import { hash } from 'node:crypto';
import { Fault } from '@comity/fault';
import type { EngineOp } from '../engine/engine.ts';
import { keyspaceNameOf } from './keyspace.ts';
import { extendRowBytes } from './row-arena.ts';

/** A row ready to be written: its value is a digest, then the payload. */
export type SealedRow = Extract<EngineOp, { type: 'put' }>;

/** SHA-256 cut to 128 bits: against damage and mixed-up rows, not against who can write to the disk. */
export const ROW_DIGEST_BYTES = 16;

/**
 * Makes a row whose value carries its own digest, over key and payload: a value read under another key is as
 * conspicuous as a flipped bit (reliability §3, rule 3). The payload may come in pieces. Pure, so a worker thread can
 * do it.
 */
export function sealRow(key: Uint8Array, ...payload: readonly Uint8Array[]): SealedRow {
  let addedBytes = ROW_DIGEST_BYTES;
  for (const piece of payload) addedBytes += piece.length;
  // Key, room for the digest, payload: what is hashed and what is stored are views of the same bytes.
  const row = extendRowBytes(key, addedBytes);
  const valueAt = key.length;
  let at = valueAt + ROW_DIGEST_BYTES;
  for (const piece of payload) {
    row.set(piece, at);
    at += piece.length;
  }
  const digest = digestText(row);
  for (let index = 0; index < ROW_DIGEST_BYTES; index += 1) row[valueAt + index] = digest.charCodeAt(index);
  return { type: 'put', key, value: row.subarray(valueAt) };
}

let scratch = new Uint8Array(64 * 1024);

/**
 * The payload of a row that was read, after its digest was checked.
 *
 * @throws Fault `store.row-damaged` with the name of the keyspace, never with content
 */
export function openRow(key: Uint8Array, value: Uint8Array): Uint8Array {
  if (value.length < ROW_DIGEST_BYTES) throw damagedRow(key);
  const byteLength = key.length + value.length;
  if (byteLength > scratch.length) scratch = new Uint8Array(2 * byteLength);
  scratch.set(key);
  scratch.set(value, key.length);
  // The digest was taken while its own place held zeros.
  scratch.fill(0, key.length, key.length + ROW_DIGEST_BYTES);
  const digest = digestText(scratch.subarray(0, byteLength));
  for (let at = 0; at < ROW_DIGEST_BYTES; at += 1) {
    if (value[at] !== digest.charCodeAt(at)) throw damagedRow(key);
  }
  return value.subarray(ROW_DIGEST_BYTES);
}

/** As text of one character a byte: a digest as Buffer costs five times as much as computing it. */
function digestText(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'binary');
}

export function damagedRow(key: Uint8Array): Fault {
  const keyspace = keyspaceNameOf(key) ?? 'unknown';
  return new Fault('store.row-damaged', `a row of ${keyspace} fails its digest`, { fields: { keyspace } });
}
