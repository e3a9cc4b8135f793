import { mapOf } from './collection-forms.ts';
import { oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { identifier, textMap } from './text-forms.ts';

const point = mapOf({ id: identifier(), text: textMap }, ['id', 'text']);

/** A norm, a measure or a guideline is looked at again: norms are adjusted as technology and law move. */
export const review: RecordType = {
  id: 'review',
  retracts: false,
  aboutRecord: true,
  titleField: 'summary',
  fields: {
    status: { redaction: 'whole', form: oneOf('open', 'adopted'), required: true },
    cycle: { redaction: 'whole', form: identifier() },
    dueAt: { redaction: 'whole', form: time },
    summary: { redaction: 'whole', form: textMap },
    findings: { redaction: 'elements', element: point },
    proposals: { redaction: 'elements', element: point },
    outcome: { redaction: 'whole', form: oneOf('keep', 'amend', 'end') },
  },
  cases: {
    field: 'status',
    words: {
      open: { required: [], foreign: ['outcome'] },
      adopted: { required: ['summary', 'outcome'], foreign: [] },
    },
  },
};
