import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Sovereign } from '../sovereign.ts';

/** @throws Fault peer.suspended, peer.unknown, peer.not-confirmed */
export function assertServed(sovereign: Sovereign, peer: StateId): void {
  assertRecognised(sovereign, peer);
  if (sovereign.peers.isConfirmed(peer)) return;
  throw new Fault('peer.not-confirmed', 'the peer has not confirmed what this state has signed about both', {
    fields: { peer },
  });
}

/** For what two nodes say to each other before both sides have confirmed. @throws Fault peer.suspended, peer.unknown */
export function assertRecognised({ peers, now }: Sovereign, peer: StateId): void {
  if (peers.isRecognised(peer, now())) return;
  throw new Fault(
    peers.get(peer)?.suspended === true ? 'peer.suspended' : 'peer.unknown',
    'the peer is not served',
  );
}
