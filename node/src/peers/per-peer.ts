import type { StateId } from '@comity/label';
import type { Sovereign } from '../sovereign.ts';

/**
 * Something that a node keeps in memory for each state it deals with, made when it is first asked for. Kept for its store: what
 * only supposes another policy (policy-world.ts) has the same.
 */
export function perPeer<T>(make: () => T): (sovereign: Pick<Sovereign, 'store'>, peer: StateId) => T {
  const ofNodes = new WeakMap<Sovereign['store'], Map<StateId, T>>();
  return ({ store }, peer) => {
    const ofPeers = ofNodes.get(store) ?? new Map<StateId, T>();
    ofNodes.set(store, ofPeers);
    const known = ofPeers.get(peer) ?? make();
    ofPeers.set(peer, known);
    return known;
  };
}
