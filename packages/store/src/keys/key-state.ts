import { equalBytes, sha256 } from '@comity/digest';
import { Fault } from '@comity/fault';
import { isSubtreeList, KEY_NUMBERS, KeyTree, NODE_BYTES, type Subtree } from './key-tree.ts';

/** What a key file says. */
export interface KeyState {
  /** 16 random bytes: which store the keys are of. */
  readonly store: Uint8Array;
  /** Counts the states: 1 for the first. */
  readonly revision: number;
  /** The revision in which keys were destroyed last; 0 where none were. */
  readonly destroyedAtRevision: number;
  /** Numbers below may be in use; those from it on were never given out. */
  readonly reserved: number;
  /** Entries that the journal of erasures had when keys were destroyed last. */
  readonly journaled: number;
  readonly tree: KeyTree;
}

/** Subtrees that a state can consist of: some 170 MB. */
export const MAX_SUBTREES = 2 ** 22;

const MAGIC = new TextEncoder().encode('comity record-keys 1\n');
export const STORE_TAG_BYTES = 16;
const CHECKSUM_BYTES = 32;
/** Revision, revision of the last destruction, reserved numbers, entries of the journal, and subtrees. */
const HEAD_NUMBERS = 5;
const NUMBER_BYTES = 8;
const SUBTREE_BYTES = NUMBER_BYTES + 1 + NODE_BYTES;
const NUMBERS_AT = MAGIC.length + STORE_TAG_BYTES;
const HEAD_BYTES = NUMBERS_AT + HEAD_NUMBERS * NUMBER_BYTES;

/** Longest key file, in bytes. */
export const MAX_KEY_FILE_BYTES = HEAD_BYTES + MAX_SUBTREES * SUBTREE_BYTES + CHECKSUM_BYTES;

/**
 * A state as it is kept: `comity record-keys 1` and a line feed; the 16 bytes of the store; revision, revision of the last destruction, reserved
 * numbers, entries of the journal, count of subtrees; first number, height (one byte) and secret of each subtree; SHA-256 of
 * all that. Numbers are 8 bytes, big-endian.
 */
export function encodeKeyState(state: KeyState): Uint8Array {
  const { revision, destroyedAtRevision, reserved, journaled, tree } = state;
  const bytes = new Uint8Array(bytesOfState(tree.subtreeCount));
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  bytes.set(state.store, MAGIC.length);
  let at = NUMBERS_AT;
  for (const number of [revision, destroyedAtRevision, reserved, journaled, tree.subtreeCount]) {
    view.setBigUint64(at, BigInt(number));
    at += NUMBER_BYTES;
  }
  for (let index = 0; index < tree.subtreeCount; index += 1) {
    const { first, height, secret } = tree.subtree(index);
    view.setBigUint64(at, BigInt(first));
    bytes[at + NUMBER_BYTES] = height;
    bytes.set(secret, at + NUMBER_BYTES + 1);
    at += SUBTREE_BYTES;
  }
  bytes.set(sha256(bytes.subarray(0, at)), at);
  return bytes;
}

/** @throws Fault `store.keys-damaged` */
export function decodeKeyState(bytes: Uint8Array): KeyState {
  if (bytes.length < HEAD_BYTES + CHECKSUM_BYTES || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) {
    throw damaged('is not one of this version');
  }
  const end = bytes.length - CHECKSUM_BYTES;
  if (!equalBytes(sha256(bytes.subarray(0, end)), bytes.subarray(end))) throw damaged('fails its checksum');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numberAt = (at: number) => Number(view.getBigUint64(at));
  const [revision, destroyedAtRevision, reserved, journaled, subtreeCount] = Array.from(
    { length: HEAD_NUMBERS },
    (_, index) => numberAt(NUMBERS_AT + index * NUMBER_BYTES),
  ) as [number, number, number, number, number];
  if (subtreeCount > MAX_SUBTREES) throw damaged('is too long');
  if (bytes.length !== bytesOfState(subtreeCount)) throw damaged('has another length than it says');
  const subtrees = Array.from({ length: subtreeCount }, (_, index): Subtree => {
    const at = HEAD_BYTES + index * SUBTREE_BYTES;
    return {
      first: numberAt(at),
      height: bytes[at + NUMBER_BYTES] as number,
      secret: bytes.subarray(at + NUMBER_BYTES + 1, at + SUBTREE_BYTES),
    };
  });
  const isSound =
    destroyedAtRevision <= revision &&
    reserved <= KEY_NUMBERS &&
    Number.isSafeInteger(journaled) &&
    isSubtreeList(subtrees);
  if (!isSound) throw damaged('contradicts itself');
  const store = bytes.slice(MAGIC.length, NUMBERS_AT);
  return { store, revision, destroyedAtRevision, reserved, journaled, tree: new KeyTree(subtrees) };
}

function bytesOfState(subtreeCount: number): number {
  return HEAD_BYTES + subtreeCount * SUBTREE_BYTES + CHECKSUM_BYTES;
}

function damaged(reason: string): Fault {
  return new Fault('store.keys-damaged', `the file of the record keys ${reason}`, { fields: { reason } });
}
