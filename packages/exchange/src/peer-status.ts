import type { FaultCode } from '@comity/fault';
import type { StateId } from '@comity/label';
import { type Clock, nowSeconds } from './clock.ts';
import type { EventHub } from './events.ts';

/**
 * Where the loop of a peer is: `waiting` for its next attempt or to be dialled, `dialling`, `greeting` (connected, hello
 * not accepted yet), `live` (accepted; the ledger is followed), `stopped`.
 */
export type PeerState = 'waiting' | 'dialling' | 'greeting' | 'live' | 'stopped';

/** A peer as an operator sees it. */
export interface PeerStatus {
  readonly peer: StateId;
  readonly state: PeerState;
  /** UTC seconds of the last message that came from the peer; absent before the first. */
  readonly lastContactAtSeconds?: number;
  /** Code of the last fault; absent again once the peer is live without one. */
  readonly lastFaultCode?: FaultCode;
  /** UTC seconds of the next attempt, while waiting for it. */
  readonly nextAttemptAtSeconds?: number;
  /** Entries of the peer's ledger that it has announced and this node does not hold yet; absent until known. */
  readonly lagEntries?: number;
  /** Whether the peer's last hello carried its recognition of this state. */
  readonly recognised?: boolean;
}

type Mutable = { -readonly [K in keyof PeerStatus]: PeerStatus[K] };

/** Keeps the status of one peer and reports changes; a contact alone is not a change. */
export class PeerStatusBoard {
  readonly #clock: Clock;
  readonly #events: EventHub;
  readonly #status: Mutable;
  #announcedSize: number | undefined;
  #heldSize: number | undefined;

  constructor(peer: StateId, clock: Clock, events: EventHub) {
    this.#clock = clock;
    this.#events = events;
    this.#status = { peer, state: 'waiting' };
  }

  snapshot(): PeerStatus {
    return { ...this.#status };
  }

  enter(state: PeerState, nextAttemptInMs?: number): void {
    this.#status.state = state;
    if (nextAttemptInMs === undefined) delete this.#status.nextAttemptAtSeconds;
    else {
      this.#status.nextAttemptAtSeconds = Math.ceil((this.#clock.nowMs() + nextAttemptInMs) / 1_000);
    }
    this.#report();
  }

  fault(code: FaultCode): void {
    this.#status.lastFaultCode = code;
    this.#report();
  }

  healthy(): void {
    if (this.#status.lastFaultCode === undefined) return;
    delete this.#status.lastFaultCode;
    this.#report();
  }

  recognised(recognised: boolean): void {
    if (this.#status.recognised === recognised) return;
    this.#status.recognised = recognised;
    this.#report();
  }

  /** The peer has said something. */
  contact(): void {
    this.#status.lastContactAtSeconds = nowSeconds(this.#clock);
  }

  /** The peer says that its ledger has this many entries. */
  announced(size: number): void {
    this.#announcedSize = size;
    this.#weigh();
  }

  /** This node holds this many of them. */
  held(size: number): void {
    this.#heldSize = size;
    this.#weigh();
  }

  #weigh(): void {
    if (this.#announcedSize === undefined || this.#heldSize === undefined) return;
    const lagEntries = Math.max(0, this.#announcedSize - this.#heldSize);
    if (this.#status.lagEntries === lagEntries) return;
    this.#status.lagEntries = lagEntries;
    this.#report();
  }

  #report(): void {
    this.#events.emit({ kind: 'status', status: this.snapshot() });
  }
}
