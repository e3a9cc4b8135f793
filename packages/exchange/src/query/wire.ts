import { bytes, defineShape, document, field, type Infer, tuple } from '@comity/cbor';
import { MAX_DISCLOSURES, MAX_RECORD_BYTES } from '../ledger/constants.ts';
import { disclosuresShape } from '../ledger/wire.ts';
import { MAX_MESSAGE_BYTES } from '../limits.ts';
import type { MessageForm } from '../messages.ts';
import type { QueryAnswer } from '../ports.ts';
import { MAX_QUESTION_BYTES } from './constants.ts';

const requestShape = document(
  { question: field(1, bytes({ min: 1, max: MAX_QUESTION_BYTES })) },
  { unknown: 'reject' },
);

export const queryRequestForm: MessageForm<Infer<typeof requestShape>> = {
  shape: requestShape,
  limits: { maxBytes: 16 + MAX_QUESTION_BYTES, maxDepth: 1, maxItems: 3 },
};

const answerTuple = tuple(bytes({ min: 1, max: MAX_RECORD_BYTES }), disclosuresShape);

/** `[record, [* disclosure]]`, one answer a message. */
export const queryAnswerForm: MessageForm<QueryAnswer> = {
  shape: defineShape<QueryAnswer>(
    (value) => {
      const [record, disclosures] = answerTuple.decode(value);
      return { record, disclosures };
    },
    ({ record, disclosures }) => answerTuple.encode([record, disclosures]),
  ),
  limits: { maxBytes: MAX_MESSAGE_BYTES, maxDepth: 2, maxItems: 8 + MAX_DISCLOSURES },
};
