import type { VectorFile } from '../vector.ts';
import { letters } from './letters.ts';
import { refusedLetters } from './letters-refused.ts';
import { sealings } from './sealings.ts';

/** Vectors of letter.md. */
export function letterVectors(): readonly VectorFile[] {
  return [...letters(), ...refusedLetters(), ...sealings()];
}
