import { mapOf } from './collection-forms.ts';
import { oneOf } from './form.ts';
import type { RecordType } from './record-type.ts';
import { digestOf } from './reference-forms.ts';
import { sectors } from './registered-forms.ts';
import { line, textMap } from './text-forms.ts';

const digest = digestOf('a document');

/** Guidance that was approved, or is to be: as a text, or as a document that is named by its digest. */
export const guideline: RecordType = {
  id: 'guideline',
  retracts: false,
  titleField: 'title',
  fields: {
    title: { redaction: 'whole', form: textMap, required: true },
    status: { redaction: 'whole', form: oneOf('draft', 'approved'), required: true },
    summary: { redaction: 'whole', form: textMap },
    body: { redaction: 'whole', form: textMap },
    document: {
      redaction: 'whole',
      form: mapOf({ digest: digest, name: line(512), mediaType: line(128) }, ['digest']),
    },
    sectors: { redaction: 'whole', form: sectors },
    approvedBy: { redaction: 'whole', form: line(512) },
  },
  check({ body, document }, _context, faults) {
    if ((body ?? document ?? undefined) !== undefined) return;
    faults.add('record.missing-field', ['content', 'body'], 'expected a body or a document');
  },
};
