import type { PartDecision, RecordDecision } from '@comity/disclosure';
import type { View } from '@comity/record';
import type { PartOutcome } from '../operations/shapes.ts';
import type { Peer } from '../peers/peers.ts';
import { markingOf } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';
import { byPath } from './by-path.ts';

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
  if (door.isHeld(peer.state)) return 'put-back-held';
  if (policy === undefined) return 'no-policy';
  if (!peers.isServed(peer.state, now())) return 'not-recognised-now';
  if (orders.remainderOf(view) === undefined) return 'recalled';
  return (await door.concerns(view, peer.state)) ? 'no-permit' : 'tells-of-what-it-never-got';
}

/** The row of the mandatory layer where one withheld, else the reason. */
export function reasonText({ check, reason }: PartDecision): string {
  return check === undefined ? reason : `${check} ${reason}`;
}

/** Each part of a view by path, whether it is shown in what is about to be made, and what was decided about it. */
export function toldParts(
  sovereign: Sovereign,
  view: View,
  decision: RecordDecision,
  shown: ReadonlySet<string>,
): (PartOutcome & { shown: boolean })[] {
  const decided = new Map(decision.parts.map((part) => [part.digest, part]));
  return view.parts
    .map(({ pathText, label, digest }) => ({
      path: pathText,
      label: markingOf(sovereign, view, label),
      shown: shown.has(digest),
      ...told(decided.get(digest) ?? decision.envelope),
    }))
    .sort((a, b) => byPath(a.path, b.path));
}
