export { CompactTree, completedSubtrees, rootOf, type Subtree } from './compact-tree.ts';
export { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash } from './hash.ts';
export { consistencyProof, inclusionProof, rootAt, type SubtreeReader } from './proof.ts';
export { MAX_PROOF_HASHES, MAX_TREE_SIZE } from './size.ts';
export {
  type ConsistencyClaim,
  type InclusionClaim,
  type InclusionPath,
  rootFrom,
  verifyConsistency,
  verifyInclusion,
} from './verify.ts';
