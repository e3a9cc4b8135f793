import { listOf, mapOf } from './collection-forms.ts';
import { oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { state } from './reference-forms.ts';
import { identifier, line, textMap } from './text-forms.ts';

const point = mapOf({ id: identifier(), text: textMap }, ['id', 'text']);

/**
 * A dispute, from its filing to its settlement (UN Charter, article 33.1). What is said in it is confidential and without
 * prejudice: it is labelled for the parties alone, and no part of it less.
 */
export const dispute: RecordType = {
  id: 'dispute',
  retracts: false,
  confidential: true,
  titleField: 'title',
  fields: {
    title: { redaction: 'whole', form: textMap, required: true },
    parties: { redaction: 'whole', form: listOf(state, 64), required: true },
    stage: {
      redaction: 'whole',
      form: oneOf('filed', 'admissible', 'fact-finding', 'mediation', 'recommendation', 'award', 'closed'),
      required: true,
    },
    neutral: { redaction: 'whole', form: line(512) },
    issues: { redaction: 'elements', element: point },
    respondBy: { redaction: 'whole', form: time },
    recommendation: { redaction: 'whole', form: textMap },
    award: { redaction: 'whole', form: textMap },
  },
  cases: {
    field: 'stage',
    words: {
      ...Object.fromEntries(
        ['filed', 'admissible', 'fact-finding', 'mediation'].map((stage) => [
          stage,
          { required: [], foreign: ['recommendation', 'award'] },
        ]),
      ),
      recommendation: { required: ['recommendation'], foreign: ['award'] },
      award: { required: ['award'], foreign: [] },
    },
  },
  check({ parties }, _context, faults) {
    if (Array.isArray(parties) && parties.length === 1) {
      faults.add('record.bad-value', ['content', 'parties'], 'expected two states at least');
    }
  },
};
