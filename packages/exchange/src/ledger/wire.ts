import {
  array,
  bytes,
  defineShape,
  document,
  field,
  type Infer,
  nothing,
  oneOf,
  optionalField,
  text,
  tuple,
  uint,
  union,
} from '@comity/cbor';
import { HASH_BYTES } from '@comity/merkle';
import { MAX_MESSAGE_BYTES, MAX_NOTE_BYTES, MAX_NOTE_LINE_BYTES } from '../limits.ts';
import type { MessageForm } from '../messages.ts';
import type { LedgerHead, LedgerItem } from '../ports.ts';
import {
  MAX_BATCH_ENTRIES,
  MAX_BATCH_ITEMS,
  MAX_CONSISTENCY_HASHES,
  MAX_DISCLOSURE_BYTES,
  MAX_DISCLOSURES,
  MAX_ENTRY_BYTES,
  MAX_RECORD_BYTES,
} from './constants.ts';

// request → HEAD, then BATCH … END; RECEIPT … END in the other direction. Each message has its place, so none needs a
// name: first come request and HEAD, everything after is a BATCH or a RECEIPT.

const note = text({ minBytes: 1, maxBytes: MAX_NOTE_BYTES });
const noteLine = text({ minBytes: 1, maxBytes: MAX_NOTE_LINE_BYTES });
const hash = bytes(HASH_BYTES);

/** What the recipient wants: the head alone, everything up to it, or everything as long as the stream is open. */
const mode = oneOf('head', 'pull', 'follow');

const requestShape = document(
  {
    mode: field(1, mode),
    heldSize: field(2, uint()),
    heldRoot: field(3, hash),
    receipt: optionalField(4, noteLine),
  },
  { unknown: 'reject' },
);

export type LedgerMode = Infer<typeof mode>;
export type LedgerRequest = Infer<typeof requestShape>;

export const requestForm: MessageForm<LedgerRequest> = {
  shape: requestShape,
  limits: { maxBytes: 256 + MAX_NOTE_LINE_BYTES, maxDepth: 1, maxItems: 9 },
};

export const headForm: MessageForm<LedgerHead> = {
  shape: document(
    {
      size: field(1, uint()),
      checkpoint: field(2, note),
      consistencyProof: field(3, array(hash, { max: MAX_CONSISTENCY_HASHES })),
    },
    { unknown: 'reject' },
  ),
  limits: {
    maxBytes: 256 + MAX_NOTE_BYTES + (HASH_BYTES + 2) * MAX_CONSISTENCY_HASHES,
    maxDepth: 2,
    maxItems: 16 + MAX_CONSISTENCY_HASHES,
  },
};

const record = union(
  {
    shape: nothing,
    probe: (value) => value === null,
    holds: (value) => value === null,
  },
  {
    shape: bytes({ min: 1, max: MAX_RECORD_BYTES }),
    probe: (value) => value instanceof Uint8Array,
    holds: (value) => value instanceof Uint8Array,
  },
);

export const disclosuresShape = array(bytes({ min: 1, max: MAX_DISCLOSURE_BYTES }), { max: MAX_DISCLOSURES });

const itemTuple = tuple(bytes({ min: 1, max: MAX_ENTRY_BYTES }), record, disclosuresShape);

/** `[entry, record / null, [* disclosure]]`: null where the record is not, or no longer, allowed. */
export const itemShape = defineShape<LedgerItem>(
  (value) => {
    const [entry, recordBytes, disclosures] = itemTuple.decode(value);
    return { entry, record: recordBytes ?? undefined, disclosures };
  },
  ({ entry, record: recordBytes, disclosures }) =>
    itemTuple.encode([entry, recordBytes ?? null, disclosures]),
);

const batchShape = document(
  {
    from: field(1, uint()),
    checkpoint: field(2, note),
    items: field(3, array(itemShape, { min: 1, max: MAX_BATCH_ENTRIES })),
  },
  { unknown: 'reject' },
);

export type BatchMessage = Infer<typeof batchShape>;

export const batchForm: MessageForm<BatchMessage> = {
  shape: batchShape,
  limits: { maxBytes: MAX_MESSAGE_BYTES, maxDepth: 4, maxItems: MAX_BATCH_ITEMS },
};

const receiptShape = document({ size: field(1, uint()), line: field(2, noteLine) }, { unknown: 'reject' });

export type ReceiptMessage = Infer<typeof receiptShape>;

export const receiptForm: MessageForm<ReceiptMessage> = {
  shape: receiptShape,
  limits: { maxBytes: 64 + MAX_NOTE_LINE_BYTES, maxDepth: 1, maxItems: 5 },
};
