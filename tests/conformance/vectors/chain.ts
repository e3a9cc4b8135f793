import type { VectorFile } from './vector.ts';

/** Vectors of chain.md. */
export function chainVectors(): readonly VectorFile[] {
  return [];
}
