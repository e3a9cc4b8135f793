import type { FaultCode } from '@comity/fault';
import type { StateId } from '@comity/label';

// What the exchange needs from the node around it. In every port `peer` is a state that was admitted under an
// authenticated PeerId; bytes and texts that come from it are attacker-controlled until the port has verified them.

/** What a state says of itself and to one peer in a hello; the exchange adds federation, era, capabilities and time. */
export interface HelloStatement {
  /** The state's card: charter and key certificates. */
  readonly card: Uint8Array;
  /** The speaker's signed recognition of the listener, when there is one. */
  readonly recognition?: Uint8Array;
  /** Entries in the speaker's release ledger for the listener: the ledger protocol brings the checkpoint that proves it. */
  readonly ledgerSize: number;
}

/** A peer's hello. Nothing in it is verified but federation and era. */
export interface Hello extends HelloStatement {
  readonly federation: string;
  readonly era: number;
  /** What the speaker can do, by name; unknown names are not an error. */
  readonly capabilities: readonly string[];
  /** UTC seconds by the speaker's clock. */
  readonly sentAtSeconds: number;
}

export interface HelloPort {
  /** What this node says to a peer. */
  compose(peer: StateId): Promise<HelloStatement>;
  /**
   * Judges a peer's hello, whichever side opened it: once for each direction of each connection, and as often as the
   * peer likes. What was verified once should be known again by its digest.
   *
   * @returns whether the peer recognises this state
   * @throws Refusal to refuse the peer and tell it why; any other fault refuses without a reason
   */
  receive(peer: StateId, hello: Hello): Promise<{ readonly recognised: boolean }>;
}

/** One entry of a release ledger with what it releases. */
export interface LedgerItem {
  /** The ledger entry as logged; leaf data of the ledger's tree. */
  readonly entry: Uint8Array;
  /** The record, as its originator signed it; absent when today's policy no longer allows what was once released. */
  readonly record: Uint8Array | undefined;
  readonly disclosures: readonly Uint8Array[];
}

/** The newest state of this node's ledger for a peer. */
export interface LedgerHead {
  readonly size: number;
  /** Signed note over origin, `size` and root. */
  readonly checkpoint: string;
  /** RFC 9162 §2.1.4, from the size the peer holds to `size`; empty from 0, and where that is not smaller. */
  readonly consistencyProof: readonly Uint8Array[];
}

/** The ledgers that this node keeps for its peers: what it has released to each. */
export interface LedgerSourcePort {
  /** `heldSize` is what the peer says it holds: any number. Larger than the ledger, the answer is the ledger as it is. */
  head(peer: StateId, heldSize: number): Promise<LedgerHead>;
  size(peer: StateId): Promise<number>;
  /** A signed checkpoint of the ledger's first `size` entries. */
  checkpoint(peer: StateId, size: number): Promise<string>;
  /** The items `from` (inclusive) to `to` (exclusive), in order. Stops early when the signal is aborted. */
  items(peer: StateId, from: number, to: number, signal: AbortSignal): AsyncIterable<LedgerItem>;
  /** Calls the listener whenever the peer's ledger has grown, until the returned function is called. */
  watch(peer: StateId, listener: () => void): () => void;
  /**
   * A peer's receipt: its cosignature line over this node's checkpoint of `size`. May come again after a reconnect.
   *
   * @throws Fault when it does not verify; the stream is then refused
   */
  receipt(peer: StateId, size: number, line: string): Promise<void>;
}

/** How much of a peer's ledger this node holds. */
export interface LedgerPosition {
  readonly size: number;
  /** Root of the first `size` entries; `EMPTY_ROOT` at 0. */
  readonly root: Uint8Array;
  /** This node's receipt for exactly this size; sent again, because the peer may have missed it. */
  readonly receipt?: string;
}

/** A run of entries, received from a peer. */
export interface LedgerBatch {
  /** Index of the first item. */
  readonly from: number;
  /** Index after the last item; what `checkpoint` must be over. */
  readonly to: number;
  readonly checkpoint: string;
  readonly items: readonly LedgerItem[];
  /**
   * The message that all bytes of all items are views of. Its buffer holds nothing else, is not used again, and may be
   * transferred to a worker together with the items.
   */
  readonly bytes: Uint8Array;
}

