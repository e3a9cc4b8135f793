import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Connection, Libp2p } from '@libp2p/interface';
import type { AdmissionSet } from './admission.ts';
import type { Clock } from './clock.ts';
import { MAX_CONNECTIONS_PER_PEER } from './limits.ts';
import type { Timings } from './timings.ts';

/** The connections of this node, by peer. */
export class Connections {
  readonly #node: Libp2p;
  readonly #admission: AdmissionSet;
  readonly #clock: Clock;
  readonly #timings: Timings;

  constructor(node: Libp2p, admission: AdmissionSet, clock: Clock, timings: Timings) {
    this.#node = node;
    this.#admission = admission;
    this.#clock = clock;
    this.#timings = timings;
  }

  /** Open connections of a peer, under whichever of its PeerIds. */
  of(peer: StateId): Connection[] {
    return this.#node
      .getConnections()
      .filter(
        (connection) =>
          connection.status === 'open' && this.#admission.peerOf(connection.remotePeer.toString()) === peer,
      );
  }

  /**
   * The connection to work on. Both sides choose the same: one that the lower PeerId has dialled, and of those the
   * oldest. So after two simultaneous dials both end up on one, and the other can be closed.
   */
  preferred(peer: StateId): Connection | undefined {
    let best: Connection | undefined;
    for (const connection of this.of(peer)) {
      if (best === undefined || this.#rank(connection) < this.#rank(best)) best = connection;
      else if (this.#rank(connection) === this.#rank(best) && connection.timeline.open < best.timeline.open) {
        best = connection;
      }
    }
    return best;
  }

  /** Whether this node has the lower PeerId of the two. */
  isLowerThan(peerId: string): boolean {
    return this.#node.peerId.toString() < peerId;
  }

  /** Closes what a PeerId has open, with all its streams, at once. */
  cut(peerId: string, fault: Fault): void {
    for (const connection of this.#node.getConnections()) {
      if (connection.remotePeer.toString() === peerId) connection.abort(fault);
    }
  }

  /**
   * Closes connections of a peer that are idle, not new, and not the preferred one. Left to the lower PeerId, so that
   * not both sides do it.
   */
  pruneDuplicates(peer: StateId): void {
    const kept = this.preferred(peer);
    const newerThanMs = this.#clock.nowMs() - this.#timings.duplicateMs;
    for (const connection of this.of(peer)) {
      const isOurs = this.isLowerThan(connection.remotePeer.toString());
      const isNew = connection.timeline.open > newerThanMs;
      if (connection !== kept && isOurs && !isNew && connection.streams.length === 0) {
        connection.abort(new Fault('exchange.superseded', 'a second connection to the same peer'));
      }
    }
  }

  /**
   * Judges a connection that has just been opened. The gater was asked before it was registered: two handshakes that
   * end together both found room, and a revocation in between found nothing to close.
   *
   * @returns the peer it belongs to; undefined when it was closed
   */
  judge(connection: Connection): StateId | undefined {
    const peerId = connection.remotePeer.toString();
    const peer = this.#admission.peerOf(peerId);
    if (peer === undefined) {
      connection.abort(new Fault('exchange.not-admitted', 'connection of a PeerId that is not let in'));
      return undefined;
    }
    const same = this.#node.getConnections().filter((each) => each.remotePeer.toString() === peerId);
    if (
      same.filter((each) => each !== connection && each.status === 'open').length >= MAX_CONNECTIONS_PER_PEER
    ) {
      connection.abort(new Fault('exchange.too-many-connections', 'more connections than a peer may have'));
      return undefined;
    }
    return peer;
  }

  #rank(connection: Connection): number {
    const dialledByThis = connection.direction === 'outbound';
    return dialledByThis === this.isLowerThan(connection.remotePeer.toString()) ? 0 : 1;
  }
}
