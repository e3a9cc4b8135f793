import { Fault } from '@comity/fault';
import { assertStateId, type StateId } from '@comity/label';
import type { Multiaddr } from '@multiformats/multiaddr';
import { MAX_ADDRESSES_PER_TRANSPORT, MAX_TRANSPORTS_PER_PEER } from './limits.ts';
import { isLocalAddress } from './local-address.ts';
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

/**
 * A peer to stay in touch with: a state and its transport keys, the one to prefer first. Without a key, because all have
 * expired, it is waited for: it is neither dialled nor let in.
 */
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
 * Judges what a state card says of a peer before anything of it is kept: what passes, `addPeer` takes, unless a key of it
 * belongs to another state.
 *
 * @param dialsLocal whether addresses that stand for this machine itself may be dialled; see `listensLocally`
 * @throws Fault `label.bad-state-id`, `exchange.bad-peer`, `exchange.bad-transport-key`, `exchange.bad-address`,
 *   `exchange.local-address`
 */
export function checkPeerEntry(entry: PeerEntry, dialsLocal: boolean): void {
  knownTransports(entry, dialsLocal);
}

/** Reads what an operator or a state card says of a peer. @throws Fault as `checkPeerEntry` */
export function knownTransports(entry: PeerEntry, dialsLocal: boolean): readonly KnownTransport[] {
  assertStateId(entry.peer);
  const { length } = entry.transports;
  if (length > MAX_TRANSPORTS_PER_PEER) {
    throw new Fault(
      'exchange.bad-peer',
      `expected at most ${MAX_TRANSPORTS_PER_PEER} transport keys, got ${length}`,
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
      addresses: addresses.map((address) => {
        const parsed = dialAddress(address, peerId);
        // A certificate must not make this node knock at its own machine's doors.
        if (!dialsLocal && isLocalAddress(parsed)) {
          throw new Fault('exchange.local-address', 'the address stands for this machine itself');
        }
        return parsed;
      }),
      notBeforeSeconds,
      notAfterSeconds,
    };
  });
}
