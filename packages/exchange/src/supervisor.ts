import type { Entropy } from '@comity/digest';
import { Fault } from '@comity/fault';
import { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { PeerStatusBoard } from './peer-status.ts';
import { asFault } from './refusal.ts';
import type { Timings } from './timings.ts';
import { Wakeup } from './wakeup.ts';

/** How a supervisor reaches its peer. */
export interface PeerLink<C> {
  /** Whether this side has the lower PeerId, and dials; the other waits to be dialled first. */
  readonly dialsFirst: boolean;
  /** An open connection to the peer, whoever opened it. */
  current(): C | undefined;
  dial(signal: AbortSignal): Promise<C>;
  /**
   * Greets the peer and works with it until the connection ends (rejects) or should be exchanged for another
   * (resolves). Calls `live` when the hello was accepted.
   */
  session(connection: C, live: () => void, signal: AbortSignal): Promise<void>;
}

/** Keeps one peer connected: tries for ever, with jitter, and at once when there is a reason to. */
export class Supervisor<C> {
  readonly #link: PeerLink<C>;
  readonly #board: PeerStatusBoard;
  readonly #clock: Clock;
  readonly #timings: Timings;
  readonly #backoff: Backoff;
  readonly #wakeup: Wakeup;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(link: PeerLink<C>, board: PeerStatusBoard, clock: Clock, entropy: Entropy, timings: Timings) {
    this.#link = link;
    this.#board = board;
    this.#clock = clock;
    this.#timings = timings;
    this.#backoff = new Backoff(timings.backoffMinMs, timings.backoffMaxMs, entropy);
    this.#wakeup = new Wakeup(clock);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** The peer has connected by itself. */
  connected(): void {
    this.#wakeup.notify();
  }

  /** Tries now, and begins at the shortest pause again. */
  wake(): void {
    this.#backoff.reset();
    this.#wakeup.notify();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#board.enter('stopped');
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let waitedForDial = this.#link.dialsFirst;
    while (!signal.aborted) {
      if (!waitedForDial && this.#link.current() === undefined) {
        // Two simultaneous dials leave two connections on both sides (libp2p.md §3).
        waitedForDial = true;
        this.#board.enter('waiting', this.#timings.graceMs);
        await this.#wakeup.wait(this.#timings.graceMs, signal);
        continue;
      }
      if (await this.#attempt(signal)) continue;
      waitedForDial = true;
      // The higher side adds its grace, so that after a loss too the lower one is the first to dial.
      const pauseMs = this.#backoff.next() + (this.#link.dialsFirst ? 0 : this.#timings.graceMs);
      this.#board.enter('waiting', pauseMs);
      await this.#wakeup.wait(pauseMs, signal);
    }
  }

  /** One connection from its beginning to its end. True when there is a better one to go on with. */
  async #attempt(signal: AbortSignal): Promise<boolean> {
    let liveSinceMs: number | undefined;
    try {
      let connection = this.#link.current();
      if (connection === undefined) {
        this.#board.enter('dialling');
        connection = await this.#link.dial(signal);
      }
      this.#wakeup.clear();
      this.#board.enter('greeting');
      const live = (): void => {
        liveSinceMs = this.#clock.nowMs();
        this.#board.healthy();
        this.#board.enter('live');
      };
      await this.#link.session(connection, live, signal);
      return this.#link.current() !== undefined;
    } catch (thrown) {
      if (!signal.aborted) this.#board.fault(asFault(thrown).code);
      return false;
    } finally {
      if (liveSinceMs !== undefined && this.#clock.nowMs() - liveSinceMs >= this.#timings.healthyMs) {
        this.#backoff.reset();
      }
    }
  }
}

/** Thrown by what was interrupted because its peer or the exchange is stopping. */
export function stopping(): Fault {
  return new Fault('exchange.stopping', 'the exchange is stopping');
}
