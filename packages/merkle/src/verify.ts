import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import { assertHash, EMPTY_ROOT, nodeHash } from './hash.ts';
import { assertGrowth, assertIndex, half, isOdd, MAX_PROOF_HASHES } from './size.ts';

// What these functions are given comes from a peer, except for a root taken from a verified checkpoint.

export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  /** Root of the tree of `size` leaves, from a verified checkpoint. */
  readonly root: Uint8Array;
}

/** A leaf and the hashes beside the way from it to the root. */
export type InclusionPath = Omit<InclusionClaim, 'root'>;

export interface ConsistencyClaim {
  readonly size1: number;
  readonly size2: number;
  readonly proof: readonly Uint8Array[];
  /** Root at `size1`, from a verified checkpoint. */
  readonly root1: Uint8Array;
  /** Root at `size2`, from a verified checkpoint. */
  readonly root2: Uint8Array;
}

function proofLengthFault(proof: readonly Uint8Array[]): Fault {
  return new Fault('merkle.proof-length', 'the number of hashes in the proof does not fit the tree size', {
    fields: { hashes: proof.length },
  });
}

/** A bound before any work, and the length of each hash (RFC 9162 leaves both to the format around it). */
function assertProof(proof: readonly Uint8Array[]): void {
  if (proof.length > MAX_PROOF_HASHES) throw proofLengthFault(proof);
  for (const hash of proof) assertHash(hash, 'proof hash');
}

/**
 * Verifies that a leaf is in a tree at a place (RFC 9162 §2.1.3.2). The tree size is only as trustworthy as the
 * checkpoint it comes from: a proof can hold for two neighbouring sizes.
 *
 * @throws Fault `merkle.bad-size`, `merkle.index-beyond-size`, `merkle.bad-hash-length`, `merkle.proof-length`,
 * `merkle.leaf-not-in-root`
 */
export function verifyInclusion({ root, ...path }: InclusionClaim): void {
  assertHash(root, 'root');
  if (!equalBytes(rootFrom(path), root)) {
    const { index, size } = path;
    throw new Fault('merkle.leaf-not-in-root', `the proof does not lead from leaf ${index} to the root`, {
      fields: { index, size },
    });
  }
}

/**
 * The root to which a path leads from a leaf (RFC 9162 §2.1.3.2): that of a tree only where somebody has signed it as one of this
 * size.
 *
 * @throws Fault `merkle.bad-size`, `merkle.index-beyond-size`, `merkle.bad-hash-length`, `merkle.proof-length`
 */
export function rootFrom({ leafHash, index, size, proof }: InclusionPath): Uint8Array {
  assertIndex(index, size); // step 1
  assertHash(leafHash, 'leaf hash');
  assertProof(proof);
  let fn = index; // step 2
  let sn = size - 1;
  let r = leafHash; // step 3
  for (const p of proof) {
    if (sn === 0) throw proofLengthFault(proof); // step 4.1
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      r = nodeHash(r, p);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw proofLengthFault(proof); // step 5
  return r;
}

/**
 * Verifies that a tree only grew (RFC 9162 §2.1.4.2). From size 0 the proof is empty and says nothing about `root2`,
 * because every tree continues the empty one; the older root must then be {@link EMPTY_ROOT}.
 *
 * @throws Fault `merkle.bad-size`, `merkle.shrinking`, `merkle.bad-hash-length`, `merkle.proof-length`,
 * `merkle.old-root-mismatch`, `merkle.new-root-mismatch`
 */
export function verifyConsistency({ size1, size2, proof, root1, root2 }: ConsistencyClaim): void {
  assertGrowth(size1, size2);
  assertHash(root1, 'older root');
  assertHash(root2, 'newer root');
  assertProof(proof);
  if (size1 === 0 || size1 === size2) {
    if (proof.length !== 0) throw proofLengthFault(proof);
    if (size1 === 0 && !equalBytes(root1, EMPTY_ROOT)) throw oldRootFault(size1, size2);
    if (size1 === size2 && !equalBytes(root1, root2)) throw newRootFault(size1, size2);
    return;
  }
  let fn = size1 - 1; // step 3
  let sn = size2 - 1;
  while (isOdd(fn)) {
    fn = half(fn); // step 4
    sn = half(sn);
  }
  // Step 2: the older tree is one complete subtree exactly when nothing of fn is left, and the proof then omits it.
  const path = fn === 0 ? [root1, ...proof] : proof;
  const [first, ...rest] = path; // step 5
  if (first === undefined) throw proofLengthFault(proof); // step 1
  let fr = first;
  let sr = first;
  for (const c of rest) {
    if (sn === 0) throw proofLengthFault(proof); // step 6.1
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      sr = nodeHash(sr, c);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw proofLengthFault(proof); // step 7
  if (!equalBytes(fr, root1)) throw oldRootFault(size1, size2);
  if (!equalBytes(sr, root2)) throw newRootFault(size1, size2);
}

function oldRootFault(size1: number, size2: number): Fault {
  return new Fault('merkle.old-root-mismatch', `the proof does not lead to the root at size ${size1}`, {
    fields: { size1, size2 },
  });
}

function newRootFault(size1: number, size2: number): Fault {
  return new Fault('merkle.new-root-mismatch', `the proof does not lead to the root at size ${size2}`, {
    fields: { size1, size2 },
  });
}
