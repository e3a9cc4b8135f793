import { Fault } from '@comity/fault';
import { assertStateId, type StateId } from '@comity/label';
import type { Multiaddr } from '@multiformats/multiaddr';
import { MAX_ADDRESSES_PER_TRANSPORT, MAX_TRANSPORTS_PER_PEER } from './limits.ts';
import { dialAddress, peerIdOf } from './peer-address.ts';

/** A transport key of a peer, as its key certificate binds it to the state. */
export interface PeerTransport {
  /** 32 bytes of Ed25519 public key. */
  readonly publicKey: Uint8Array;
  /** Where the key's node listens, as multiaddrs; may be empty for a peer that only dials. */
  readonly addresses: readonly string[];
  /** UTC seconds; inclusive. */
  readonly notBeforeSeconds: number;
  /** UTC seconds; exclusive. */
  readonly notAfterSeconds: number;
}

/** A peer to stay in touch with: a state and its transport keys, the one to prefer first. */
export interface PeerEntry {
  readonly peer: StateId;
  readonly transports: readonly PeerTransport[];
}

/** A transport key in the form in which libp2p speaks of it. */
export interface KnownTransport {
  readonly peerId: string;
  readonly addresses: readonly Multiaddr[];
  readonly notBeforeSeconds: number;
  readonly notAfterSeconds: number;
}

/**
 * Reads what an operator or a state card says of a peer.
 *
 * @throws Fault `label.bad-state-id`, `exchange.bad-peer`, `exchange.bad-transport-key`, `exchange.bad-address`
 */
export function knownTransports(entry: PeerEntry): readonly KnownTransport[] {
  assertStateId(entry.peer);
  const { length } = entry.transports;
  if (length === 0 || length > MAX_TRANSPORTS_PER_PEER) {
    throw new Fault(
      'exchange.bad-peer',
      `expected 1 to ${MAX_TRANSPORTS_PER_PEER} transport keys, got ${length}`,
    );
  }
  return entry.transports.map(({ publicKey, addresses, notBeforeSeconds, notAfterSeconds }) => {
    if (addresses.length > MAX_ADDRESSES_PER_TRANSPORT) {
      throw new Fault(
        'exchange.bad-peer',
        `expected at most ${MAX_ADDRESSES_PER_TRANSPORT} addresses of a key`,
      );
    }
    const peerId = peerIdOf(publicKey);
    return {
      peerId,
      addresses: addresses.map((address) => dialAddress(address, peerId)),
      notBeforeSeconds,
      notAfterSeconds,
    };
  });
}
