import type { VectorFile } from './vector.ts';

/** Vectors of charter.md. */
export function charterVectors(): readonly VectorFile[] {
  return [];
}
