import { oneOf } from './form.ts';
import type { RecordType } from './record-type.ts';
import { textMap } from './text-forms.ts';

/** Withdrawal of a record, which recipients can confirm. What is withdrawn stands in the envelope. */
export const retraction: RecordType = {
  id: 'retraction',
  retracts: true,
  titleField: 'reason',
  fields: {
    reason: { redaction: 'whole', form: textMap, required: true },
    requestedAction: { redaction: 'whole', form: oneOf('cease-use', 'delete', 'none'), required: true },
  },
};
