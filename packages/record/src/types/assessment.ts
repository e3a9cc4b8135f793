import { mapOf } from './collection-forms.ts';
import { oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { likelihood, sector, sectors } from './registered-forms.ts';
import { textMap } from './text-forms.ts';

/** Whether a countermeasure is in proportion (ILC articles on state responsibility, 51 and 52), or how great the risk of a sector is. */
export const assessment: RecordType = {
  id: 'assessment',
  retracts: false,
  titleField: 'title',
  fields: {
    title: { redaction: 'whole', form: textMap, required: true },
    kind: { redaction: 'whole', form: oneOf('proportionality', 'sector-risk'), required: true },
    status: { redaction: 'whole', form: oneOf('draft', 'approved'), required: true },
    trigger: { redaction: 'whole', form: textMap },
    legalAuthority: { redaction: 'whole', form: textMap },
    alternatives: { redaction: 'whole', form: textMap },
    commensurate: { redaction: 'whole', form: textMap },
    offerToNegotiate: { redaction: 'whole', form: textMap },
    sectors: { redaction: 'whole', form: sectors },
    likelihood: { redaction: 'whole', form: likelihood },
    impact: { redaction: 'whole', form: oneOf('low', 'moderate', 'high', 'severe') },
    dependencies: {
      redaction: 'elements',
      element: mapOf({ sector: sector, text: textMap }, ['sector', 'text']),
    },
    reviewBy: { redaction: 'whole', form: time },
  },
  cases: {
    field: 'kind',
    words: {
      proportionality: {
        required: ['trigger', 'legalAuthority', 'alternatives', 'commensurate'],
        foreign: ['likelihood', 'impact', 'dependencies'],
      },
      'sector-risk': {
        required: ['sectors', 'likelihood', 'impact'],
        foreign: ['trigger', 'legalAuthority', 'alternatives', 'commensurate', 'offerToNegotiate'],
      },
    },
  },
};
