import type { StateId } from '@comity/label';
import type { BatchSizes, ExchangeContext } from '../context.ts';
import { MAX_ITEM_BYTES } from '../limits.ts';
import { writeMessage } from '../messages.ts';
import type { LedgerItem } from '../ports.ts';
import { batchForm } from './wire.ts';

/** A batch, ready to be sent. */
export interface EncodedBatch {
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** CBOR heads of an item: the arrays, entry, record, and up to 5 bytes for each disclosure. */
const HEAD_BYTES = 16;
const DISCLOSURE_HEAD_BYTES = 5;

/** The bytes that an item adds to a message. An item of more than `MAX_ITEM_BYTES` cannot be sent. */
export function itemBytes({ entry, record, disclosures }: LedgerItem): number {
  let byteLength = HEAD_BYTES + entry.length + (record?.length ?? 0);
  for (const disclosure of disclosures) byteLength += DISCLOSURE_HEAD_BYTES + disclosure.length;
  return byteLength;
}

/**
 * The entries `from` to `to` of a peer's ledger as batches, in order. Each ends at a signed checkpoint of its own, so
 * that each can be verified, made durable and receipted without the next.
 */
export async function* encodeBatches(
  context: ExchangeContext,
  peer: StateId,
  from: number,
  to: number,
  signal: AbortSignal,
): AsyncGenerator<EncodedBatch> {
  const { ledgerSource } = context.ports;
  const pending = new PendingBatch(context.batches);
  let at = from;
  const encode = async (): Promise<EncodedBatch> => {
    const items = pending.take();
    const checkpoint = await ledgerSource.checkpoint(peer, at + items.length);
    const bytes = writeMessage(batchForm, { from: at, checkpoint, items });
    at += items.length;
    return { to: at, bytes };
  };
  for await (const item of ledgerSource.items(peer, from, to, signal)) {
    const sendable = withinLimit(context, peer, at + pending.count, item);
    if (!pending.fits(sendable)) yield await encode();
    pending.add(sendable);
    if (pending.full) yield await encode();
  }
  if (pending.count > 0) yield await encode();
}

/** One entry that cannot be sent must not stop those after it: it goes without its record, and a person is told. */
function withinLimit(context: ExchangeContext, peer: StateId, index: number, item: LedgerItem): LedgerItem {
  if (itemBytes(item) <= MAX_ITEM_BYTES) return item;
  context.ports.alarm({ code: 'exchange.item-too-large', peer, index });
  return { entry: item.entry, record: undefined, disclosures: [] };
}

class PendingBatch {
  readonly #sizes: BatchSizes;
  #items: LedgerItem[] = [];
  #byteLength = 0;

  constructor(sizes: BatchSizes) {
    this.#sizes = sizes;
  }

  get count(): number {
    return this.#items.length;
  }

  get full(): boolean {
    return this.#items.length >= this.#sizes.maxEntries || this.#byteLength >= this.#sizes.maxBytes;
  }

  fits(item: LedgerItem): boolean {
    return this.#items.length === 0 || this.#byteLength + itemBytes(item) <= this.#sizes.maxBytes;
  }

  add(item: LedgerItem): void {
    this.#items.push(item);
    this.#byteLength += itemBytes(item);
  }

  take(): LedgerItem[] {
    const items = this.#items;
    this.#items = [];
    this.#byteLength = 0;
    return items;
  }
}
