import { array, document, field, oneOf, text, uint } from '@comity/cbor';
import type { MessageForm } from '../messages.ts';
import type { WitnessAnswer, WitnessRequest } from '../ports.ts';
import { MAX_WITNESS_TEXT_BYTES, MAX_WITNESS_TEXTS } from './constants.ts';

const said = text({ minBytes: 1, maxBytes: MAX_WITNESS_TEXT_BYTES });

export const witnessRequestForm: MessageForm<WitnessRequest> = {
  shape: document(
    {
      kind: field(1, oneOf('add', 'compare', 'evidence', 'keys')),
      texts: field(2, array(said, { min: 1, max: MAX_WITNESS_TEXTS })),
    },
    { unknown: 'reject' },
  ),
  limits: { maxBytes: 524_288, maxDepth: 2, maxItems: 6 + MAX_WITNESS_TEXTS },
};

/** One answer a message. */
export const witnessAnswerForm: MessageForm<WitnessAnswer> = {
  shape: document(
    { status: field(1, uint()), text: field(2, text({ maxBytes: MAX_WITNESS_TEXT_BYTES })) },
    { unknown: 'reject' },
  ),
  limits: { maxBytes: 16 + MAX_WITNESS_TEXT_BYTES, maxDepth: 1, maxItems: 5 },
};

/** A request to cosign is one, whatever is shown with it; of others each text has its answer. */
export function answersTo({ kind, texts }: WitnessRequest): number {
  return kind === 'add' ? 1 : texts.length;
}
