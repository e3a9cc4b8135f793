import { parseTimeText } from '../time-text.ts';
import { listOf, mapOf } from './collection-forms.ts';
import { count, oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { state } from './reference-forms.ts';
import { identifier, textMap } from './text-forms.ts';

const MAX_OFFSET_SECONDS = 366 * 86_400;

/** A simulated crisis that several states play. It is itself a record of its exercise, so that nobody takes it for a real one. */
export const exercise: RecordType = {
  id: 'exercise',
  retracts: false,
  inExercise: true,
  titleField: 'title',
  fields: {
    title: { redaction: 'whole', form: textMap, required: true },
    status: { redaction: 'whole', form: oneOf('planned', 'running', 'ended', 'lessons'), required: true },
    scenario: { redaction: 'whole', form: textMap, required: true },
    startsAt: { redaction: 'whole', form: time, required: true },
    endsAt: { redaction: 'whole', form: time, required: true },
    players: { redaction: 'whole', form: listOf(state, 64), required: true },
    injects: {
      redaction: 'elements',
      element: mapOf(
        { id: identifier(), offsetSeconds: count(MAX_OFFSET_SECONDS), text: textMap, to: listOf(state, 64) },
        ['id', 'offsetSeconds', 'text'],
      ),
    },
    lessons: { redaction: 'whole', form: textMap },
  },
  check({ startsAt, endsAt }, _context, faults) {
    const starts = typeof startsAt === 'string' ? parseTimeText(startsAt) : undefined;
    const ends = typeof endsAt === 'string' ? parseTimeText(endsAt) : undefined;
    if (starts !== undefined && ends !== undefined && ends <= starts) {
      faults.add('record.bad-term', ['content', 'endsAt'], 'expected a time after the start');
    }
  },
};
