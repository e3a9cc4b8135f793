import { Fault } from '@comity/fault';
import type { LevelMap } from '@comity/label';

import type { Recognition } from './recognition.ts';

/** The equivalence that holds between two states, from the point of view of one of them. */
export interface AgreedEquivalence {
  /** Our level to theirs. */
  readonly outbound: LevelMap;
  /** Their level to ours. */
  readonly inbound: LevelMap;
  /** Levels that the two states mapped differently, as `scheme/level`: they are in neither map. */
  readonly disputed: readonly string[];
}

/**
 * The levels that both states map alike, or that only we map. What we did not sign is not mapped, whatever the other side
 * signed: equivalence is agreed between two parties and never assumed (domain.md §1.6). Where the other side has signed
 * something else about a level, that level is mapped by nobody until people have settled it.
 *
 * Both recognitions have to be in force; the caller checks the time (`assertValidAt`).
 *
 * @param theirs the other state's recognition of us, if there is one
 * @throws Fault `identity.recognitions-unrelated`
 */
export function agreedEquivalence(ours: Recognition, theirs: Recognition | undefined): AgreedEquivalence {
  if (theirs === undefined) return { outbound: ours.outbound, inbound: ours.inbound, disputed: [] };
  if (theirs.issuer !== ours.subject || theirs.subject !== ours.issuer) {
    throw new Fault(
      'identity.recognitions-unrelated',
      'expected the recognitions of two states by each other',
    );
  }
  const disputed = [
    ...disputedLevels(ours.outbound, theirs.inbound),
    ...disputedLevels(ours.inbound, theirs.outbound),
  ];
  return {
    outbound: without(ours.outbound, disputed),
    inbound: without(ours.inbound, disputed),
    disputed: disputed.sort(),
  };
}

function disputedLevels(ours: LevelMap, theirs: LevelMap): string[] {
  const sameSchemes = ours.from === theirs.from && ours.to === theirs.to;
  return [...ours.levels.entries()]
    .filter(([level, mapped]) => !sameSchemes || (theirs.levels.get(level) ?? mapped) !== mapped)
    .map(([level]) => `${ours.from}/${level}`);
}

function without(map: LevelMap, disputed: readonly string[]): LevelMap {
  const levels = new Map([...map.levels].filter(([level]) => !disputed.includes(`${map.from}/${level}`)));
  return { from: map.from, to: map.to, levels };
}
