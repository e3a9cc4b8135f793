import type { VectorFile } from './vector.ts';

/** Vectors of cbor.md. */
export function cborVectors(): readonly VectorFile[] {
  return [];
}
