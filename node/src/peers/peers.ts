import { type Recipient, Relation } from '@comity/disclosure';
import { Fault, type FaultCode } from '@comity/fault';
import type {
  AgreedEquivalence,
  VerifiedCharter,
  VerifiedKeyCertificate,
  VerifiedKeyState,
  VerifiedRecognition,
} from '@comity/identity';
import type { ClassificationScheme, LevelMap, StateCode, StateId } from '@comity/label';

/** A state that this node recognises, with everything signed that is known of it. */
export interface Peer {
  readonly state: StateId;
  readonly code: StateCode;
  readonly charter: VerifiedCharter;
  readonly certificates: readonly VerifiedKeyCertificate[];
  /** Which of them count, once it has shown one. */
  readonly keyState: VerifiedKeyState | undefined;
  /** Our recognition of it. */
  readonly ours: VerifiedRecognition;
  /** Its recognition of us, once it has shown one that agreed with ours. */
  readonly theirs: VerifiedRecognition | undefined;
  readonly suspended: boolean;
}

/** A peer with which something is wrong: it is not served, and the others are. */
export interface FaultyPeer {
  readonly state: StateId;
  readonly code: StateCode;
  readonly fault: FaultCode;
  /** What of its keys is sound: the records it has issued are read with them. */
  readonly certificates: readonly VerifiedKeyCertificate[];
}

/** The fault of a state that people have removed: not served, nothing of it is taken, and what it gave is read. */
export const REMOVED: FaultCode & 'peer.removed' = 'peer.removed';

interface Seat {
  readonly peer: Peer;
  readonly relation: Relation;
}

/** The peers in memory. Each peer's recipient is one object until something about it changes, so that decisions can be cached. */
export class PeerTable {
  readonly #byState = new Map<StateId, Seat>();
  readonly #faulty = new Map<StateId, FaultyPeer>();
  readonly #scheme: ClassificationScheme;

  /** @param scheme this state's own */
  constructor(scheme: ClassificationScheme) {
    this.#scheme = scheme;
  }

  /** Notes what is wrong with a peer, whether it is in the table (it cannot be reached) or not (it cannot be read). */
  setFaulty(peer: FaultyPeer): void {
    this.#faulty.set(peer.state, peer);
  }

  /** Takes a peer out of the table. */
  setRemoved(peer: FaultyPeer): void {
    this.#byState.delete(peer.state);
    this.#faulty.set(peer.state, peer);
  }

  /** Whether people have suspended or removed it. */
  isShutOut(state: StateId): boolean {
    return this.get(state)?.suspended === true || this.#faulty.get(state)?.fault === REMOVED;
  }

  clearFaulty(state: StateId): void {
    this.#faulty.delete(state);
  }

  faultyOf(state: StateId): FaultyPeer | undefined {
    return this.#faulty.get(state);
  }

  /** Peers that could not be read at start: they have a row in the store and no seat here. */
  unreadable(): FaultyPeer[] {
    return [...this.#faulty.values()].filter(({ state }) => !this.#byState.has(state));
  }

  set(peer: Peer): void {
    const schemes = { ours: this.#scheme, theirs: peer.charter.scheme };
    this.#byState.set(peer.state, { peer, relation: new Relation(peer.ours, peer.theirs, schemes) });
  }

  all(): Peer[] {
    return [...this.#byState.values()].map((seat) => seat.peer).sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  get(state: StateId): Peer | undefined {
    return this.#byState.get(state)?.peer;
  }

  /** @throws Fault peer.unknown, peer.faulty, peer.removed */
  byCode(code: string): Peer {
    const found = this.all().find((peer) => peer.code === code);
    const unreadable = this.unreadable().find((peer) => peer.code === code);
    if (found === undefined && unreadable !== undefined) {
      const { fault } = unreadable;
      if (fault === REMOVED) throw new Fault(REMOVED, `${code} is no peer any more`, { fields: { code } });
      throw new Fault('peer.faulty', `what is stored of ${code} is refused: ${fault}`, {
        fields: { code, fault },
      });
    }
    if (found === undefined) throw new Fault('peer.unknown', `no peer ${code}`, { fields: { code } });
    return found;
  }

  codeOf(state: StateId): StateCode | undefined {
    return (this.#byState.get(state)?.peer ?? this.#faulty.get(state))?.code;
  }

  stateOf(code: string): StateId | undefined {
    // A policy that names a peer holds though the peer cannot be read: nothing is released to it then.
    return [...this.all(), ...this.unreadable()].find((peer) => peer.code === code)?.state;
  }

  /** Whether the peer may connect and say hello at this time: recognised, within the recognition's validity, not suspended. */
  isRecognised(state: StateId, atSeconds: number): boolean {
    const seat = this.#byState.get(state);
    return seat !== undefined && !seat.peer.suspended && seat.relation.isServedAt(atSeconds);
  }

  /** Whether the peer may be served at this time: recognised, and both sides have signed the same (recognition.md §4). */
  isServed(state: StateId, atSeconds: number): boolean {
    return this.isRecognised(state, atSeconds) && this.isConfirmed(state);
  }

  /** All states that may be served at this time. */
  servedAt(atSeconds: number): StateId[] {
    return [...this.#byState.keys()].filter((state) => this.isServed(state, atSeconds));
  }

  /**
   * Whether the peer has confirmed the relation. Of its recognitions the first that is kept agrees with this state's own; what
   * a later one disputes is not mapped any more.
   */
  isConfirmed(state: StateId): boolean {
    return this.#byState.get(state)?.peer.theirs !== undefined;
  }

  /** The peer as the disclosure decision sees it. @throws Fault peer.unknown */
  recipientOf(state: StateId): Recipient {
    return this.#seat(state).relation.recipient;
  }

  /**
   * Signed equivalence from a state's levels to ours: while the recognitions that it comes from are valid, and not of a
   * state that is suspended.
   */
  inboundOf(state: StateId, atSeconds: number): LevelMap | undefined {
    if (!this.isServed(state, atSeconds)) return undefined;
    return this.#seat(state).relation.inboundAt(atSeconds);
  }

  /** The first second at which `inboundOf` ends by itself. Of a state that is no peer: it has never held. */
  inboundUntil(state: StateId): number {
    return this.#byState.get(state)?.relation.inboundUntilSeconds ?? 0;
  }

  /** What of the two states' equivalences is in force. @throws Fault peer.unknown */
  equivalenceWith(state: StateId): AgreedEquivalence {
    return this.#seat(state).relation.agreed;
  }

  #seat(state: StateId): Seat {
    const seat = this.#byState.get(state);
    if (seat === undefined) throw new Fault('peer.unknown', 'the state is no peer');
    return seat;
  }
}
