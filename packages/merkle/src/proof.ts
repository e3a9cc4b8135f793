import { foldPeaks } from './compact-tree.ts';
import { assertHash, EMPTY_ROOT } from './hash.ts';
import { assertGrowth, assertIndex, assertSize, splitOf } from './size.ts';

/**
 * Where proofs get their hashes from: the root of the complete subtree of 2^level leaves that starts at leaf
 * index * 2^level. Only subtrees that lie wholly inside the asked tree are read.
 */
export type SubtreeReader = (level: number, index: number) => Uint8Array | Promise<Uint8Array>;

/** Leaves start (inclusive) to end (exclusive), which the tree of RFC 9162 §2.1.1 has as one subtree. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Root of a range: its complete subtrees, largest first, read at once and folded from the right. */
async function hashOf({ start, end }: Range, read: SubtreeReader): Promise<Uint8Array> {
  const reads: Promise<Uint8Array>[] = [];
  let next = start;
  while (next < end) {
    // The largest complete subtree that fits; the start of the range is a multiple of its size by construction.
    let level = 0;
    let leaves = 1;
    while (leaves * 2 <= end - next) {
      level += 1;
      leaves *= 2;
    }
    reads.push(readSubtree(read, level, next / leaves));
    next += leaves;
  }
  const peaks = await Promise.all(reads);
  for (const peak of peaks) assertHash(peak, 'stored subtree hash');
  return foldPeaks(peaks);
}

/** Always a promise: a reader that throws at once must not leave the other reads of a proof unattended. */
async function readSubtree(read: SubtreeReader, level: number, index: number): Promise<Uint8Array> {
  return read(level, index);
}

function hashesOf(rangesFromRoot: readonly Range[], read: SubtreeReader): Promise<Uint8Array[]> {
  return Promise.all(rangesFromRoot.toReversed().map((range) => hashOf(range, read)));
}

/**
 * Root of the first `size` leaves of a tree that may have grown since.
 *
 * @throws Fault `merkle.bad-size`, `merkle.bad-hash-length`; whatever the reader throws
 */
export async function rootAt(size: number, read: SubtreeReader): Promise<Uint8Array> {
  assertSize(size, 'tree size');
  return size === 0 ? EMPTY_ROOT : hashOf({ start: 0, end: size }, read);
}

/**
 * PATH(index, D_size) of RFC 9162 §2.1.3.1, from the sibling of the leaf up to a child of the root.
 *
 * @throws Fault `merkle.bad-size`, `merkle.index-beyond-size`, `merkle.bad-hash-length`; whatever the reader throws
 */
export async function inclusionProof(
  index: number,
  size: number,
  read: SubtreeReader,
): Promise<Uint8Array[]> {
  assertIndex(index, size);
  const siblings: Range[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const split = start + splitOf(end - start);
    if (index < split) {
      siblings.push({ start: split, end });
      end = split;
    } else {
      siblings.push({ start, end: split });
      start = split;
    }
  }
  return hashesOf(siblings, read);
}

/**
 * PROOF(size1, D_size2) of RFC 9162 §2.1.4.1; empty where the sizes are equal, and where size1 is 0, because every
 * tree continues the empty one.
 *
 * @throws Fault `merkle.bad-size`, `merkle.shrinking`, `merkle.bad-hash-length`; whatever the reader throws
 */
export async function consistencyProof(
  size1: number,
  size2: number,
  read: SubtreeReader,
): Promise<Uint8Array[]> {
  assertGrowth(size1, size2);
  if (size1 === 0 || size1 === size2) return [];
  const ranges: Range[] = [];
  let start = 0;
  let end = size2;
  while (end !== size1) {
    const split = start + splitOf(end - start);
    if (size1 <= split) {
      ranges.push({ start: split, end });
      end = split;
    } else {
      ranges.push({ start, end: split });
      start = split;
    }
  }
  // The verifier already knows this hash when the range is the whole older tree.
  if (start !== 0) ranges.push({ start, end });
  return hashesOf(ranges, read);
}
