import type { StateId } from '@comity/label';
import type { Sovereign } from './sovereign.ts';
import { Turns } from './turns.ts';

const turns = new WeakMap<Sovereign, Map<StateId, Turns>>();

/** Whatever stores what a peer released takes its turn here: its batches, and what is fetched from it again. */
export function peerTurns(sovereign: Sovereign, peer: StateId): Turns {
  const ofPeers = turns.get(sovereign) ?? new Map<StateId, Turns>();
  turns.set(sovereign, ofPeers);
  const known = ofPeers.get(peer) ?? new Turns();
  ofPeers.set(peer, known);
  return known;
}
