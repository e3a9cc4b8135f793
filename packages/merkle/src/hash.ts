import { sha256 } from '@comity/digest';
import { Fault } from '@comity/fault';

/** Length of every hash in a tree (SHA-256). */
export const HASH_BYTES = 32;

/** The root of the tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1). */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** Hash of a leaf: SHA-256(0x00 ‖ data). The prefix keeps a leaf from passing as a node (RFC 9162 §2.1.1). */
export function leafHash(data: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(1 + data.length);
  prefixed[0] = LEAF_PREFIX;
  prefixed.set(data, 1);
  return sha256(prefixed);
}

// Reused for every node: hashing is synchronous, and nothing keeps a reference to it.
const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES);
nodeInput[0] = NODE_PREFIX;

/** Hash of a node over its two children, 32 bytes each: SHA-256(0x01 ‖ left ‖ right) (RFC 9162 §2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/** @throws Fault `merkle.bad-hash-length` */
export function assertHash(hash: Uint8Array, what: string): void {
  if (hash.length !== HASH_BYTES) {
    throw new Fault('merkle.bad-hash-length', `expected 32 bytes as ${what}, got ${hash.length}`, {
      fields: { what, byteLength: hash.length },
    });
  }
}
