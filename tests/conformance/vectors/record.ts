import { recordAuthorityVectors } from './record-authority.ts';
import { recordBodyVectors } from './record-bodies.ts';
import { recordDisclosureVectors } from './record-disclosures.ts';
import { recordDominanceVectors } from './record-dominance.ts';
import { recordEnvelopeVectors } from './record-envelope.ts';
import { recordExampleVectors } from './record-examples.ts';
import { recordFieldVectors } from './record-fields.ts';
import { recordHeaderVectors } from './record-headers.ts';
import { recordLabelVectors } from './record-labels.ts';
import { recordLimitVectors } from './record-limits.ts';
import { recordLookupVectors } from './record-lookups.ts';
import { recordRedactionVectors } from './record-redaction.ts';
import { recordSelectionVectors } from './record-selections.ts';
import { recordSizeVectors } from './record-sizes.ts';
import { recordViewVectors } from './record-views.ts';
import type { VectorFile } from './vector.ts';

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
