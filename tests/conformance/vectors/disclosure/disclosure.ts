import type { VectorFile } from '../vector.ts';
import { decisionsByApproval } from './decisions-by-approval.ts';
import { decisionsByCategory } from './decisions-by-category.ts';
import { decisionsByCondition } from './decisions-by-condition.ts';
import { decisionsByConsent } from './decisions-by-consent.ts';
import { decisionsByEmbargo } from './decisions-by-embargo.ts';
import { decisionsByFact } from './decisions-by-fact.ts';
import { decisionsByGrant } from './decisions-by-grant.ts';
import { decisionsByGroup } from './decisions-by-group.ts';
import { decisionsByLabel } from './decisions-by-label.ts';
import { decisionsByLastWord } from './decisions-by-last-word.ts';
import { decisionsByLetter } from './decisions-by-letter.ts';
import { decisionsByLevel } from './decisions-by-level.ts';
import { decisionsByLimit } from './decisions-by-limit.ts';
import { decisionsByPart } from './decisions-by-part.ts';
import { decisionsByReciprocity } from './decisions-by-reciprocity.ts';
import { decisionsByRetraction } from './decisions-by-retraction.ts';
import { decisionsByRule } from './decisions-by-rule.ts';
import { decisionsHeld } from './decisions-held.ts';
import { decisionsHeldWays } from './decisions-held-ways.ts';
import { decisionsInward } from './decisions-inward.ts';
import { decisionsByLaw } from './decisions-laws.ts';
import { decisionsRefused } from './decisions-refused.ts';
import { policies } from './policies.ts';
import { policiesRefused } from './policies-refused.ts';
import { policiesWithConditions } from './policy-conditions.ts';
import { policyConditionsRefused } from './policy-conditions-refused.ts';

/** Vectors of disclosure.md. */
export function disclosureVectors(): readonly VectorFile[] {
  return [
    policies(),
    policiesWithConditions(),
    ...policiesRefused(),
    ...policyConditionsRefused(),
    ...decisionsByLabel(),
    decisionsByLevel(),
    ...decisionsByCategory(),
    ...decisionsByCondition(),
    decisionsByFact(),
    decisionsByPart(),
    ...decisionsByRule(),
    ...decisionsInward(),
    ...decisionsByEmbargo(),
    decisionsByGroup(),
    decisionsByApproval(),
    ...decisionsByLastWord(),
    decisionsHeld(),
    decisionsHeldWays(),
    decisionsByLimit(),
    ...decisionsByReciprocity(),
    decisionsByRetraction(),
    ...decisionsByConsent(),
    decisionsByGrant(),
    ...decisionsByLetter(),
    decisionsByLaw(),
    decisionsRefused(),
  ];
}
