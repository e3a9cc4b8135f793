import { array, document, field, type Infer, uint } from '@comity/cbor';
import { MAX_DISCLOSURES } from '../ledger/constants.ts';
import { itemShape } from '../ledger/wire.ts';
import { MAX_MESSAGE_BYTES } from '../limits.ts';
import type { MessageForm } from '../messages.ts';
import type { LedgerItem } from '../ports.ts';
import { MAX_FETCH_INDEXES } from './constants.ts';

const requestShape = document(
  { indexes: field(1, array(uint(), { min: 1, max: MAX_FETCH_INDEXES })) },
  { unknown: 'reject' },
);

export const fetchRequestForm: MessageForm<Infer<typeof requestShape>> = {
  shape: requestShape,
  limits: { maxBytes: 16 + 9 * MAX_FETCH_INDEXES, maxDepth: 2, maxItems: 3 + MAX_FETCH_INDEXES },
};

/** One item a message, in the order of the request. */
export const fetchItemForm: MessageForm<LedgerItem> = {
  shape: itemShape,
  limits: { maxBytes: MAX_MESSAGE_BYTES, maxDepth: 2, maxItems: 8 + MAX_DISCLOSURES },
};
