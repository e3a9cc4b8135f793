// Proofs in trees that cannot be built: of 2^53 - 1 leaves. Only the hashes of a proof are drawn, and the roots follow.

import { sha256 } from '../cbor-text.ts';
import { nodeHash, splitOf } from './text.ts';

/** Hashes of subtrees that nobody has. */
export type Drawn = () => Buffer;

/** Hashes that are drawn one after the other, for one name always the same. */
export function drawing(name: string): Drawn {
  let count = 0;
  return () => {
    count += 1;
    return sha256(Buffer.from(`${name} ${count}`));
  };
}

/** The proof of a leaf in a tree whose other subtrees are drawn, and the root that follows. */
export function drawnInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  draw: Drawn,
): { readonly proof: readonly Buffer[]; readonly root: Buffer } {
  if (size === 1) return { proof: [], root: leaf };
  const k = splitOf(size);
  const inner =
    index < k ? drawnInclusion(leaf, index, k, draw) : drawnInclusion(leaf, index - k, size - k, draw);
  const sibling = draw();
  const root = index < k ? nodeHash(inner.root, sibling) : nodeHash(sibling, inner.root);
  return { proof: [...inner.proof, sibling], root };
}

/** A consistency proof between trees that are drawn, and the two roots that follow. */
export function drawnConsistency(
  size1: number,
  size2: number,
  draw: Drawn,
  complete = true,
): { readonly proof: readonly Buffer[]; readonly root1: Buffer; readonly root2: Buffer } {
  if (size1 === size2) {
    const root = draw();
    return { proof: complete ? [] : [root], root1: root, root2: root };
  }
  const k = splitOf(size2);
  const inner =
    size1 <= k
      ? drawnConsistency(size1, k, draw, complete)
      : drawnConsistency(size1 - k, size2 - k, draw, false);
  const sibling = draw();
  const proof = [...inner.proof, sibling];
  return size1 <= k
    ? { proof, root1: inner.root1, root2: nodeHash(inner.root2, sibling) }
    : { proof, root1: nodeHash(sibling, inner.root1), root2: nodeHash(sibling, inner.root2) };
}
