import type { VectorFile } from '../vector.ts';
import { lawVectors } from './laws.ts';
import { limitVectors } from './limits.ts';
import { recordVectors } from './records.ts';
import { stageVectors } from './stages.ts';

/** Vectors of duties.md. */
export function dutyVectors(): readonly VectorFile[] {
  return [...limitVectors(), ...stageVectors(), ...lawVectors(), ...recordVectors()];
}
