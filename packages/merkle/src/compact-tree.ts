import { Fault } from '@comity/fault';
import { assertHash, EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash.ts';
import { assertSize, countSetBits, half, isOdd, MAX_TREE_SIZE } from './size.ts';

/** A complete subtree: 2^level leaves, of which the first is leaf number index * 2^level. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/**
 * Puts one leaf on top of the roots of the complete subtrees (largest first) and merges what has become complete.
 * `completed`, where given, is told each subtree that this leaf completes, the leaf itself first.
 */
function push(
  peaks: Uint8Array[],
  size: number,
  leafHash: Uint8Array,
  completed?: (level: number, index: number, hash: Uint8Array) => void,
): void {
  assertHash(leafHash, 'leaf hash');
  if (size >= MAX_TREE_SIZE) throw new Fault('merkle.size-limit', 'the tree already has 2^53-1 leaves');
  let hash = leafHash;
  let index = size;
  completed?.(0, index, hash);
  for (let level = 1; isOdd(index); level += 1) {
    hash = nodeHash(peaks.pop() as Uint8Array, hash);
    index = half(index);
    completed?.(level, index, hash);
  }
  peaks.push(hash);
}

/** @throws Fault `merkle.bad-size`, `merkle.bad-frontier` */
function assertFrontier(size: number, frontier: readonly Uint8Array[]): void {
  assertSize(size, 'tree size');
  const expected = countSetBits(size);
  if (frontier.length !== expected || frontier.some((hash) => hash.length !== HASH_BYTES)) {
    throw new Fault('merkle.bad-frontier', `expected ${expected} hashes of 32 bytes for ${size} leaves`, {
      fields: { size, expected, got: frontier.length },
    });
  }
}

/** The root over complete subtrees of falling size (RFC 9162 §2.1.1 seen from the right edge). */
export function foldPeaks(peaks: readonly Uint8Array[]): Uint8Array {
  let hash = peaks.at(-1);
  if (hash === undefined) return EMPTY_ROOT;
  for (let position = peaks.length - 2; position >= 0; position -= 1) {
    hash = nodeHash(peaks[position] as Uint8Array, hash);
  }
  return hash;
}

/**
 * An append-only Merkle tree that keeps only its frontier: the roots of the complete subtrees it consists of, at most
 * 53 hashes. Appending costs one node hash on average. Hashes are kept by reference: whoever hands one in does not
 * change it afterwards.
 */
export class CompactTree {
  #size = 0;
  #peaks: Uint8Array[] = [];

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** @throws Fault `merkle.bad-hash-length`, `merkle.size-limit` */
  append(leafHash: Uint8Array): void {
    push(this.#peaks, this.#size, leafHash);
    this.#size += 1;
  }

  /** The Merkle tree hash of RFC 9162 §2.1.1; {@link EMPTY_ROOT} without leaves. */
  root(): Uint8Array {
    return foldPeaks(this.#peaks);
  }

  /** The roots of the complete subtrees, largest (leftmost) first: what {@link CompactTree.resume} needs. */
  frontier(): Uint8Array[] {
    return [...this.#peaks];
  }

  /** An independent copy. */
  clone(): CompactTree {
    const copy = new CompactTree();
    copy.#size = this.#size;
    copy.#peaks = [...this.#peaks];
    return copy;
  }

  /**
   * The tree whose size and frontier were saved. Only their form can be checked here; compare `root()` with a signed
   * checkpoint.
   *
   * @throws Fault `merkle.bad-size`, `merkle.bad-frontier`
   */
  static resume(size: number, frontier: readonly Uint8Array[]): CompactTree {
    assertFrontier(size, frontier);
    const tree = new CompactTree();
    tree.#size = size;
    tree.#peaks = [...frontier];
    return tree;
  }
}

/**
 * Root of the tree over these leaf hashes.
 *
 * @throws Fault `merkle.bad-hash-length`
 */
export function rootOf(leafHashes: readonly Uint8Array[]): Uint8Array {
  const peaks: Uint8Array[] = [];
  leafHashes.forEach((leafHash, size) => {
    push(peaks, size, leafHash);
  });
  return foldPeaks(peaks);
}

/**
 * The subtrees that become complete when leaves are added to a tree of `size` leaves with this frontier, the leaves
 * themselves (level 0) included, in the order in which they become complete. A store that saves each of them can
 * answer every {@link SubtreeReader} question later; none of them ever changes.
 *
 * @throws Fault `merkle.bad-size`, `merkle.bad-frontier`, `merkle.bad-hash-length`, `merkle.size-limit`
 */
export function completedSubtrees(
  size: number,
  addedLeafHashes: readonly Uint8Array[],
  frontier: readonly Uint8Array[],
): Subtree[] {
  assertFrontier(size, frontier);
  const peaks = [...frontier];
  const subtrees: Subtree[] = [];
  addedLeafHashes.forEach((leafHash, added) => {
    push(peaks, size + added, leafHash, (level, index, hash) => subtrees.push({ level, index, hash }));
  });
  return subtrees;
}
