import type { VectorFile } from '../vector.ts';
import { contradictionVectors } from './contradictions.ts';
import { delegatedVectors } from './delegated.ts';
import { documentVectors } from './documents.ts';
import { resolutionVectors } from './resolution.ts';
import { successionVectors } from './succession.ts';

/** Vectors of key-state.md. */
export function keyStateVectors(): readonly VectorFile[] {
  return [
    ...documentVectors,
    ...successionVectors,
    ...resolutionVectors,
    ...delegatedVectors,
    ...contradictionVectors,
  ];
}
