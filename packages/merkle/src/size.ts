import { Fault } from '@comity/fault';

/** The largest tree: sizes and indexes stay exact JavaScript numbers. */
export const MAX_TREE_SIZE: number = Number.MAX_SAFE_INTEGER;

/** No proof of a tree within {@link MAX_TREE_SIZE} is longer; also the bound of C2SP tlog-witness. */
export const MAX_PROOF_HASHES = 63;

/** @throws Fault `merkle.bad-size` unless the value is an integer from 0 to 2^53-1 */
export function assertSize(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new Fault('merkle.bad-size', `expected an integer from 0 to 2^53-1 as ${what}`, {
      fields: { what },
    });
  }
}

/**
 * @throws Fault `merkle.bad-size`, `merkle.index-beyond-size`
 */
export function assertIndex(index: number, size: number): void {
  assertSize(index, 'leaf index');
  assertSize(size, 'tree size');
  if (index >= size) {
    throw new Fault('merkle.index-beyond-size', `expected an index below the size ${size}, got ${index}`, {
      fields: { index, size },
    });
  }
}

/** @throws Fault `merkle.bad-size`, `merkle.shrinking` */
export function assertGrowth(size1: number, size2: number): void {
  assertSize(size1, 'size of the older tree');
  assertSize(size2, 'size of the newer tree');
  if (size1 > size2) {
    throw new Fault('merkle.shrinking', `expected a newer tree of at least ${size1} leaves, got ${size2}`, {
      fields: { size1, size2 },
    });
  }
}

// Bit operators would cut numbers to 32 bits; sizes go to 2^53-1.

export function isOdd(value: number): boolean {
  return value % 2 === 1;
}

export function half(value: number): number {
  return Math.floor(value / 2);
}

/** Number of set bits: how many complete subtrees a tree of this size falls into. */
export function countSetBits(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest = half(rest)) if (isOdd(rest)) count += 1;
  return count;
}

/** The largest power of two that is smaller than a value of at least 2: where RFC 9162 §2.1.1 splits a tree. */
export function splitOf(value: number): number {
  let power = 1;
  while (power * 2 < value) power *= 2;
  return power;
}
