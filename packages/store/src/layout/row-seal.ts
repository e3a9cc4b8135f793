import { hash } from 'node:crypto';
import { Fault } from '@comity/fault';
import type { EngineOp } from '../engine/engine.ts';
import { keyspaceNameOf } from './keyspace.ts';
import { allocateRowBytes } from './row-arena.ts';

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
  // One array does for both: key ‖ payload is hashed, then the digest overwrites the end of the key.
  const headBytes = Math.max(key.length, ROW_DIGEST_BYTES);
  let byteLength = headBytes;
  for (const piece of payload) byteLength += piece.length;
  const joined = allocateRowBytes(byteLength);
  joined.set(key, headBytes - key.length);
  let at = headBytes;
  for (const piece of payload) {
    joined.set(piece, at);
    at += piece.length;
  }
  const digest = digestText(joined.subarray(headBytes - key.length));
  const value = joined.subarray(headBytes - ROW_DIGEST_BYTES);
  for (let at = 0; at < ROW_DIGEST_BYTES; at += 1) value[at] = digest.charCodeAt(at);
  return { type: 'put', key, value };
}

let scratch = new Uint8Array(64 * 1024);

/**
 * The payload of a row that was read, after its digest was checked.
 *
 * @throws Fault `store.row-damaged` with the name of the keyspace, never with content
 */
export function openRow(key: Uint8Array, value: Uint8Array): Uint8Array {
  if (value.length < ROW_DIGEST_BYTES) throw damagedRow(key);
  const payload = value.subarray(ROW_DIGEST_BYTES);
  const byteLength = key.length + payload.length;
  if (byteLength > scratch.length) scratch = new Uint8Array(2 * byteLength);
  scratch.set(key);
  scratch.set(payload, key.length);
  const digest = digestText(scratch.subarray(0, byteLength));
  for (let at = 0; at < ROW_DIGEST_BYTES; at += 1) {
    if (value[at] !== digest.charCodeAt(at)) throw damagedRow(key);
  }
  return payload;
}

/** As text of one character a byte: a digest as Buffer costs five times as much as computing it. */
function digestText(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'binary');
}

function damagedRow(key: Uint8Array): Fault {
  const keyspace = keyspaceNameOf(key) ?? 'unknown';
  return new Fault('store.row-damaged', `a row of ${keyspace} fails its digest`, { fields: { keyspace } });
}
