import { Fault } from '@comity/fault';
import { readMessage } from '../messages.ts';
import type { LedgerBatch } from '../ports.ts';
import { batchForm } from './wire.ts';

/** The batches that come on one stream (exchange.md §7.4, §3.4): each begins where the one before ended. */
export class BatchRow {
  #next: number;
  #count = 0;

  /** `heldSize` is the size in the request. */
  constructor(heldSize: number) {
    this.#next = heldSize;
  }

  /** @throws Fault `exchange.message-malformed`, `exchange.batch-out-of-order` */
  take(bytes: Uint8Array): LedgerBatch {
    const { from, checkpoint, items } = readMessage(batchForm, bytes);
    if (from !== this.#next) {
      throw new Fault(
        'exchange.batch-out-of-order',
        `expected a batch from ${this.#next}, got one from ${from}`,
      );
    }
    this.#next = from + items.length;
    this.#count += 1;
    return { from, to: this.#next, checkpoint, items, bytes };
  }

  /**
   * The sender has said everything, and counts what it has said.
   *
   * @throws Fault `exchange.count-mismatch`
   */
  end(count: number): void {
    if (count === this.#count) return;
    throw new Fault('exchange.count-mismatch', `END counts ${count} batches, ${this.#count} came`);
  }
}
