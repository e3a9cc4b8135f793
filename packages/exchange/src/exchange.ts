import type { Entropy } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Connection, Libp2p } from '@libp2p/interface';
import type { Connections } from './connections.ts';
import type { ExchangeContext } from './context.ts';
import type { Dialler } from './dialler.ts';
import type { ExchangeListener } from './events.ts';
import { type FetchedItem, fetchItems } from './fetch/client.ts';
import { Peer } from './peer.ts';
import { type KnownTransport, knownTransports, type PeerEntry } from './peer-entry.ts';
import { type PeerStatus, PeerStatusBoard } from './peer-status.ts';
import { type PeerTestReport, testPeer } from './peer-test.ts';
import type { LedgerBatch, QueryAnswer, QueryEnd, WitnessAnswer, WitnessRequest } from './ports.ts';
import { askQuestion } from './query/client.ts';
import { takeBackLedger } from './return/client.ts';
import { stopping } from './supervisor.ts';
import type { Turnstile } from './turnstile.ts';
import { askWitness } from './witness/client.ts';

/** What an exchange is put together from. */
export interface ExchangeParts {
  readonly node: Libp2p;
  readonly peerId: string;
  readonly context: ExchangeContext;
  readonly connections: Connections;
  readonly dialler: Dialler;
  readonly entropy: Entropy;
  readonly peers: Map<StateId, Peer>;
  /** Whether addresses of this machine itself are dialled. */
  readonly dialsLocal: boolean;
}

/** Everything that crosses the network between this state and its peers. */
export class Exchange implements AsyncDisposable {
  /** This node's PeerId. */
  readonly peerId: string;
  readonly #node: Libp2p;
  readonly #context: ExchangeContext;
  readonly #connections: Connections;
  readonly #dialler: Dialler;
  readonly #entropy: Entropy;
  readonly #peers: Map<StateId, Peer>;
  readonly #dialsLocal: boolean;
  readonly #stopping = new AbortController();
  #started = false;

