import type { Entropy } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Connection } from '@libp2p/interface';
import type { Connections } from './connections.ts';
import type { ExchangeContext } from './context.ts';
import type { Dialler } from './dialler.ts';
import { MAX_OPEN_FETCHES } from './fetch/constants.ts';
import { MAX_CONNECTIONS_PER_PEER } from './limits.ts';
import type { KnownTransport } from './peer-entry.ts';
import { PeerSession } from './peer-session.ts';
import type { PeerStatusBoard } from './peer-status.ts';
import { MAX_OPEN_QUERIES } from './query/constants.ts';
import { MAX_OPEN_RETURNS } from './return/constants.ts';
import { type PeerLink, Supervisor } from './supervisor.ts';
import { Turnstile } from './turnstile.ts';
import { MAX_OPEN_WITNESS } from './witness/constants.ts';

/** What a peer works with. */
export interface PeerTools {
  readonly context: ExchangeContext;
  readonly connections: Connections;
  readonly dialler: Dialler;
  readonly entropy: Entropy;
}

/** One peer of this node: its transport keys, its supervisor, and the session it has now. */
export class Peer implements PeerLink<Connection> {
  readonly id: StateId;
  readonly board: PeerStatusBoard;
  /** Open questions to this peer. */
  readonly questions = new Turnstile(MAX_OPEN_QUERIES);
  /** Open fetches from this peer. */
  readonly fetches = new Turnstile(MAX_OPEN_FETCHES);
  /** Open requests for what the peer holds of this node's ledger. */
  readonly returns = new Turnstile(MAX_OPEN_RETURNS);
  /** Open requests to this peer as a witness. */
  readonly witnessing = new Turnstile(MAX_OPEN_WITNESS);
  transports: readonly KnownTransport[];
  readonly #tools: PeerTools;
  readonly #supervisor: Supervisor<Connection>;
  #session: PeerSession | undefined;
  #live = false;

  constructor(id: StateId, transports: readonly KnownTransport[], board: PeerStatusBoard, tools: PeerTools) {
    this.id = id;
    this.transports = transports;
    this.board = board;
    this.#tools = tools;
    const { context, entropy } = tools;
    this.#supervisor = new Supervisor(this, board, context.clock, entropy, context.timings);
  }

  /** The connection on which the peer has accepted this node's hello; undefined while there is none. */
  get liveConnection(): Connection | undefined {
    return this.#live ? this.#session?.connection : undefined;
  }

  /** Whether another connection may be opened beside those that are open. */
  get hasRoom(): boolean {
    return this.#tools.connections.of(this.id).length < MAX_CONNECTIONS_PER_PEER;
  }

  get dialsFirst(): boolean {
    const [preferred] = this.transports;
    return preferred !== undefined && this.#tools.connections.isLowerThan(preferred.peerId);
  }

  current(): Connection | undefined {
    return this.#tools.connections.preferred(this.id);
  }

  dial(signal: AbortSignal): Promise<Connection> {
    return this.#tools.dialler.dial(this.transports, signal);
  }

  async session(connection: Connection, live: () => void, signal: AbortSignal): Promise<void> {
    const { context, connections, entropy } = this.#tools;
    const session = new PeerSession(context, connections, this.id, connection, entropy);
    this.#session = session;
    try {
      // One may have come up, and been announced, before there was a session to reconsider.
      session.reconsider();
      await session.run(() => {
        this.#live = true;
        live();
      }, signal);
    } finally {
      this.#live = false;
      this.#session = undefined;
    }
  }

  start(): void {
    this.#supervisor.start();
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop();
  }

  wake(): void {
    this.#session?.wake();
    this.#supervisor.wake();
  }

  /** Says hello anew, where the peer has accepted one. */
  async greet(): Promise<void> {
    await this.#session?.greet();
  }

  /** A connection of this peer was opened, by either side. */
  connected(connection: Connection): void {
    if (connection.direction === 'inbound') this.#supervisor.connected();
    this.#session?.reconsider();
  }

  /**
   * The connection for a request to this peer.
   *
   * @throws Fault `exchange.not-connected`
   */
  requestConnection(): Connection {
    const connection = this.liveConnection;
    if (connection === undefined || connection.status !== 'open') {
      throw new Fault('exchange.not-connected', 'the peer has not accepted a connection');
    }
    return connection;
  }
}
