import { parseTimeText } from '../time-text.ts';
import { time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { recordReference, state } from './reference-forms.ts';
import { concernedParts, purpose, requireDifferentStates } from './release-forms.ts';
import { textMap } from './text-forms.ts';

/** A holder asks the originator of a record whether it may hand parts of it on to a third party (DISCLOSURE §4, consent). */
export const releaseRequest: RecordType = {
  id: 'release-request',
  retracts: false,
  titleField: 'reason',
  fields: {
    record: { redaction: 'whole', form: recordReference, required: true },
    parts: { redaction: 'whole', form: concernedParts, required: true },
    thirdParty: { redaction: 'whole', form: state, required: true },
    purpose: { redaction: 'whole', form: purpose, required: true },
    reason: { redaction: 'whole', form: textMap, required: true },
    replyBy: { redaction: 'whole', form: time },
  },
  check(content, context, faults) {
    requireDifferentStates(content, ['thirdParty'], context, faults);
    const replyBySeconds = typeof content.replyBy === 'string' ? parseTimeText(content.replyBy) : undefined;
    if (replyBySeconds !== undefined && replyBySeconds <= context.atSeconds) {
      faults.add('record.bad-term', ['content', 'replyBy'], 'expected a time that is still to come');
    }
  },
};