  constructor({ node, peerId, context, connections, dialler, entropy, peers, dialsLocal }: ExchangeParts) {
    this.peerId = peerId;
    this.#node = node;
    this.#context = context;
    this.#connections = connections;
    this.#dialler = dialler;
    this.#entropy = entropy;
    this.#peers = peers;
    this.#dialsLocal = dialsLocal;
    node.addEventListener('connection:open', ({ detail }) => this.#opened(detail));
  }

  /** Where this node listens, with its PeerId. */
  get addresses(): readonly string[] {
    return this.#node.getMultiaddrs().map(String);
  }

  /**
   * Listens, and begins to reach every peer.
   *
   * @throws Fault `exchange.cannot-listen`
   */
  async start(): Promise<void> {
    try {
      await this.#node.start();
    } catch (cause) {
      throw new Fault('exchange.cannot-listen', 'none of the addresses can be listened on', { cause });
    }
    this.#started = true;
    for (const peer of this.#peers.values()) peer.start();
  }

  /** Ends every request and connection. An exchange that was stopped is not started again. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#stopping.abort();
    this.#context.admission.close();
    await Promise.all([...this.#peers.values()].map((peer) => peer.stop()));
    for (const connection of this.#node.getConnections()) connection.abort(stopping());
    await this.#node.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /**
   * Lets a peer in and stays in touch with it. For a peer that is known already, replaces its transport keys and
   * addresses: connections under keys that are no longer listed are cut.
   *
   * @throws Fault `exchange.bad-peer`, `exchange.bad-transport-key`, `exchange.bad-address`, `exchange.local-address`,
   *   `label.bad-state-id`
   */
  addPeer(entry: PeerEntry): void {
    const transports = knownTransports(entry, this.#dialsLocal);
    this.#assertOwnKeys(entry.peer, transports);
    const { admission, clock, events } = this.#context;
    const listed = new Set(transports.map(({ peerId }) => peerId));
    for (const peerId of admission.peerIdsOf(entry.peer)) if (!listed.has(peerId)) admission.revoke(peerId);
    for (const { peerId, notBeforeSeconds, notAfterSeconds } of transports) {
      admission.admit(peerId, { peer: entry.peer, notBeforeSeconds, notAfterSeconds });
    }
    const known = this.#peers.get(entry.peer);
    if (known !== undefined) {
      known.transports = transports;
      known.wake();
      return;
    }
    const board = new PeerStatusBoard(entry.peer, clock, events);
    const tools = { context: this.#context, connections: this.#connections, dialler: this.#dialler };
    const peer = new Peer(entry.peer, transports, board, { ...tools, entropy: this.#entropy });
    this.#peers.set(entry.peer, peer);
    if (this.#started) peer.start();
  }

  /** Revokes a peer: its connections and streams are cut at once, and it is not let in again. */
  async removePeer(id: StateId): Promise<void> {
    for (const peerId of this.#context.admission.peerIdsOf(id)) this.#context.admission.revoke(peerId);
    const peer = this.#peers.get(id);
    this.#peers.delete(id);
    await peer?.stop();
  }

  /** Says hello anew to every peer that is connected: what this state says of itself has changed. */
  async greet(): Promise<void> {
    await Promise.all([...this.#peers.values()].map((peer) => peer.greet()));
  }

  peers(): readonly PeerStatus[] {
    return [...this.#peers.values()].map(({ board }) => board.snapshot());
  }

  /** @throws Fault `exchange.peer-unknown` */
  status(id: StateId): PeerStatus {
    return this.#peer(id).board.snapshot();
  }

  /**
   * Tries to reach a peer, and its ledger, now instead of after the current pause.
   *
   * @throws Fault `exchange.peer-unknown`
   */
  wake(id: StateId): void {
    this.#peer(id).wake();
  }

  /** Calls the listener for each event until the returned function is called. */
  on(listener: ExchangeListener): () => void {
    return this.#context.events.on(listener);
  }

  /**
   * Asks a peer a signed question and yields its answers as they are taken; returns whether the peer stopped at its limit.
   * Stopping early stops the peer.
   *
   * @throws Fault `exchange.peer-unknown`, `exchange.not-connected`, what the peer refused with, or why the stream
   *   ended
   */
  ask(
    id: StateId,
    question: Uint8Array,
    signal?: AbortSignal,
  ): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
    const turnstile = (peer: Peer): Turnstile => peer.questions;
    return this.#request(id, turnstile, signal, (connection, ended) =>
      askQuestion(this.#context, connection, question, ended),
    );
  }

  /**
   * Asks a peer for entries of its ledger again, by index.
   *
   * @throws Fault `exchange.peer-unknown`, `exchange.not-connected`, `exchange.fetch-*`, or why the stream ended
   */
  fetch(id: StateId, indexes: readonly number[], signal?: AbortSignal): AsyncGenerator<FetchedItem> {
    const turnstile = (peer: Peer): Turnstile => peer.fetches;
    return this.#request(id, turnstile, signal, (connection, ended) =>
      fetchItems(this.#context, connection, indexes, ended),
    );
  }

  /**
   * Asks a peer for what it holds of this node's ledger for it beyond a size, after a store was put back.
   *
   * @throws Fault `exchange.peer-unknown`, `exchange.not-connected`, `exchange.batch-out-of-order`, what the peer refused with,
   *   or why the stream ended
   */
  takeBack(id: StateId, heldSize: number, signal?: AbortSignal): AsyncGenerator<LedgerBatch> {
    const turnstile = (peer: Peer): Turnstile => peer.returns;
    return this.#request(id, turnstile, signal, (connection, ended) =>
      takeBackLedger(this.#context, connection, heldSize, ended),
    );
  }

  /**
   * Asks a peer as a witness.
   *
   * @throws Fault `exchange.peer-unknown`, `exchange.not-connected`, `exchange.count-mismatch`, or why the stream ended
   */
  witness(id: StateId, request: WitnessRequest, signal?: AbortSignal): AsyncGenerator<WitnessAnswer> {
    const turnstile = (peer: Peer): Turnstile => peer.witnessing;
    return this.#request(id, turnstile, signal, (connection, ended) =>
      askWitness(this.#context, connection, request, ended),
    );
  }

  /**
   * Tries to reach a peer stage by stage, over a connection of its own.
   *
   * @throws Fault `exchange.peer-unknown`
   */
  async testPeer(id: StateId): Promise<PeerTestReport> {
    return testPeer(this.#context, this.#dialler, this.#peer(id), this.#stopping.signal);
  }

  async *#request<T, R>(
    id: StateId,
    turnstileOf: (peer: Peer) => Turnstile,
    signal: AbortSignal | undefined,
    make: (connection: Connection, ended: AbortSignal) => AsyncGenerator<T, R, undefined>,
  ): AsyncGenerator<T, R, undefined> {
    const peer = this.#peer(id);
    const ended = new AbortController();
    const end = (): void => ended.abort();
    const signals = [this.#stopping.signal, ...(signal === undefined ? [] : [signal])];
    for (const each of signals) each.addEventListener('abort', end);
    if (signals.some(({ aborted }) => aborted)) end();
    let leave: (() => void) | undefined;
    try {
      leave = await turnstileOf(peer).enter(ended.signal);
      return yield* make(peer.requestConnection(), ended.signal);
    } finally {
      for (const each of signals) each.removeEventListener('abort', end);
      leave?.();
    }
  }

  #opened(connection: Connection): void {
    const id = this.#connections.judge(connection);
    if (id !== undefined) this.#peers.get(id)?.connected(connection);
  }

  #peer(id: StateId): Peer {
    const peer = this.#peers.get(id);
    if (peer === undefined) throw new Fault('exchange.peer-unknown', 'no such peer');
    return peer;
  }

  #assertOwnKeys(id: StateId, transports: readonly KnownTransport[]): void {
    for (const { peerId } of transports) {
      const holder = [...this.#peers.values()].find(
        (peer) => peer.id !== id && peer.transports.some((transport) => transport.peerId === peerId),
      );
      if (peerId === this.peerId || holder !== undefined) {
        throw new Fault('exchange.bad-peer', 'the transport key belongs to another state');
      }
    }
  }
}
