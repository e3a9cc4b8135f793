import type { VectorFile } from '../vector.ts';
import { clarificationVectors } from './clarifications.ts';
import { consentVectors } from './consent.ts';
import { contentAffairVectors } from './content-affairs.ts';
import { contentFlagVectors } from './content-flags.ts';
import { contentFormVectors } from './content-forms.ts';
import { contentIncidentVectors } from './content-incident.ts';

import { contentNormVectors } from './content-norms.ts';
import { contentOpinionVectors } from './content-opinions.ts';
import { contentReleaseVectors } from './content-releases.ts';
import { measureVectors } from './measures.ts';
import { normAboutVectors } from './norm-about.ts';
import { normActVectors } from './norm-acts.ts';
import { normBetweenVectors } from './norm-between.ts';
import { normEntryVectors } from './norm-entry.ts';
import { normRefusedVectors } from './norm-refused.ts';
import { normReservationVectors } from './norm-reservations.ts';
import { normTreatyVectors } from './norm-treaties.ts';
import { normViewVectors } from './norm-views.ts';

/** Vectors of record-types.md. */
export function recordTypesVectors(): readonly VectorFile[] {
  return [
    ...contentFormVectors(),
    ...contentIncidentVectors(),
    ...contentNormVectors(),
    ...contentReleaseVectors(),
    ...contentOpinionVectors(),
    ...contentAffairVectors(),
    ...contentFlagVectors(),
    ...normActVectors(),
    ...normAboutVectors(),
    ...normViewVectors(),
    ...normEntryVectors(),
    ...normTreatyVectors(),
    ...normRefusedVectors(),
    ...normReservationVectors(),
    ...normBetweenVectors(),
    ...measureVectors(),
    ...clarificationVectors(),
    ...consentVectors(),
  ];
}
