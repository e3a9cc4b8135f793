import type { VectorFile } from './vector.ts';

/** Vectors of query.md. */
export function queryVectors(): readonly VectorFile[] {
  return [];
}
