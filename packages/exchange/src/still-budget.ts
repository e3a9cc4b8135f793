import { Fault } from '@comity/fault';
import type { Clock } from './clock.ts';

/** What a network that stalled may deliver at once. */
const BURST = 8;

/** How much more often than this node would a peer may say "still here". */
const LENIENCE = 4;

/** Bounds keep-alive frames: they are cheap to send, and each costs the reader a turn. */
export class StillBudget {
  readonly #clock: Clock;
  readonly #everyMs: number;
  #credit = BURST;
  #sinceMs: number;

  constructor(clock: Clock, stillEveryMs: number) {
    this.#clock = clock;
    this.#everyMs = stillEveryMs / LENIENCE;
    this.#sinceMs = clock.nowMs();
  }

  /** @throws Fault `exchange.still-flood` */
  spend(): void {
    const nowMs = this.#clock.nowMs();
    // A clock that is set back gives no credit, and takes none.
    const earned = Math.max(0, nowMs - this.#sinceMs) / this.#everyMs;
    this.#sinceMs = nowMs;
    this.#credit = Math.min(BURST, this.#credit + earned);
    if (this.#credit < 1) throw new Fault('exchange.still-flood', 'keep-alive frames without end');
    this.#credit -= 1;
  }
}
