import { isPlainMap } from '../draft-faults.ts';
import { mapOf } from './collection-forms.ts';
import { count, oneOf } from './form.ts';
import type { RecordType } from './record-type.ts';
import { identifier, line, textMap } from './text-forms.ts';

/** A century: no notice or review period of an instrument is longer. */
const MAX_DAYS = 36_525;

/** More than there are states. */
const MAX_PARTIES = 1_000;

const provision = mapOf({ id: identifier(), text: textMap }, ['id', 'text']);

/** An agreed expectation, voluntary or by treaty (domain.md §3). */
export const norm: RecordType = {
  id: 'norm',
  retracts: false,
  titleField: 'title',
  fields: {
    title: { redaction: 'whole', form: textMap, required: true },
    kind: { redaction: 'whole', form: oneOf('voluntary', 'treaty'), required: true },
    provisions: { redaction: 'elements', element: provision, required: true },
    adoption: { redaction: 'whole', form: textMap },
    entryIntoForce: {
      redaction: 'whole',
      form: mapOf({ threshold: count(MAX_PARTIES), delayDays: count(MAX_DAYS) }, []),
    },
    reviewPeriodDays: { redaction: 'whole', form: count(MAX_DAYS) },
    noticePeriodDays: { redaction: 'whole', form: count(MAX_DAYS) },
    source: { redaction: 'whole', form: line(2_048) },
  },
  check(content, _context, faults) {
    const { provisions } = content;
    if (!Array.isArray(provisions)) return;
    // Commitments refer to provisions by id.
    const ids = provisions.map((each: unknown) => (isPlainMap(each) ? each.id : undefined));
    for (const [index, id] of ids.entries()) {
      if (id !== undefined && ids.indexOf(id) !== index) {
        faults.add('record.duplicate-entry', ['content', 'provisions', index, 'id'], 'this id stands twice');
      }
    }
  },
};
