import type { ConnectionGater } from '@libp2p/interface';
import type { AdmissionSet } from './admission.ts';
import { MAX_CONNECTIONS_PER_PEER } from './limits.ts';

/**
 * Who may connect, as libp2p asks it. Every hook is synchronous. `denyInboundEncryptedConnection` is the first point
 * with an authenticated PeerId; to the dialler a denial there looks like a success that is aborted at once, which is
 * why only the hello counts as accepted.
 */
export function connectionGater(
  admission: AdmissionSet,
  openConnections: (peerId: string) => number,
  onDenied: (peerId: string) => void,
): ConnectionGater {
  const deny = (peerId: string): boolean => admission.peerOf(peerId) === undefined;
  return {
    denyDialPeer: (peer) => deny(peer.toString()),
    denyOutboundConnection: (peer) => deny(peer.toString()),
    denyOutboundEncryptedConnection: (peer) => deny(peer.toString()),
    denyInboundEncryptedConnection: (peer) => {
      const denied = deny(peer.toString());
      if (denied) onDenied(peer.toString());
      return denied;
    },
    // Asked again: it may have been revoked during the handshake. And limits are per connection, so a peer would
    // multiply them by opening more.
    denyInboundUpgradedConnection: (peer) =>
      deny(peer.toString()) || openConnections(peer.toString()) >= MAX_CONNECTIONS_PER_PEER,
    denyOutboundUpgradedConnection: (peer) => deny(peer.toString()),
    denyInboundRelayReservation: () => true,
    denyInboundRelayedConnection: () => true,
    denyOutboundRelayedConnection: () => true,
    // Stores nothing that a peer claims about its addresses.
    filterMultiaddrForPeer: () => false,
  };
}
