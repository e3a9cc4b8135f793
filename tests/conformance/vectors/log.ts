import type { VectorFile } from './vector.ts';

/** Vectors of log.md. */
export function logVectors(): readonly VectorFile[] {
  return [];
}
