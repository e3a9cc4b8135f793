import type { VectorFile } from './vector.ts';

/** Vectors of keys.md. */
export function keysVectors(): readonly VectorFile[] {
  return [];
}
