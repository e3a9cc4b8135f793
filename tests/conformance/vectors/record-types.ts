import type { VectorFile } from './vector.ts';

/** Vectors of record-types.md. */
export function recordTypesVectors(): readonly VectorFile[] {
  return [];
}
