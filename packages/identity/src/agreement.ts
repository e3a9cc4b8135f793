import { Fault } from '@comity/fault';
import type { LevelMap } from '@comity/label';

import type { Recognition } from './recognition.ts';

/**
 * Whether two states have signed one and the same equivalence: what each says of its own levels abroad, the other says of the
 * levels that come to it. Two recognitions that agree are what both sides have confirmed (protocol/recognition.md §4).
 *
 * @throws Fault `identity.recognitions-unrelated`; `identity.equivalence-not-agreed` with the first level on which they differ,
 *   as `scheme/level`
 */
export function assertAgreed(ours: Recognition, theirs: Recognition): void {
  if (theirs.issuer !== ours.subject || theirs.subject !== ours.issuer)
    throw new Fault(
      'identity.recognitions-unrelated',
      'expected the recognitions of two states by each other',
    );
  const level =
    firstDifference(ours.outbound, theirs.inbound) ?? firstDifference(ours.inbound, theirs.outbound);
  if (level === undefined) return;
  throw new Fault('identity.equivalence-not-agreed', `the two states have not signed the same of ${level}`, {
    fields: { level },
  });
}

function firstDifference(one: LevelMap, other: LevelMap): string | undefined {
  const isOfOneKind = one.from === other.from && one.to === other.to;
  const levels = [...new Set([...one.levels.keys(), ...other.levels.keys()])].sort();
  const level = levels.find((each) => !isOfOneKind || one.levels.get(each) !== other.levels.get(each));
  // Maps of nothing between different schemes differ too, and have no level to name.
  if (level === undefined) return isOfOneKind ? undefined : one.from;
  return `${one.from}/${level}`;
}
