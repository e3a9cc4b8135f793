import type { VectorFile } from '../vector.ts';
import { recordAuthorityVectors } from './authority.ts';
import { recordBodyVectors } from './bodies.ts';
import { recordDisclosureVectors } from './disclosures.ts';
import { recordDominanceVectors } from './dominance.ts';
import { recordEnvelopeVectors } from './envelope.ts';
import { recordExampleVectors } from './examples.ts';
import { recordFieldVectors } from './fields.ts';
import { recordHeaderVectors } from './headers.ts';
import { recordLabelVectors } from './labels.ts';
import { recordLimitVectors } from './limits.ts';
import { recordLookupVectors } from './lookups.ts';
import { recordRedactionVectors } from './redaction.ts';
import { recordSelectionVectors } from './selections.ts';
import { recordSizeVectors } from './sizes.ts';
import { recordViewVectors } from './views.ts';

/** Vectors of record.md. */
export function recordVectors(): readonly VectorFile[] {
  return [
    ...recordExampleVectors(),
    ...recordViewVectors(),
    ...recordBodyVectors(),
    ...recordHeaderVectors(),
    ...recordEnvelopeVectors(),
    ...recordFieldVectors(),
    ...recordRedactionVectors(),
    ...recordDisclosureVectors(),
    ...recordAuthorityVectors(),
    ...recordLabelVectors(),
    ...recordDominanceVectors(),
    ...recordLimitVectors(),
    ...recordSizeVectors(),
    ...recordLookupVectors(),
    ...recordSelectionVectors(),
  ];
}
