import type { Recipient } from '@comity/disclosure';
import { Fault } from '@comity/fault';
import {
  agreedEquivalence,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  type VerifiedRecognition,
} from '@comity/identity';
import type { LevelMap, StateCode, StateId } from '@comity/label';

/** A state that this node recognises, with everything signed that is known of it. */
export interface Peer {
  readonly state: StateId;
  readonly code: StateCode;
  readonly charter: VerifiedCharter;
  readonly certificates: readonly VerifiedKeyCertificate[];
  /** Our recognition of it. */
  readonly ours: VerifiedRecognition;
  /** Its recognition of us, once it has shown one. */
  readonly theirs: VerifiedRecognition | undefined;
  readonly suspended: boolean;
}

interface Seat {
  readonly peer: Peer;
  readonly recipient: Recipient;
  readonly inbound: LevelMap;
  readonly disputed: readonly string[];
}

/** The peers in memory. Each peer's recipient is one object until something about it changes, so that decisions can be cached. */
export class PeerTable {
  readonly #byState = new Map<StateId, Seat>();

  set(peer: Peer): void {
    const { outbound, inbound, disputed } = agreedEquivalence(peer.ours, peer.theirs);
    const { ceiling, categories, community } = peer.ours;
    this.#byState.set(peer.state, {
      peer,
      recipient: { state: peer.state, code: peer.code, ceiling, outbound, categories, community },
      inbound,
      disputed,
    });
  }

  all(): Peer[] {
    return [...this.#byState.values()].map((seat) => seat.peer).sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  get(state: StateId): Peer | undefined {
    return this.#byState.get(state)?.peer;
  }

  /** @throws Fault peer.unknown */
  byCode(code: string): Peer {
    const found = this.all().find((peer) => peer.code === code);
    if (found === undefined) throw new Fault('peer.unknown', `no peer ${code}`, { fields: { code } });
    return found;
  }

  codeOf(state: StateId): StateCode | undefined {
    return this.#byState.get(state)?.peer.code;
  }

  stateOf(code: string): StateId | undefined {
    return this.all().find((peer) => peer.code === code)?.state;
  }

  /** Whether the peer may be served at this time: recognised, within the recognition's validity, not suspended. */
  isServed(state: StateId, atSeconds: number): boolean {
    const peer = this.get(state);
    return (
      peer !== undefined &&
      !peer.suspended &&
      atSeconds >= peer.ours.notBeforeSeconds &&
      atSeconds < peer.ours.notAfterSeconds
    );
  }

  /** The peer as the disclosure decision sees it. @throws Fault peer.unknown */
  recipientOf(state: StateId): Recipient {
    return this.#seat(state).recipient;
  }

  /** Signed equivalence from a state's levels to ours. */
  inboundOf(state: StateId): LevelMap | undefined {
    return this.#byState.get(state)?.inbound;
  }

  disputedOf(state: StateId): readonly string[] {
    return this.#seat(state).disputed;
  }

  #seat(state: StateId): Seat {
    const seat = this.#byState.get(state);
    if (seat === undefined) throw new Fault('peer.unknown', 'the state is no peer');
    return seat;
  }
}
