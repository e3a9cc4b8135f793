import type { StateId } from '@comity/label';
import type { ExchangeContext } from '../context.ts';
import type { FrameStream } from '../frame-stream.ts';
import { writeMessage } from '../messages.ts';
import type { LedgerBatch } from '../ports.ts';
import { BatchRow } from './batches.ts';
import { receiptForm } from './wire.ts';

const NOTHING = (): void => undefined;

/**
 * Batches on their way from a stream to the sink. Several are with the sink at a time; receipts go back in order, each
 * only when its batch is durable.
 */
export class BatchIntake {
  readonly #context: ExchangeContext;
  readonly #peer: StateId;
  readonly #stream: FrameStream;
  /** What the sink is working on. */
  readonly #accepted = new Set<Promise<string>>();
  readonly #row: BatchRow;
  #outstanding = 0;
  #receiptedCount = 0;
  #failure: unknown;
  #failed = false;
  #last: Promise<void> = Promise.resolve();
  #changed = Promise.withResolvers<void>();

  constructor(context: ExchangeContext, peer: StateId, stream: FrameStream, heldSize: number) {
    this.#context = context;
    this.#peer = peer;
    this.#stream = stream;
    this.#row = new BatchRow(heldSize);
  }

  get receiptedCount(): number {
    return this.#receiptedCount;
  }

  /** What the sink refused a batch with, rather than how the stream ended because of it. */
  reasonOf(thrown: unknown): unknown {
    return this.#failed ? this.#failure : thrown;
  }

  /** Waits until the sink may be given another batch: what is not read is what slows the sender. */
  async room(): Promise<void> {
    while (this.#outstanding >= this.#context.batches.window && !this.#failed) await this.#changed.promise;
    if (this.#failed) throw this.#failure;
  }

  /**
   * Hands a batch to the sink.
   *
   * @returns the size of the ledger with it
   * @throws Fault `exchange.message-malformed`, `exchange.batch-out-of-order`
   */
  take(bytes: Uint8Array): number {
    const batch = this.#row.take(bytes);
    this.#outstanding += 1;
    const accepted = this.#accept(batch);
    this.#accepted.add(accepted);
    this.#last = this.#receipt(this.#last, accepted, batch);
    return batch.to;
  }

  /**
   * The sender has sent its last batch. Waits until each has its receipt on the way.
   *
   * @throws Fault `exchange.count-mismatch`, what the sink refused a batch with, or why the stream ended
   */
  async done(count: number): Promise<void> {
    this.#row.end(count);
    await this.#last;
    if (this.#failed) throw this.#failure;
  }

  /** Waits until the sink works on nothing of this stream any more, so that the next one begins at a settled position. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#accepted);
  }

  async #accept(batch: LedgerBatch): Promise<string> {
    return this.#context.ports.ledgerSink.accept(this.#peer, batch, this.#stream.signal);
  }

  async #receipt(previous: Promise<void>, accepted: Promise<string>, batch: LedgerBatch): Promise<void> {
    try {
      await accepted.then(NOTHING, NOTHING);
      this.#accepted.delete(accepted);
      await previous;
      if (this.#failed) return;
      const line = await accepted;
      const { board, events } = this.#context;
      board(this.#peer)?.held(batch.to);
      events.emit({ kind: 'batch-accepted', peer: this.#peer, from: batch.from, to: batch.to });
      await this.#stream.write(writeMessage(receiptForm, { size: batch.to, line }));
      this.#receiptedCount += 1;
    } catch (thrown) {
      if (!this.#failed) {
        this.#failed = true;
        this.#failure = thrown;
        void this.#stream.refuse(thrown);
      }
    } finally {
      this.#outstanding -= 1;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers<void>();
    }
  }
}
