import { Fault } from '@comity/fault';
import { type ClassificationScheme, type LevelMap, rankOf } from '@comity/label';

import type { Recognition } from './recognition.ts';

/** The equivalence that holds between two states, from the point of view of one of them. */
export interface AgreedEquivalence {
  /** Our level to theirs. */
  readonly outbound: LevelMap;
  /** Their level to ours. */
  readonly inbound: LevelMap;
  /** Levels that the two states map differently in a direction, or the other does not map, as `scheme/level`: there they are not mapped. */
  readonly disputed: readonly string[];
}

/** The classification schemes of the two states, as their charters have them. */
export interface SchemePair {
  readonly ours: ClassificationScheme;
  readonly theirs: ClassificationScheme;
}

/**
 * The levels that both states map alike, from the lowest upwards without a gap; where there is no recognition of the other side,
 * those that we map. What we did not sign
 * is not mapped, whatever the other side signed: equivalence is agreed between two parties and never assumed
 * (domain.md §1.6). Where the other side has signed something else about a level, or does not map it, that level is mapped by
 * nobody until people have settled it: it may have dropped it from the table because it protects it no longer.
 *
 * Above a level that is not mapped nothing is, for whatever reason it is not: otherwise to raise a label from that level to
 * a higher one would release more (DISCLOSURE §3). So in both maps, if a level is mapped, each lower one is, and not higher.
 *
 * Both recognitions have to be in force; the caller checks the time (`assertValidAt`).
 *
 * @param theirs the other state's recognition of us, if there is one
 * @throws Fault `identity.recognitions-unrelated`
 */
export function agreedEquivalence(
  ours: Recognition,
  theirs: Recognition | undefined,
  schemes: SchemePair,
): AgreedEquivalence {
  if (theirs !== undefined && (theirs.issuer !== ours.subject || theirs.subject !== ours.issuer)) {
    throw new Fault(
      'identity.recognitions-unrelated',
      'expected the recognitions of two states by each other',
    );
  }
  // Each map for itself: where the two states share a scheme, one level may be disputed in one direction only.
  const outbound = disputedLevels(ours.outbound, theirs?.inbound);
  const inbound = disputedLevels(ours.inbound, theirs?.outbound);
  const named = [
    ...[...outbound].map((level) => `${ours.outbound.from}/${level}`),
    ...[...inbound].map((level) => `${ours.inbound.from}/${level}`),
  ];
  return {
    outbound: withoutGap(ours.outbound, schemes.ours, schemes.theirs, outbound),
    inbound: withoutGap(ours.inbound, schemes.theirs, schemes.ours, inbound),
    disputed: [...new Set(named)].sort(),
  };
}

function disputedLevels(ours: LevelMap, theirs: LevelMap | undefined): ReadonlySet<string> {
  if (theirs === undefined) return new Set();
  const sameSchemes = ours.from === theirs.from && ours.to === theirs.to;
  const disputed = [...ours.levels].filter(
    ([level, mapped]) => !sameSchemes || theirs.levels.get(level) !== mapped,
  );
  return new Set(disputed.map(([level]) => level));
}

/** The map up to the first level, from the lowest, that is not mapped, is disputed, or is mapped below a lower one. */
function withoutGap(
  map: LevelMap,
  from: ClassificationScheme,
  to: ClassificationScheme,
  disputed: ReadonlySet<string>,
): LevelMap {
  const levels = new Map<string, string>();
  const isOfSchemes = map.from === from.id && map.to === to.id;
  let highest = 0;
  for (const { id } of isOfSchemes ? from.levels : []) {
    const mapped = map.levels.get(id);
    const rank = mapped === undefined ? undefined : rankOf(to, mapped);
    if (mapped === undefined || rank === undefined || rank < highest) break;
    if (disputed.has(id)) break;
    levels.set(id, mapped);
    highest = rank;
  }
  return { from: map.from, to: map.to, levels };
}
