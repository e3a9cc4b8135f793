import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { ExchangeContext } from '../context.ts';
import type { FrameStream } from '../frame-stream.ts';
import { keepAlive } from '../keep-alive.ts';
import { writeMessage } from '../messages.ts';
import { Wakeup } from '../wakeup.ts';
import { type EncodedBatch, encodeBatches } from './batcher.ts';
import { ReceiptWindow } from './receipt-window.ts';
import { readReceipts } from './receipts.ts';
import { headForm, type LedgerRequest } from './wire.ts';

/** One peer being sent this node's ledger for it, over one stream. */
export class LedgerSession {
  readonly #context: ExchangeContext;
  readonly #peer: StateId;
  readonly #stream: FrameStream;
  readonly #window: ReceiptWindow;
  readonly #grown: Wakeup;
  readonly #over = new AbortController();
  readonly #overdue = Promise.withResolvers<never>();
  #alarmed = false;

  constructor(context: ExchangeContext, peer: StateId, stream: FrameStream) {
    this.#context = context;
    this.#peer = peer;
    this.#stream = stream;
    const { clock, timings, batches } = context;
    this.#window = new ReceiptWindow(clock, timings.receiptMs, batches.window, this.#overdue.reject);
    this.#grown = new Wakeup(clock);
  }

  /** Answers a request: HEAD, then what is missing, then, when followed, whatever comes. */
  async run(request: LedgerRequest): Promise<void> {
    const { ledgerSource } = this.#context.ports;
    const over = (): void => this.#over.abort();
    this.#stream.signal.addEventListener('abort', over);
    // Watched before the size is read: what is added in between is not missed.
    const unwatch = ledgerSource.watch(this.#peer, () => this.#grown.notify());
    const stopStill = keepAlive(this.#stream, this.#context);
    try {
      const head = await ledgerSource.head(this.#peer, request.heldSize);
      // Also when the peer holds another history: this note is its evidence.
      await this.#stream.write(writeMessage(headForm, head));
      if (request.heldSize > head.size) this.#disputed(request);
      else if (request.receipt !== undefined) await this.#takeReceipt(request.heldSize, request.receipt);
      const both = Promise.all([this.#send(request, head.size), this.#receive(request)]);
      await Promise.race([both, this.#overdue.promise]);
    } finally {
      stopStill();
      unwatch();
      this.#window.close();
      this.#stream.signal.removeEventListener('abort', over);
      over();
    }
  }

  async #send(request: LedgerRequest, headSize: number): Promise<void> {
    const { signal } = this.#over;
    let at = request.heldSize;
    let end = request.mode === 'head' ? at : headSize;
    let count = 0;
    while (!signal.aborted) {
      if (end > at) {
        for await (const batch of oneAhead(encodeBatches(this.#context, this.#peer, at, end, signal))) {
          await this.#window.room(signal);
          if (signal.aborted) return;
          this.#window.sent(batch.to);
          await this.#stream.write(batch.bytes);
          at = batch.to;
          count += 1;
        }
        // Asked again it would yield nothing again, at once and for ever.
        if (at < end && !signal.aborted) throw new Fault('fault.internal', 'the ledger source stopped early');
      }
      if (request.mode !== 'follow' || request.heldSize > headSize) break;
      end = await this.#context.ports.ledgerSource.size(this.#peer);
      if (end <= at) await this.#grown.wait(Number.POSITIVE_INFINITY, signal);
    }
    if (!signal.aborted) await this.#stream.writeEnd(count);
  }

  /** Receipts, until the peer has sent all it will send. */
  async #receive(request: LedgerRequest): Promise<void> {
    // Silence is the window's to judge: it knows whether a receipt is due.
    for await (const { size, line } of readReceipts(() => this.#read(request), this.#window))
      await this.#takeReceipt(size, line);
    this.#over.abort();
  }

  async #read(request: LedgerRequest): ReturnType<FrameStream['read']> {
    try {
      return await this.#stream.read({ idleMs: Number.POSITIVE_INFINITY });
    } catch (thrown) {
      if (thrown instanceof Fault && thrown.code === 'exchange.ledger-rewritten') this.#disputed(request);
      throw thrown;
    }
  }

  async #takeReceipt(size: number, line: string): Promise<void> {
    const { ports, board, events } = this.#context;
    await ports.ledgerSource.receipt(this.#peer, size, line);
    board(this.#peer)?.contact();
    events.emit({ kind: 'receipt', peer: this.#peer, size });
  }

  /** The peer holds, or says it holds, another history of this node's ledger than this node does. */
  #disputed({ heldSize, heldRoot, receipt }: LedgerRequest): void {
    if (this.#alarmed) return;
    this.#alarmed = true;
    const held = { size: heldSize, root: heldRoot, ...(receipt === undefined ? {} : { receipt }) };
    this.#context.ports.alarm({ code: 'exchange.ledger-disputed', peer: this.#peer, held });
  }
}

/** Makes the next batch while the one before is being sent: the disk and the network work at the same time. */
async function* oneAhead(batches: AsyncGenerator<EncodedBatch>): AsyncGenerator<EncodedBatch> {
  const ask = (): Promise<IteratorResult<EncodedBatch>> => {
    const asked = batches.next();
    asked.catch(() => undefined);
    return asked;
  };
  let next = ask();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = ask();
      yield value;
    }
  } finally {
    await batches.return(undefined);
  }
}
