import type { VectorFile } from '../vector.ts';
import { decisionsByCategory } from './decisions-by-category.ts';
import { decisionsByCondition } from './decisions-by-condition.ts';
import { decisionsByFact } from './decisions-by-fact.ts';
import { decisionsByLabel } from './decisions-by-label.ts';
import { decisionsByLevel } from './decisions-by-level.ts';
import { decisionsByPart } from './decisions-by-part.ts';
import { decisionsByRule } from './decisions-by-rule.ts';
import { decisionsInward } from './decisions-inward.ts';
import { decisionsByLaw } from './decisions-laws.ts';
import { decisionsRefused } from './decisions-refused.ts';
import { policies } from './policies.ts';
import { policiesRefused } from './policies-refused.ts';

/** Vectors of disclosure.md. */
export function disclosureVectors(): readonly VectorFile[] {
  return [
    policies(),
    ...policiesRefused(),
    ...decisionsByLabel(),
    decisionsByLevel(),
    ...decisionsByCategory(),
    ...decisionsByCondition(),
    decisionsByFact(),
    decisionsByPart(),
    ...decisionsByRule(),
    ...decisionsInward(),
    decisionsByLaw(),
    decisionsRefused(),
  ];
}
