import { toHex } from '@comity/digest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConsistencyClaim,
  consistencyProof,
  EMPTY_ROOT,
  type InclusionClaim,
  inclusionProof,
  leafHash,
  MAX_TREE_SIZE,
  nodeHash,
  rootAt,
  rootOf,
  type SubtreeReader,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';

const SIZE = 64;
const leafHashes = Array.from({ length: SIZE }, (_, index) => leafHash(Uint8Array.of(index)));
const roots = Array.from({ length: SIZE + 1 }, (_, size) => rootOf(leafHashes.slice(0, size)));

/** A store that keeps complete subtrees of the first `size` leaves, and nothing else. */
function readerOf(size: number): SubtreeReader {
  return (level, index) => {
    const end = (index + 1) * 2 ** level;
    if (!Number.isInteger(level) || !Number.isInteger(index) || end > size) {
      throw new Error('not a complete subtree');
    }
    return rootOf(leafHashes.slice(index * 2 ** level, end));
  };
}
const read = readerOf(SIZE);

// RFC 9162 §2.1 word for word, as the oracle.
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
function mth(d: readonly Uint8Array[]): Uint8Array {
  if (d.length === 0) return EMPTY_ROOT;
  if (d.length === 1) return d[0] as Uint8Array;
  const k = split(d.length);
  return nodeHash(mth(d.slice(0, k)), mth(d.slice(k)));
}
function path(m: number, d: readonly Uint8Array[]): Uint8Array[] {
  if (d.length === 1) return [];
  const k = split(d.length);
  return m < k
    ? [...path(m, d.slice(0, k)), mth(d.slice(k))]
    : [...path(m - k, d.slice(k)), mth(d.slice(0, k))];
}
function subproof(m: number, d: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (m === d.length) return whole ? [] : [mth(d)];
  const k = split(d.length);
  return m <= k
    ? [...subproof(m, d.slice(0, k), whole), mth(d.slice(k))]
    : [...subproof(m - k, d.slice(k), false), mth(d.slice(0, k))];
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

/** Every way to damage one hash of a list at a bit, to drop, repeat or add one. */
function* damagedProofs(proof: readonly Uint8Array[], bit: number): Generator<Uint8Array[]> {
  for (let at = 0; at < proof.length; at += 1) {
    yield proof.with(at, flipped(proof[at] as Uint8Array, bit));
    yield proof.with(at, (proof[at] as Uint8Array).subarray(1));
    yield proof.toSpliced(at, 1);
    yield proof.toSpliced(at, 0, proof[at] as Uint8Array);
  }
  yield [...proof, roots[1] as Uint8Array];
  yield [roots[1] as Uint8Array, ...proof];
}

const REFUSED =
  /^merkle\.(bad-hash-length|proof-length|leaf-not-in-root|old-root-mismatch|new-root-mismatch)$/;

function refuses(verification: () => void, code: string | RegExp = REFUSED): void {
  expect(verification).toThrow(
    expect.objectContaining({ code: typeof code === 'string' ? code : expect.stringMatching(code) }),
  );
}

describe('inclusion', () => {
  test('every (index, size) up to 64: as RFC 9162 defines it, verifies, and no damage passes', async () => {
    for (let size = 1; size <= SIZE; size += 1) {
      const root = roots[size] as Uint8Array;
      const leaves = leafHashes.slice(0, size);
      expect(root).toEqual(mth(leaves));
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(index, size, readerOf(size));
        expect(proof.map(toHex)).toEqual(path(index, leaves).map(toHex));
        const claim: InclusionClaim = { leafHash: leaves[index] as Uint8Array, index, size, proof, root };
        verifyInclusion(claim);
        const bit = (37 * size + 101 * index) % 256;
        for (const damaged of damagedProofs(proof, bit)) {
          refuses(() => verifyInclusion({ ...claim, proof: damaged }));
        }
        refuses(() => verifyInclusion({ ...claim, proof: [...proof, root] }), 'merkle.proof-length');
        refuses(
          () => verifyInclusion({ ...claim, leafHash: flipped(claim.leafHash, bit) }),
          'merkle.leaf-not-in-root',
        );
        refuses(() => verifyInclusion({ ...claim, root: flipped(root, bit) }), 'merkle.leaf-not-in-root');
        const otherIndex = (index + 1 + (bit % size)) % size;
        if (otherIndex !== index) refuses(() => verifyInclusion({ ...claim, index: otherIndex }));
      }
    }
  });

  test('every bit of every hash counts', async () => {
    const proof = await inclusionProof(9, 13, read);
    const claim: InclusionClaim = {
      leafHash: leafHashes[9] as Uint8Array,
      index: 9,
      size: 13,
      proof,
      root: roots[13] as Uint8Array,
    };
    for (let bit = 0; bit < 256; bit += 1) {
      for (const damaged of damagedProofs(proof, bit)) {
        refuses(() => verifyInclusion({ ...claim, proof: damaged }));
      }
      refuses(() => verifyInclusion({ ...claim, root: flipped(claim.root, bit) }), 'merkle.leaf-not-in-root');
    }
  });

  test('the size is not bound by the proof: callers take it from a checkpoint', async () => {
    const proof = await inclusionProof(5, 8, read);
    const claim = { leafHash: leafHashes[5] as Uint8Array, index: 5, proof, root: roots[8] as Uint8Array };
    verifyInclusion({ ...claim, size: 7 });
    refuses(() => verifyInclusion({ ...claim, size: 9 }), 'merkle.proof-length');
    refuses(() => verifyInclusion({ ...claim, size: 6 }));
  });

  test('refuses numbers and lengths before hashing', async () => {
    const claim: InclusionClaim = {
      leafHash: leafHashes[0] as Uint8Array,
      index: 0,
      size: 1,
      proof: [],
      root: roots[1] as Uint8Array,
    };
    verifyInclusion(claim);
    for (const size of [-1, 1.5, Number.NaN, MAX_TREE_SIZE + 1]) {
      refuses(() => verifyInclusion({ ...claim, size }), 'merkle.bad-size');
      refuses(() => verifyInclusion({ ...claim, index: size }), 'merkle.bad-size');
    }
    refuses(() => verifyInclusion({ ...claim, index: 1 }), 'merkle.index-beyond-size');
    refuses(() => verifyInclusion({ ...claim, size: 0 }), 'merkle.index-beyond-size');
    refuses(() => verifyInclusion({ ...claim, leafHash: new Uint8Array(33) }), 'merkle.bad-hash-length');
    refuses(() => verifyInclusion({ ...claim, root: new Uint8Array(0) }), 'merkle.bad-hash-length');
    refuses(
      () => verifyInclusion({ ...claim, proof: new Array(64).fill(new Uint8Array(31)) }),
      'merkle.proof-length',
    );
    await expect(inclusionProof(3, 3, read)).rejects.toMatchObject({ code: 'merkle.index-beyond-size' });
    await expect(inclusionProof(0, -1, read)).rejects.toMatchObject({ code: 'merkle.bad-size' });
  });

  test('the largest tree has proofs of at most 53 hashes', async () => {
    const hash = leafHashes[0] as Uint8Array;
    for (const index of [0, 2 ** 40 + 12345, MAX_TREE_SIZE - 1]) {
      const proof = await inclusionProof(index, MAX_TREE_SIZE, () => hash);
      expect(proof.length).toBeLessThanOrEqual(53);
      // The hashes are not those of a real tree; the number of them is what the sizes require.
      refuses(
        () => verifyInclusion({ leafHash: hash, index, size: MAX_TREE_SIZE, proof, root: hash }),
        'merkle.leaf-not-in-root',
      );
      refuses(
        () =>
          verifyInclusion({ leafHash: hash, index, size: MAX_TREE_SIZE, proof: proof.slice(1), root: hash }),
        'merkle.proof-length',
      );
    }
  });
});

