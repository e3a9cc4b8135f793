import type { PartDecision } from '@comity/disclosure';
import type { View } from '@comity/record';
import type { PartOutcome } from './operations/shapes.ts';
import type { Peer } from './peers.ts';
import type { Sovereign } from './sovereign.ts';

/** What was decided about a part, as people are told it. */
export function told(decided: PartDecision): Pick<PartOutcome, 'outcome' | 'reason' | 'rule' | 'missing'> {
  const { outcome, rule, missing } = decided;
  return {
    outcome,
    reason: reasonText(decided),
    rule: rule ?? null,
    ...(missing !== undefined && { missing }),
  };
}

/** Why no decision was made at all. */
export async function nothingApplies(
  { policy, peers, door, clock, now, orders }: Sovereign,
  view: View,
  peer: Peer,
): Promise<string> {
  if (view.header.issuer === peer.state) return 'own-record';
  if (peer.suspended) return 'suspended';
  if (clock.isHeld) return 'clock-held';
  if (policy === undefined) return 'no-policy';
  if (!peers.isServed(peer.state, now())) return 'not-recognised-now';
  if (orders.remainderOf(view) === undefined) return 'recalled';
  return (await door.concerns(view, peer.state)) ? 'no-permit' : 'withdraws-what-it-never-got';
}

/** The row of the mandatory layer where one withheld, else the reason. */
export function reasonText({ check, reason }: PartDecision): string {
  return check === undefined ? reason : `${check} ${reason}`;
}