/** Where what peers release to this node arrives. */
export interface LedgerSinkPort {
  position(peer: StateId): Promise<LedgerPosition>;
  /**
   * Verifies that a checkpoint is the peer's own, signed, for its ledger towards this node.
   *
   * @returns what it says. Whether that fits what is held, the exchange judges
   */
  verifyHead(
    peer: StateId,
    checkpoint: string,
  ): Promise<{ readonly size: number; readonly root: Uint8Array }>;
  /**
   * Verifies and stores a batch. Called in ledger order, with several calls outstanding, so that network, verification
   * (off the main thread) and disk overlap. An implementation verifies at once and takes its turn to commit:
   *
   * ```ts
   * const verified = verify(batch);
   * const turn = turns.get(peer) ?? Promise.resolve();
   * const done = turn.then(async () => commit(await verified));
   * turns.set(peer, done.then(noop, noop));
   * return done;
   * ```
   *
   * A commit checks that `from` is the size held, since an earlier batch may have failed (`exchange.batch-out-of-order`),
   * and that the tree with the new entries has the checkpoint's size and root (`exchange.batch-mismatch`).
   *
   * Must settle soon after the signal is aborted: the next session with the peer waits for it.
   *
   * @returns the receipt, this node's cosignature line on the batch's checkpoint, once the batch is durable, not before
   */
  accept(peer: StateId, batch: LedgerBatch, signal: AbortSignal): Promise<string>;
}

export interface ReturnPort {
  /**
   * What this node holds of the peer's own ledger from a size on, as it came: the entries alone, without content, in batches
   * that end where the peer has signed a checkpoint. Nothing where no more is held.
   */
  batches(
    peer: StateId,
    from: number,
    signal: AbortSignal,
  ): AsyncIterable<Pick<LedgerBatch, 'from' | 'checkpoint' | 'items'>>;
}

export interface FetchPort {
  /**
   * Items of this node's ledger for the peer, in the order asked for, each allowed by today's policy or bare. Indexes
   * beyond the ledger are the port's to refuse.
   */
  items(peer: StateId, indexes: readonly number[], signal: AbortSignal): AsyncIterable<LedgerItem>;
}

/** A record, as far as the asking state may see it. */
export interface QueryAnswer {
  readonly record: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
}

/** How the answering of a question ended. */
export interface QueryEnd {
  /** It stopped at a limit, and at least one more record would be handed over to whoever asks for what comes after. */
  readonly more: boolean;
}

export interface QueryPort {
  /**
   * Answers a question, signed by the peer and opaque to the exchange. Read one answer at a time, as fast as the peer
   * takes them; the signal is aborted when it takes no more.
   *
   * Nothing found and nothing allowed must both yield nothing: a Refusal is for questions that are malformed, unsigned
   * or beyond a limit, never for what is held.
   */
  answer(
    peer: StateId,
    question: Uint8Array,
    signal: AbortSignal,
  ): AsyncGenerator<QueryAnswer, QueryEnd, undefined>;
}

/** What a peer asks of this state as a witness (witness.md §5). */
export interface WitnessRequest {
  /**
   * To cosign its checkpoint; to compare checkpoints of any log that both know; to take evidence; to take proofs that its
   * charters and key state are in its log.
   */
  readonly kind: 'add' | 'compare' | 'evidence' | 'keys';
  /** 1 to 256 texts of at most 8192 bytes. */
  readonly texts: readonly string[];
}

export interface WitnessAnswer {
  /** By the numbers of C2SP tlog-witness. */
  readonly status: number;
  readonly text: string;
}

export interface WitnessPort {
  /** The answers in the order of the texts; one alone to `add`. A cosignature must be durable before it is yielded. */
  answer(peer: StateId, request: WitnessRequest, signal: AbortSignal): AsyncIterable<WitnessAnswer>;
}

/** Something that a person has to look at. */
export interface ExchangeAlarm {
  readonly code: Extract<
    FaultCode,
    'exchange.ledger-rewritten' | 'exchange.ledger-disputed' | 'exchange.item-too-large'
  >;
  readonly peer: StateId;
  /** What is held of the ledger in question. */
  readonly held?: LedgerPosition;
  /** What the peer signed instead: with the receipt held, evidence of two histories. */
  readonly offered?: LedgerHead;
  /** Index of the ledger item that is too large to be sent. */
  readonly index?: number;
}

/** Everything the exchange needs from the node around it. */
export interface ExchangePorts {
  readonly hello: HelloPort;
  readonly ledgerSource: LedgerSourcePort;
  readonly ledgerSink: LedgerSinkPort;
  readonly returns: ReturnPort;
  readonly fetch: FetchPort;
  readonly query: QueryPort;
  readonly witness: WitnessPort;
  alarm(alarm: ExchangeAlarm): void;
}
