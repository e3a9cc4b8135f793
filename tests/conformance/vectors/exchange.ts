import type { VectorFile } from './vector.ts';

/** Vectors of exchange.md. */
export function exchangeVectors(): readonly VectorFile[] {
  return [];
}
