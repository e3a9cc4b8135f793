import type { VectorFile } from './vector.ts';

/** Vectors of record.md. */
export function recordVectors(): readonly VectorFile[] {
  return [];
}
