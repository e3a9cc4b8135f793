// Trees, notes and checkpoints for the vectors, as RFC 9162 and log.md write them. Nothing is checked.

import { sha256 } from '../cbor-text.ts';
import type { KeyPair } from '../signing.ts';
import type { State } from '../states.ts';

/** The federation of the worked examples. */
export const FEDERATION = 'sample';

export function leafHash(data: Uint8Array): Buffer {
  return sha256(Buffer.from([0]), data);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.from([1]), left, right);
}

/** Root over leaf data (RFC 9162 §2.1.1). */
export function treeRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leafHash(leaves[0] as Uint8Array);
  const split = splitOf(leaves.length);
  return nodeHash(treeRoot(leaves.slice(0, split)), treeRoot(leaves.slice(split)));
}

/** PATH(index, leaves) of RFC 9162 §2.1.3.1. */
export function inclusionProof(index: number, leaves: readonly Uint8Array[]): readonly Buffer[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProof(index, left), treeRoot(right)]
    : [...inclusionProof(index - split, right), treeRoot(left)];
}

/** PROOF(older, leaves) of RFC 9162 §2.1.4.1. */
export function consistencyProof(older: number, leaves: readonly Uint8Array[]): readonly Buffer[] {
  return older === 0 ? [] : subproof(older, leaves, true);
}

function subproof(older: number, leaves: readonly Uint8Array[], isWhole: boolean): readonly Buffer[] {
  if (older === leaves.length) return isWhole ? [] : [treeRoot(leaves)];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return older <= split
    ? [...subproof(older, left, isWhole), treeRoot(right)]
    : [...subproof(older - split, right, false), treeRoot(left)];
}

/** Roots of the complete subtrees that a tree falls into, the largest first. */
export function subtreesOf(leaves: readonly Uint8Array[]): readonly Buffer[] {
  if (leaves.length === 0) return [];
  let size = 1;
  while (size * 2 <= leaves.length) size *= 2;
  return [treeRoot(leaves.slice(0, size)), ...subtreesOf(leaves.slice(size))];
}

/** The largest power of two below a number above 1. */
export function splitOf(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/** A state as far as a name needs it. */
type Named = Pick<State, 'idText'>;

export function originOf(state: Named): string {
  return `comity/${FEDERATION}/${state.idText}/origin`;
}

export function ledgerOriginOf(sender: Named, recipient: Named): string {
  return `comity/${FEDERATION}/${sender.idText}/ledger/${recipient.idText}`;
}

export function witnessNameOf(state: Named): string {
  return `comity/${FEDERATION}/${state.idText}/witness`;
}

/** Types of signatures: a note's own, and a cosignature. */
export const NOTE_TYPE = 0x01;
export const COSIGNATURE_TYPE = 0x04;

export function noteKeyId(name: string, type: number, publicKey: Uint8Array): Buffer {
  return sha256(Buffer.from(`${name}\n`), Buffer.from([type]), publicKey).subarray(0, 4);
}

/** A verifier key (log.md 5.3). */
export function vkeyOf(name: string, type: number, { publicKey }: KeyPair): string {
  const key = Buffer.concat([Buffer.from([type]), publicKey]).toString('base64');
  return `${name}+${noteKeyId(name, type, publicKey).toString('hex')}+${key}`;
}

/** A signature line with its line feed, around any bytes. */
export function signatureLine(name: string, keyId: Uint8Array, signature: Uint8Array): string {
  return `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

/** The line of a key over the text of a note. */
export function noteLine(text: string, name: string, key: KeyPair): string {
  return signatureLine(name, noteKeyId(name, NOTE_TYPE, key.publicKey), key.sign(Buffer.from(text)));
}

/** The line of a cosigner over the text of a checkpoint (log.md 7.1). */
export function cosignatureLine(
  text: string,
  timeSeconds: number | bigint,
  name: string,
  key: KeyPair,
): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(timeSeconds));
  const signature = key.sign(Buffer.from(`cosignature/v1\ntime ${timeSeconds}\n${text}`));
  const keyId = noteKeyId(name, COSIGNATURE_TYPE, key.publicKey);
  return signatureLine(name, keyId, Buffer.concat([time, signature]));
}

export function checkpointText(origin: string, size: number | bigint, root: Uint8Array): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** A checkpoint with the line of its log, under the name that is its origin. */
export function signedCheckpoint(
  origin: string,
  size: number | bigint,
  root: Uint8Array,
  key: KeyPair,
): string {
  const text = checkpointText(origin, size, root);
  return `${text}\n${noteLine(text, origin, key)}`;
}
