import { sha256, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Connection, Libp2p, PrivateKey } from '@libp2p/interface';
import { preSharedKey } from '@libp2p/pnet';
import { tcp } from '@libp2p/tcp';
import { createLibp2p } from 'libp2p';
import type { AdmissionSet } from './admission.ts';
import { connectionGater } from './gater.ts';
import type { HandshakeWatch } from './handshake-watch.ts';
import {
  LISTEN_BACKLOG,
  MAX_CONNECTIONS_PER_SECOND,
  MAX_FEDERATION_BYTES,
  MAX_INBOUND_STREAMS,
  MAX_OUTBOUND_STREAMS,
  MAX_PARALLEL_DIALS,
  MAX_PENDING_CONNECTIONS,
  MAX_SOCKETS,
  SPARE_CONNECTIONS,
  STREAM_BUFFER_BYTES,
  STREAM_WINDOW_BYTES,
} from './limits.ts';
import { guardedYamux } from './muxer-guard.ts';
import { networkOf } from './peer-address.ts';
import { silentLogger } from './silent-logger.ts';
import type { Timings } from './timings.ts';

/** What the transport is made of. */
export interface TransportInit {
  readonly key: PrivateKey;
  /** 32 bytes, the same in every node of the federation. A shield against outsiders, never an authority. */
  readonly psk: Uint8Array;
  readonly federation: string;
  readonly era: number;
  readonly listen: readonly string[];
  readonly announce: readonly string[];
  /** Networks from which peers connect, as CIDR. Their handshakes do not share the pending slots with strangers. */
  readonly allowedNetworks: readonly string[];
  readonly expectedPeers: number;
  readonly timings: Timings;
}

const PSK_BYTES = 32;

/**
 * Bound into the handshake, so that a node of another federation, or of another era of this one, cannot join by
 * mistake: SHA-256 of the federation's id in UTF-8, a zero byte (which no id holds) and the era in decimal.
 */
export function handshakePrologue(federation: string, era: number): Uint8Array {
  const bytes = new TextEncoder().encode(`${federation}\u0000${era}`);
  return sha256(bytes);
}

/**
 * Refuses an environment in which the exchange would fail later, or leak.
 *
 * @throws Fault `exchange.node-too-old`, `exchange.session-keys-dumped`
 */
export function assertEnvironment(
  versions: { node: string },
  environment: Record<string, string | undefined>,
): void {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  // Older ones start, and then fail every dial with a bare ECONNRESET (libp2p.md §1).
  if (major < 22 || (major === 22 && minor < 12)) {
    throw new Fault('exchange.node-too-old', `expected Node 22.12 or later, got ${versions.node}`);
  }
  // noise logs session keys when it is set (libp2p.md §7).
  if (environment.DUMP_SESSION_KEYS !== undefined) {
    throw new Fault('exchange.session-keys-dumped', 'DUMP_SESSION_KEYS is set');
  }
}

/**
 * A libp2p node with exactly what is used: TCP, pre-shared key, noise, yamux. No identify, ping, gossip, DHT or relay.
 *
 * @throws Fault `exchange.bad-psk`, `exchange.bad-federation`, `exchange.bad-address`, `exchange.muxer-changed`
 */
export async function createTransport(
  init: TransportInit,
  admission: AdmissionSet,
  watch: HandshakeWatch,
  onDenied: (peerId: string) => void,
): Promise<Libp2p> {
  if (init.psk.length !== PSK_BYTES) {
    throw new Fault('exchange.bad-psk', `expected 32 bytes, got ${init.psk.length}`);
  }
  const federationBytes = new TextEncoder().encode(init.federation).length;
  if (federationBytes === 0 || federationBytes > MAX_FEDERATION_BYTES || init.federation.includes('\u0000')) {
    throw new Fault('exchange.bad-federation', `expected 1 to ${MAX_FEDERATION_BYTES} bytes without zero`);
  }
  const { timings } = init;
  let node: Libp2p | undefined;
  const connectionsOf = (peerId: string): number => countOpen(node?.getConnections() ?? [], peerId);
  node = await createLibp2p({
    start: false,
    privateKey: init.key,
    logger: silentLogger,
    nodeInfo: { userAgent: 'n' },
    addresses: { listen: [...init.listen], announce: [...init.announce] },
    transports: [
      tcp({
        maxConnections: MAX_SOCKETS,
        backlog: LISTEN_BACKLOG,
        inboundSocketInactivityTimeout: 60_000,
        outboundSocketInactivityTimeout: 60_000,
      }),
    ],
    connectionProtector: preSharedKey({ psk: pskText(init.psk) }),
    connectionEncrypters: [watch.noise(handshakePrologue(init.federation, init.era))],
    streamMuxers: [
      guardedYamux({
        enableKeepAlive: false,
        maxInboundStreams: MAX_INBOUND_STREAMS,
        maxOutboundStreams: MAX_OUTBOUND_STREAMS,
        streamOptions: {
          maxStreamWindowSize: STREAM_WINDOW_BYTES,
          maxReadBufferLength: STREAM_BUFFER_BYTES,
          maxWriteBufferLength: STREAM_BUFFER_BYTES,
        },
      }),
    ],
    connectionManager: {
      maxConnections: 2 * init.expectedPeers + SPARE_CONNECTIONS,
      maxIncomingPendingConnections: MAX_PENDING_CONNECTIONS,
      inboundConnectionThreshold: MAX_CONNECTIONS_PER_SECOND,
      inboundUpgradeTimeout: timings.upgradeMs,
      allow: init.allowedNetworks.map(networkOf),
      dialTimeout: timings.dialMs,
      addressDialTimeout: timings.addressMs,
      maxParallelDials: MAX_PARALLEL_DIALS,
      reconnectRetries: 0,
      // No dnsaddr: a name may stand for a host, never for a list of addresses somebody else publishes.
      resolvers: {},
      inboundStreamProtocolNegotiationTimeout: timings.openMs,
      outboundStreamProtocolNegotiationTimeout: timings.openMs,
    },
    connectionMonitor: {
      pingInterval: timings.pingEveryMs,
      pingTimeout: { minTimeout: timings.pingMinMs, maxTimeout: timings.pingMaxMs },
    },
    connectionGater: connectionGater(admission, connectionsOf, onDenied),
    services: {},
  });
  return node;
}

/** The form in which libp2p reads a pre-shared key. */
function pskText(psk: Uint8Array): Uint8Array {
  return new TextEncoder().encode(`/key/swarm/psk/1.0.0/\n/base16/\n${toHex(psk)}`);
}

/** Connections to a PeerId that are not closing. */
export function countOpen(connections: readonly Connection[], peerId: string): number {
  let open = 0;
  for (const connection of connections) {
    if (connection.status === 'open' && connection.remotePeer.toString() === peerId) open += 1;
  }
  return open;
}
