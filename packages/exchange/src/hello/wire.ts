import { array, bytes, document, field, optionalField, text, uint } from '@comity/cbor';
import { MAX_FEDERATION_BYTES } from '../limits.ts';
import type { MessageForm } from '../messages.ts';
import type { Hello } from '../ports.ts';
import {
  MAX_CAPABILITIES,
  MAX_CAPABILITY_BYTES,
  MAX_CARD_BYTES,
  MAX_RECOGNITION_BYTES,
} from './constants.ts';

/** The hello of either side; the answer to a hello is a hello. */
export const helloForm: MessageForm<Hello> = {
  shape: document(
    {
      federation: field(1, text({ minBytes: 1, maxBytes: MAX_FEDERATION_BYTES })),
      era: field(2, uint()),
      card: field(3, bytes({ min: 1, max: MAX_CARD_BYTES })),
      recognition: optionalField(4, bytes({ min: 1, max: MAX_RECOGNITION_BYTES })),
      ledgerSize: field(5, uint()),
      capabilities: field(
        6,
        array(text({ maxBytes: MAX_CAPABILITY_BYTES, pattern: /^[a-z0-9][a-z0-9./-]*$/ }), {
          max: MAX_CAPABILITIES,
        }),
      ),
      sentAtSeconds: field(7, uint()),
    },
    { unknown: 'reject' },
  ),
  limits: {
    maxBytes: MAX_CARD_BYTES + MAX_RECOGNITION_BYTES + 4_096,
    maxDepth: 2,
    maxItems: 32 + MAX_CAPABILITIES,
  },
};
