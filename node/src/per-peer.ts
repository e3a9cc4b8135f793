import type { StateId } from '@comity/label';
import type { Sovereign } from './sovereign.ts';

/** Something that a node keeps in memory for each state it deals with, made when it is first asked for. */
export function perPeer<T>(make: () => T): (sovereign: Sovereign, peer: StateId) => T {
  const ofNodes = new WeakMap<Sovereign, Map<StateId, T>>();
  return (sovereign, peer) => {
    const ofPeers = ofNodes.get(sovereign) ?? new Map<StateId, T>();
    ofNodes.set(sovereign, ofPeers);
    const known = ofPeers.get(peer) ?? make();
    ofPeers.set(peer, known);
    return known;
  };
}
