import { listOf } from './collection-forms.ts';
import type { RecordType } from './record-type.ts';
import { digestOf, recordReference } from './reference-forms.ts';
import { sectors, severity } from './registered-forms.ts';
import { textMap } from './text-forms.ts';

const digest = digestOf('what was left out');

/** What the public is told, accurate and in time, and what it can do. What was left out is named by its digest. */
export const notice: RecordType = {
  id: 'notice',
  retracts: false,
  titleField: 'title',
  fields: {
    title: { redaction: 'whole', form: textMap, required: true },
    text: { redaction: 'whole', form: textMap, required: true },
    advice: { redaction: 'whole', form: textMap },
    remedies: { redaction: 'whole', form: textMap },
    sectors: { redaction: 'whole', form: sectors },
    severity: { redaction: 'whole', form: severity },
    derivedFrom: { redaction: 'whole', form: listOf(recordReference, 64) },
    removed: { redaction: 'elements', element: digest },
  },
};
