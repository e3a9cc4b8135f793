import { listOf } from './collection-forms.ts';
import { oneOf } from './form.ts';
import type { RecordType } from './record-type.ts';
import { identifier, textMap } from './text-forms.ts';

/** What somebody thinks of a record, such as a draft norm in consultation, and what its issuer answers (record-types.md §17). */
export const annotation: RecordType = {
  id: 'annotation',
  retracts: false,
  aboutRecord: true,
  titleField: 'text',
  fields: {
    kind: {
      redaction: 'whole',
      form: oneOf('note', 'opinion', 'proposal', 'accept', 'decline'),
      required: true,
    },
    stakeholderGroup: {
      redaction: 'whole',
      form: oneOf('government', 'operator', 'civil-society', 'technical-community'),
    },
    provisions: { redaction: 'whole', form: listOf(identifier(), 256) },
    text: { redaction: 'whole', form: textMap },
    proposedChange: { redaction: 'whole', form: textMap },
  },
  cases: {
    field: 'kind',
    words: {
      note: { required: ['text'], foreign: ['proposedChange'] },
      opinion: { required: ['text'], foreign: ['proposedChange'] },
      proposal: { required: ['proposedChange'], foreign: [] },
      accept: { required: [], foreign: ['stakeholderGroup', 'provisions', 'proposedChange'] },
      // Who proposed something is told why it is not taken.
      decline: { required: ['text'], foreign: ['stakeholderGroup', 'provisions', 'proposedChange'] },
    },
  },
};
