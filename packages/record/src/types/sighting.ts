import { parseTimeText } from '../time-text.ts';
import { listOf } from './collection-forms.ts';
import { boolean, count, oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { identifier, textMap } from './text-forms.ts';

const MAX_SEEN = 1_000_000_000;

/** What another state says about the content of a record without editing it: seen here too, wrong, or no longer so. */
export const sighting: RecordType = {
  id: 'sighting',
  retracts: false,
  aboutRecord: true,
  titleField: 'comment',
  fields: {
    kind: { redaction: 'whole', form: oneOf('seen', 'false-positive', 'expired'), required: true },
    indicators: { redaction: 'whole', form: listOf(identifier(), 256) },
    seenAt: { redaction: 'whole', form: time },
    count: { redaction: 'whole', form: count(MAX_SEEN) },
    anonymous: { redaction: 'whole', form: boolean },
    comment: { redaction: 'whole', form: textMap },
  },
  cases: {
    field: 'kind',
    words: {
      seen: { required: ['seenAt'], foreign: [] },
      'false-positive': { required: [], foreign: ['seenAt', 'count'] },
      expired: { required: [], foreign: ['seenAt', 'count'] },
    },
  },
  check({ seenAt }, { atSeconds }, faults) {
    const seenAtSeconds = typeof seenAt === 'string' ? parseTimeText(seenAt) : undefined;
    if (seenAtSeconds !== undefined && seenAtSeconds > atSeconds) {
      faults.add('record.bad-term', ['content', 'seenAt'], 'expected a time that is not still to come');
    }
  },
};
