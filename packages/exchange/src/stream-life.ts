import { Fault } from '@comity/fault';
import type { Stream, StreamCloseEvent } from '@libp2p/interface';

/** One for all: an abort without a reason makes a new exception, with its stack, for each stream. */
const GONE = new Fault('exchange.stream-closed', 'the stream is closed');

/** What became of a stream, for its reader, its writer and whoever works for it. */
export class StreamLife {
  readonly #stream: Stream;
  readonly #gone = new AbortController();
  #failure: Fault | undefined;

  constructor(stream: Stream) {
    this.#stream = stream;
    stream.addEventListener('close', (event) => this.#close(event));
    if (stream.status !== 'open' && stream.status !== 'closing') this.#gone.abort(GONE);
  }

  /** Aborted when the stream is closed, reset or aborted, in both directions. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Why the stream cannot be used further; undefined while it is open and after a clean close. */
  get failure(): Fault | undefined {
    return this.#failure;
  }

  /** Resets the stream, discarding what is unread and unsent. The first reason is kept. */
  abort(fault: Fault): void {
    if (this.#gone.signal.aborted) return;
    this.#failure ??= fault;
    this.#stream.abort(fault);
  }

  #close(event: StreamCloseEvent): void {
    // The reset of a peer carries no reason (libp2p.md §3).
    if (event.error !== undefined) {
      this.#failure ??= new Fault('exchange.stream-reset', 'the stream was reset', { cause: event.error });
    }
    this.#gone.abort(GONE);
  }
}
