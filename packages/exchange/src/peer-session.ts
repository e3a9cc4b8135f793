import type { Entropy } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Connection, StreamCloseEvent } from '@libp2p/interface';
import { Backoff } from './backoff.ts';
import type { Connections } from './connections.ts';
import type { ExchangeContext } from './context.ts';
import { sayHello } from './hello/client.ts';
import { pullLedger } from './ledger/client.ts';
import { LEDGER_PROTOCOL } from './ledger/constants.ts';
import { asFault } from './refusal.ts';
import { stopping } from './supervisor.ts';
import { Wakeup } from './wakeup.ts';

/** Work with one peer over one connection: the hello, then its ledger, for as long as the connection lives. */
export class PeerSession {
  readonly #context: ExchangeContext;
  readonly #connections: Connections;
  readonly #peer: StateId;
  readonly #connection: Connection;
  readonly #backoff: Backoff;
  readonly #wakeup: Wakeup;
  readonly #over = new AbortController();
  #reason: Fault | undefined;
  #greeted = false;

  constructor(
    context: ExchangeContext,
    connections: Connections,
    peer: StateId,
    connection: Connection,
    entropy: Entropy,
  ) {
    this.#context = context;
    this.#connections = connections;
    this.#peer = peer;
    this.#connection = connection;
    const { backoffMinMs, backoffMaxMs } = context.timings;
    this.#backoff = new Backoff(backoffMinMs, backoffMaxMs, entropy);
    this.#wakeup = new Wakeup(context.clock);
  }

  get connection(): Connection {
    return this.#connection;
  }

  /**
   * Runs until the connection ends or another one is to be preferred; the latter is not a fault.
   *
   * @throws Fault why the hello failed, why this node has cut the connection (`exchange.connection-aged`,
   *   `exchange.revoked`, `exchange.muxer-frame-too-large`), or `exchange.connection-lost`
   */
  async run(live: () => void, signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#end(stopping());
    const lost = (event?: StreamCloseEvent): void => this.#end(this.#lossFault(event?.error));
    signal.addEventListener('abort', stop);
    this.#connection.addEventListener('close', lost);
    const cancelWatch = this.#watchConnection();
    try {
      if (signal.aborted) stop();
      if (this.#connection.status !== 'open') lost();
      await sayHello(this.#context, this.#peer, this.#connection, this.#over.signal);
      this.#greeted = true;
      live();
      await this.#followLedger();
      if (this.#reason !== undefined) throw this.#reason;
    } catch (thrown) {
      // Replaced by a better connection in the middle of its hello: not a fault either.
      if (this.#over.signal.aborted && this.#reason === undefined) return;
      throw this.#reason ?? thrown;
    } finally {
      cancelWatch();
      signal.removeEventListener('abort', stop);
      this.#connection.removeEventListener('close', lost);
      this.#end(undefined);
    }
  }

  /** Tries the ledger again now, if it is not being followed. */
  wake(): void {
    this.#backoff.reset();
    this.#wakeup.notify();
  }

  /** Says hello anew on the connection. Where that fails, the connection ends, and the next one begins with a hello. */
  async greet(): Promise<void> {
    if (!this.#greeted || this.#over.signal.aborted) return;
    try {
      await sayHello(this.#context, this.#peer, this.#connection, this.#over.signal);
    } catch (thrown) {
      this.#end(asFault(thrown));
    }
  }

  /** Connections of the peer have changed: goes over to the one that both sides prefer. */
  reconsider(): void {
    const preferred = this.#connections.preferred(this.#peer);
    if (preferred !== undefined && preferred !== this.#connection) this.#end(undefined);
  }

  #end(reason: Fault | undefined): void {
    if (this.#over.signal.aborted) return;
    this.#reason = reason;
    this.#over.abort();
  }

  /**
   * Only this node cuts a connection with a fault; a peer gives no reason. The dialler of a connection that is denied sees
   * it open, then aborted without one (libp2p.md §3).
   */
  #lossFault(cause: unknown): Fault {
    if (isFault(cause)) return cause;
    if (this.#greeted) return new Fault('exchange.connection-lost', 'the connection to the peer ended');
    return new Fault('exchange.not-admitted', 'the peer closed the connection without an answer');
  }

  async #followLedger(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      let pauseMs = 0;
      try {
        await pullLedger(this.#context, this.#peer, this.#connection, 'follow', signal);
        this.#backoff.reset();
        pauseMs = this.#backoff.next();
      } catch (thrown) {
        if (signal.aborted) return;
        const { code } = asFault(thrown);
        this.#context.board(this.#peer)?.fault(code);
        this.#context.events.emit({ kind: 'asked-fault', peer: this.#peer, protocol: LEDGER_PROTOCOL, code });
        // A rewritten ledger stays rewritten. Asking again is for a person to decide, or for the next connection.
        pauseMs = code === 'exchange.ledger-rewritten' ? Number.POSITIVE_INFINITY : this.#backoff.next();
      }
      await this.#wakeup.wait(pauseMs, signal);
    }
  }

  /** Looks for duplicates to close, and ends the connection when it has become old. */
  #watchConnection(): () => void {
    const { clock, timings } = this.#context;
    let cancelPrune: () => void;
    const prune = (): void => {
      this.#connections.pruneDuplicates(this.#peer);
      cancelPrune = clock.schedule(timings.duplicateMs, prune);
    };
    cancelPrune = clock.schedule(timings.duplicateMs, prune);
    const cancelAge = clock.schedule(timings.connectionAgeMs, () => {
      this.#connection.abort(new Fault('exchange.connection-aged', 'the connection has become old'));
    });
    return () => {
      cancelPrune();
      cancelAge();
    };
  }
}
