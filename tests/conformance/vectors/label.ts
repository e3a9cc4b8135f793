import type { VectorFile } from './vector.ts';

/** Vectors of label.md. */
export function labelVectors(): readonly VectorFile[] {
  return [];
}
