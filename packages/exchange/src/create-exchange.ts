import { randomBytes } from 'node:crypto';
import { env, versions } from 'node:process';
import type { Entropy } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { PrivateKey } from '@libp2p/interface';
import { AdmissionSet } from './admission.ts';
import { type Clock, systemClock } from './clock.ts';
import { Connections } from './connections.ts';
import type { BatchSizes, ExchangeContext } from './context.ts';
import { Dialler } from './dialler.ts';
import { EventHub } from './events.ts';
import { Exchange } from './exchange.ts';
import { fetchServer } from './fetch/server.ts';
import { HandshakeWatch } from './handshake-watch.ts';
import { helloServer } from './hello/server.ts';
import { DEFAULT_BATCHES, MAX_BATCH_ENTRIES } from './ledger/constants.ts';
import { ledgerServer } from './ledger/server.ts';
import { MAX_ITEM_BYTES } from './limits.ts';
import { listensLocally } from './local-address.ts';
import type { Peer } from './peer.ts';
import { transportKeyOf } from './peer-address.ts';
import type { PeerEntry } from './peer-entry.ts';
import type { ExchangePorts } from './ports.ts';
import { queryServer } from './query/server.ts';
import { returnServer } from './return/server.ts';
import { serve } from './serve.ts';
import { DEFAULT_TIMINGS, type Timings } from './timings.ts';
import { assertEnvironment, createTransport } from './transport.ts';
import { witnessServer } from './witness/server.ts';

/** What an exchange is made of. */
export interface ExchangeOptions {
  /** The transport key: 32 bytes of Ed25519 seed, or a key that only signs. Never a key that signs documents. */
  readonly transportKey: Uint8Array | PrivateKey;
  /** The federation's pre-shared key, 32 bytes: keeps strangers away from everything behind it, and proves nothing. */
  readonly psk: Uint8Array;
  /** The federation's id, and the era of its rules; bound into every handshake. */
  readonly federation: string;
  readonly era: number;
  /** Multiaddrs to listen on, `/ip4/…/tcp/…`; empty for a node that only dials. */
  readonly listen: readonly string[];
  readonly announce?: readonly string[];
  /**
   * Whether peers are dialled at addresses that stand for this machine itself. Unless given: where `listen` names
   * loopback addresses alone.
   */
  readonly dialsLocal?: boolean;
  /** Networks in CIDR from which peers connect. Others share a small number of pending handshakes with strangers. */
  readonly allowedNetworks?: readonly string[];
  readonly peers?: readonly PeerEntry[];
  /** How many peers to make room for; 200 unless given. */
  readonly expectedPeers?: number;
  readonly ports: ExchangePorts;
  readonly timings?: Partial<Timings>;
  readonly batches?: Partial<BatchSizes>;
  readonly clock?: Clock;
  readonly entropy?: Entropy;
}

const EXPECTED_PEERS = 200;

const systemEntropy: Entropy = (byteLength) => new Uint8Array(randomBytes(byteLength));

/**
 * Makes the exchange of a node: everything that crosses the network between two states.
 *
 * ```ts
 * const options = { transportKey, psk, federation: 'northern', era: 1, listen, peers, ports };
 * await using exchange = await createExchange(options);
 * await exchange.start();
 * for await (const answer of exchange.ask(peer, question)) console.log(answer.record.length);
 * ```
 *
 * @throws Fault `exchange.node-too-old`, `exchange.session-keys-dumped`, `exchange.muxer-changed`, `exchange.bad-*`
 */
export async function createExchange(options: ExchangeOptions): Promise<Exchange> {
  assertEnvironment(versions, env);
  const clock = options.clock ?? systemClock;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const batches = batchSizes(options.batches);
  const events = new EventHub();
  const watch = new HandshakeWatch();
  const peers = new Map<StateId, Peer>();
  const { key, peerId } = await transportKeyOf(options.transportKey);
  const admission = new AdmissionSet(clock, (revoked) => {
    connections.cut(revoked, new Fault('exchange.revoked', 'the peer is not let in any more'));
  });
  const node = await createTransport(
    {
      key,
      psk: options.psk,
      federation: options.federation,
      era: options.era,
      listen: options.listen,
      announce: options.announce ?? [],
      allowedNetworks: options.allowedNetworks ?? [],
      expectedPeers: Math.max(options.expectedPeers ?? EXPECTED_PEERS, options.peers?.length ?? 0),
      timings,
    },
    admission,
    watch,
    (denied) => events.emit({ kind: 'denied', peerId: denied }),
  );
  const context: ExchangeContext = {
    federation: options.federation,
    era: options.era,
    ports: options.ports,
    clock,
    timings,
    batches,
    admission,
    events,
    greeted: new WeakSet(),
    board: (peer) => peers.get(peer)?.board,
  };
  const connections = new Connections(node, admission, clock, timings);
  const dialler = new Dialler(node, admission, watch, clock, timings);
  const entropy = options.entropy ?? systemEntropy;
  const exchange = new Exchange({
    node,
    peerId,
    context,
    connections,
    dialler,
    entropy,
    peers,
    dialsLocal: options.dialsLocal ?? listensLocally(options.listen),
  });
  const protocols = [helloServer, ledgerServer, returnServer, fetchServer, queryServer, witnessServer];
  for (const protocol of protocols) await serve(node, context, protocol(context));
  for (const peer of options.peers ?? []) exchange.addPeer(peer);
  return exchange;
}

/** @throws Fault `exchange.bad-batches` */
function batchSizes(given: Partial<BatchSizes> | undefined): BatchSizes {
  const sizes = { ...DEFAULT_BATCHES, ...given };
  const within = (value: number, max: number): boolean =>
    Number.isSafeInteger(value) && value >= 1 && value <= max;
  const isSound =
    within(sizes.maxEntries, MAX_BATCH_ENTRIES) &&
    within(sizes.maxBytes, MAX_ITEM_BYTES) &&
    within(sizes.window, 64);
  if (!isSound)
    throw new Fault('exchange.bad-batches', 'entries, bytes or window of a batch are out of range');
  return sizes;
}
