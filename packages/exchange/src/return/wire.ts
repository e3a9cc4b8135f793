import { document, field, type Infer, uint } from '@comity/cbor';
import type { MessageForm } from '../messages.ts';

const requestShape = document({ heldSize: field(1, uint()) }, { unknown: 'reject' });

/** How many entries of its own ledger for the peer the asking state has. The answer is batches (exchange.md §7.4). */
export const returnRequestForm: MessageForm<Infer<typeof requestShape>> = {
  shape: requestShape,
  limits: { maxBytes: 16, maxDepth: 1, maxItems: 3 },
};
