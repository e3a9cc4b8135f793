import { parseTimeText } from '../time-text.ts';
import { listOf, mapOf } from './collection-forms.ts';
import { count, oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { languageTag, line, textMap } from './text-forms.ts';

const MAX_DAYS = 36_525;

/** A point of contact that answers (OSCE CBM 8). It is confirmed again and again; what nobody confirms is stale. */
export const contact: RecordType = {
  id: 'contact',
  retracts: false,
  titleField: 'name',
  fields: {
    name: { redaction: 'whole', form: textMap, required: true },
    role: { redaction: 'whole', form: oneOf('diplomatic', 'technical', 'policy'), required: true },
    ways: {
      redaction: 'elements',
      element: mapOf(
        {
          kind: oneOf('telephone', 'email', 'web', 'messenger', 'postal'),
          value: line(512),
          hours: line(256),
        },
        ['kind', 'value'],
      ),
      required: true,
    },
    languages: { redaction: 'whole', form: listOf(languageTag, 32) },
    confirmedAt: { redaction: 'whole', form: time, required: true },
    confirmEveryDays: { redaction: 'whole', form: count(MAX_DAYS), required: true },
  },
  check({ confirmedAt, confirmEveryDays }, { atSeconds }, faults) {
    const confirmedAtSeconds = typeof confirmedAt === 'string' ? parseTimeText(confirmedAt) : undefined;
    if (confirmedAtSeconds !== undefined && confirmedAtSeconds > atSeconds) {
      faults.add('record.bad-term', ['content', 'confirmedAt'], 'expected a time that is not still to come');
    }
    if (confirmEveryDays === 0) {
      faults.add('record.bad-value', ['content', 'confirmEveryDays'], 'expected one day at least');
    }
  },
};
