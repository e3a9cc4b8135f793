import type { VectorFile } from '../vector.ts';
import { agreementVectors } from './agreements.ts';
import { fingerprintVectors } from './fingerprints.ts';

/** Vectors of recognition.md. */
export function recognitionVectors(): readonly VectorFile[] {
  return [...fingerprintVectors, ...agreementVectors];
}
