import type { VectorFile } from '../vector.ts';
import { digestVectors } from './digests.ts';

/** Vectors of registry.md. */
export function registryVectors(): readonly VectorFile[] {
  return [...digestVectors()];
}
