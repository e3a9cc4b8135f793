import type { StateId } from '@comity/label';
import { type Clock, nowSeconds } from './clock.ts';

/** Under which PeerId, and when, a state is let in. */
export interface Admission {
  readonly peer: StateId;
  /** UTC seconds; inclusive. */
  readonly notBeforeSeconds: number;
  /** UTC seconds; exclusive. */
  readonly notAfterSeconds: number;
}

/** setTimeout takes 31 bits; and a stepped clock must not keep an expired peer in for longer than this. */
const LONGEST_SLEEP_MS = 3_600_000;

/**
 * Who may connect: authenticated PeerIds, each standing for a state. Synchronous and in memory, because a gater that
 * waits keeps a pending connection for ever (libp2p.md U9), and because it is asked again at the head of every request.
 */
export class AdmissionSet {
  readonly #clock: Clock;
  readonly #admitted = new Map<string, Admission>();
  readonly #revoked: (peerId: string) => void;
  #cancel: (() => void) | undefined;

  /** `revoked` is told of each PeerId that is let in no longer, by revocation or by expiry, at once. */
  constructor(clock: Clock, revoked: (peerId: string) => void) {
    this.#clock = clock;
    this.#revoked = revoked;
  }

  admit(peerId: string, admission: Admission): void {
    this.#admitted.set(peerId, admission);
    this.#sleepUntilExpiry();
  }

  revoke(peerId: string): void {
    if (this.#admitted.delete(peerId)) this.#revoked(peerId);
    this.#sleepUntilExpiry();
  }

  /** The state that this PeerId stands for now; undefined for whoever is not let in. */
  peerOf(peerId: string): StateId | undefined {
    const admission = this.#admitted.get(peerId);
    if (admission === undefined) return undefined;
    const now = nowSeconds(this.#clock);
    return now >= admission.notBeforeSeconds && now < admission.notAfterSeconds ? admission.peer : undefined;
  }

  peerIdsOf(peer: StateId): string[] {
    return [...this.#admitted].filter(([, admission]) => admission.peer === peer).map(([peerId]) => peerId);
  }

  /** Stops watching expiry. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** A connection that was opened in time must not outlive the certificate it was opened under. */
  #sleepUntilExpiry(): void {
    this.close();
    if (this.#admitted.size === 0) return;
    let earliestSeconds = Number.POSITIVE_INFINITY;
    for (const { notAfterSeconds } of this.#admitted.values()) {
      earliestSeconds = Math.min(earliestSeconds, notAfterSeconds);
    }
    const delayMs = Math.max(0, earliestSeconds * 1_000 - this.#clock.nowMs());
    this.#cancel = this.#clock.schedule(Math.min(delayMs, LONGEST_SLEEP_MS), () => this.#expire());
  }

  #expire(): void {
    const now = nowSeconds(this.#clock);
    for (const [peerId, { notAfterSeconds }] of this.#admitted) {
      if (now < notAfterSeconds) continue;
      this.#admitted.delete(peerId);
      this.#revoked(peerId);
    }
    this.#sleepUntilExpiry();
  }
}