describe('consistency', () => {
  test('every (size1, size2) up to 64: as RFC 9162 defines it, verifies, and no damage passes', async () => {
    for (let size2 = 0; size2 <= SIZE; size2 += 1) {
      const root2 = roots[size2] as Uint8Array;
      for (let size1 = 0; size1 <= size2; size1 += 1) {
        const root1 = roots[size1] as Uint8Array;
        const proof = await consistencyProof(size1, size2, readerOf(size2));
        const defined = size1 === 0 ? [] : subproof(size1, leafHashes.slice(0, size2), true);
        expect(proof.map(toHex)).toEqual(defined.map(toHex));
        const claim: ConsistencyClaim = { size1, size2, proof, root1, root2 };
        verifyConsistency(claim);
        const bit = (53 * size1 + 11 * size2) % 256;
        for (const damaged of damagedProofs(proof, bit)) {
          refuses(() => verifyConsistency({ ...claim, proof: damaged }));
        }
        refuses(() => verifyConsistency({ ...claim, proof: [...proof, root2] }), 'merkle.proof-length');
        refuses(() => verifyConsistency({ ...claim, root1: flipped(root1, bit) }));
        if (size1 > 0) refuses(() => verifyConsistency({ ...claim, root2: flipped(root2, bit) }));
      }
    }
  });

  test('names the root that the proof does not lead to', async () => {
    const proof = await consistencyProof(5, 12, read);
    const claim: ConsistencyClaim = {
      size1: 5,
      size2: 12,
      proof,
      root1: roots[5] as Uint8Array,
      root2: roots[12] as Uint8Array,
    };
    refuses(() => verifyConsistency({ ...claim, root1: roots[6] as Uint8Array }), 'merkle.old-root-mismatch');
    refuses(
      () => verifyConsistency({ ...claim, root2: roots[11] as Uint8Array }),
      'merkle.new-root-mismatch',
    );
  });

  test('from nothing: empty proof, and the older root is that of nothing', () => {
    const claim: ConsistencyClaim = {
      size1: 0,
      size2: 3,
      proof: [],
      root1: EMPTY_ROOT,
      root2: roots[3] as Uint8Array,
    };
    verifyConsistency(claim);
    refuses(() => verifyConsistency({ ...claim, root1: roots[3] as Uint8Array }), 'merkle.old-root-mismatch');
    refuses(() => verifyConsistency({ ...claim, proof: [EMPTY_ROOT] }), 'merkle.proof-length');
    refuses(() => verifyConsistency({ ...claim, size2: 0 }), 'merkle.new-root-mismatch');
  });

  test('refuses numbers and lengths before hashing', async () => {
    const claim: ConsistencyClaim = {
      size1: 2,
      size2: 2,
      proof: [],
      root1: roots[2] as Uint8Array,
      root2: roots[2] as Uint8Array,
    };
    verifyConsistency(claim);
    for (const size of [-1, 0.5, MAX_TREE_SIZE + 1]) {
      refuses(() => verifyConsistency({ ...claim, size1: size }), 'merkle.bad-size');
      refuses(() => verifyConsistency({ ...claim, size2: size }), 'merkle.bad-size');
    }
    refuses(() => verifyConsistency({ ...claim, size2: 1 }), 'merkle.shrinking');
    refuses(() => verifyConsistency({ ...claim, root2: new Uint8Array(16) }), 'merkle.bad-hash-length');
    refuses(() => verifyConsistency({ ...claim, size2: 3, proof: [] }), 'merkle.proof-length');
    await expect(consistencyProof(3, 2, read)).rejects.toMatchObject({ code: 'merkle.shrinking' });
  });
});

describe('reading subtrees', () => {
  test('rootAt gives every earlier root, and the root of nothing without reading', async () => {
    for (let size = 0; size <= SIZE; size += 1)
      expect(await rootAt(size, readerOf(size))).toEqual(roots[size]);
    await expect(rootAt(-1, read)).rejects.toMatchObject({ code: 'merkle.bad-size' });
  });

  test('an asynchronous reader gives the same', async () => {
    const slow: SubtreeReader = async (level, index) => read(level, index);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: SIZE }), fc.nat(SIZE), async (size2, other) => {
        const size1 = other % (size2 + 1);
        expect(await consistencyProof(size1, size2, slow)).toEqual(
          await consistencyProof(size1, size2, read),
        );
        expect(await rootAt(size2, slow)).toEqual(roots[size2]);
      }),
    );
  });

  test('a hash of the wrong length from the store, and what the reader throws, come through', async () => {
    await expect(rootAt(3, () => new Uint8Array(31))).rejects.toMatchObject({
      code: 'merkle.bad-hash-length',
    });
    await expect(inclusionProof(0, 9, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  });
});
