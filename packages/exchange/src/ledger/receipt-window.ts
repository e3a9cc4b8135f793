import { Fault } from '@comity/fault';
import type { Clock } from '../clock.ts';

/** Batches that are under way without a receipt: at most a window of them, each with a deadline. */
export class ReceiptWindow {
  readonly #clock: Clock;
  readonly #receiptMs: number;
  readonly #window: number;
  readonly #onOverdue: (fault: Fault) => void;
  readonly #ends: number[] = [];
  #cancel: (() => void) | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(clock: Clock, receiptMs: number, window: number, onOverdue: (fault: Fault) => void) {
    this.#clock = clock;
    this.#receiptMs = receiptMs;
    this.#window = window;
    this.#onOverdue = onOverdue;
  }

  /** Waits until another batch may be sent. */
  async room(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#ends.length < this.#window, signal);
  }

  /** Waits until every batch has its receipt. */
  async settled(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#ends.length === 0, signal);
  }

  /** A batch that ends at this size is being sent. */
  sent(size: number): void {
    this.#ends.push(size);
    if (this.#ends.length === 1) this.#arm();
  }

  /**
   * Whether a receipt is for the batch that is first in line: they come in order, one for each batch.
   *
   * @throws Fault `exchange.receipt-unexpected`
   */
  judge(size: number): void {
    if (this.#ends[0] === size) return;
    throw new Fault(
      'exchange.receipt-unexpected',
      'receipt for a size at which the batch first in line does not end',
    );
  }

  /** The batch that is first in line has its receipt. */
  receipted(): void {
    this.#ends.shift();
    this.#arm();
    this.#notify();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#notify();
  }

  /** For the batch that is first in line: from when it became so, as a peer works on one after the other. */
  #arm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#ends.length === 0) return;
    this.#cancel = this.#clock.schedule(this.#receiptMs, () => {
      this.#onOverdue(new Fault('exchange.receipt-deadline', 'no receipt for a batch in time'));
    });
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  async #until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    const wake = (): void => this.#notify();
    signal.addEventListener('abort', wake);
    try {
      while (!holds() && !signal.aborted) await this.#changed.promise;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }
}
