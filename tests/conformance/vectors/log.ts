import { consistencies, refusedConsistencies } from './log-consistency.ts';
import { inclusions, refusedInclusions, roots } from './log-inclusion.ts';
import type { VectorFile } from './vector.ts';

/** Vectors of log.md. */
export function logVectors(): readonly VectorFile[] {
  const topic = 'log';
  return [
    { topic, op: 'merkle.root', name: 'merkle-root', valid: roots() },
    { topic, op: 'merkle.inclusion', name: 'merkle-inclusion', valid: inclusions() },
    { topic, op: 'merkle.inclusion', name: 'merkle-inclusion', invalid: refusedInclusions() },
    { topic, op: 'merkle.consistency', name: 'merkle-consistency', valid: consistencies() },
    { topic, op: 'merkle.consistency', name: 'merkle-consistency', invalid: refusedConsistencies() },
  ];
}
