import type { VectorFile } from './vector.ts';

/** Vectors of disclosure.md. */
export function disclosureVectors(): readonly VectorFile[] {
  return [];
}
