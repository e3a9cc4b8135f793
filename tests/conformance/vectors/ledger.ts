import type { VectorFile } from './vector.ts';

/** Vectors of ledger.md. */
export function ledgerVectors(): readonly VectorFile[] {
  return [];
}
