import { parseTimeText } from '../time-text.ts';
import { oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { recordReference, state } from './reference-forms.ts';
import { requireDifferentStates } from './release-forms.ts';
import { textMap } from './text-forms.ts';

/**
 * A question to another state that removes an ambiguity fast, and what is said to it. Whoever acknowledges a question does not
 * concur with what it says (A/76/135).
 */
export const clarification: RecordType = {
  id: 'clarification',
  retracts: false,
  titleField: 'text',
  fields: {
    kind: {
      redaction: 'whole',
      form: oneOf('question', 'acknowledgement', 'answer', 'decline'),
      required: true,
    },
    to: { redaction: 'whole', form: state, required: true },
    inReplyTo: { redaction: 'whole', form: recordReference },
    about: { redaction: 'whole', form: recordReference },
    text: { redaction: 'whole', form: textMap },
    replyBy: { redaction: 'whole', form: time },
    reason: {
      redaction: 'whole',
      form: oneOf(
        'national-security',
        'defence',
        'criminal-investigation',
        'confidentiality',
        'legal-exemption',
        'disproportionate-effort',
        'complexity',
      ),
    },
  },
  cases: {
    field: 'kind',
    words: {
      question: { required: ['text'], foreign: ['inReplyTo', 'reason'] },
      acknowledgement: { required: ['inReplyTo'], foreign: ['about', 'reason', 'replyBy'] },
      answer: { required: ['inReplyTo', 'text'], foreign: ['about', 'reason', 'replyBy'] },
      decline: { required: ['inReplyTo', 'reason'], foreign: ['about', 'replyBy'] },
    },
  },
  check(content, context, faults) {
    requireDifferentStates(content, ['to'], context, faults);
    const replyBySeconds = typeof content.replyBy === 'string' ? parseTimeText(content.replyBy) : undefined;
    if (replyBySeconds !== undefined && replyBySeconds <= context.atSeconds) {
      faults.add('record.bad-term', ['content', 'replyBy'], 'expected a time that is still to come');
    }
  },
};
