import type { View } from '@comity/record';
import type { WriteSet } from '@comity/store';
import type { Peer } from '../peers/peers.ts';
import type { Sovereign } from '../sovereign.ts';
import type { Grounds } from './grounds.ts';
import { nothingApplies, reasonText } from './outcomes.ts';
import { MAIN_PURPOSE } from './standing-purposes.ts';

/**
 * Writes down that nothing of a record of this state goes to a peer, and why, as of now (disclosure.md 8.12). That it changes
 * later is told by the line of what changes it, and of the release that follows.
 *
 * @param grounds that it was decided on
 */
export async function noteKept(
  sovereign: Sovereign,
  set: WriteSet,
  view: View,
  peer: Peer,
  grounds: Grounds,
): Promise<void> {
  set.audit({
    atSeconds: view.header.issuedAtSeconds,
    event: 'kept',
    fields: {
      peer: peer.state,
      record: view.header.id,
      reason: await reasonFor(sovereign, view, peer, grounds),
    },
  });
}

/** Why nothing goes: of the record as a whole, or, where its envelope might go, that no part may. */
async function reasonFor(sovereign: Sovereign, view: View, peer: Peer, grounds: Grounds): Promise<string> {
  const { door } = sovereign;
  const mode = door.standingMode(view);
  const purpose = door.purposes(mode)[0] ?? MAIN_PURPOSE;
  const decision = door.decide(view, peer.state, mode, purpose, grounds);
  if (decision === undefined || decision.outcome === 'release') return nothingApplies(sovereign, view, peer);
  return decision.envelope.outcome === 'withhold' ? reasonText(decision.envelope) : 'no-part-may-go';
}
