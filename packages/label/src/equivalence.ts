import { dictionary, document, field, type Shape, text } from '@comity/cbor';
import type { DocumentFault } from '@comity/fault';

import { IDENTIFIER } from './identifier.ts';
import { type ClassificationScheme, MAX_LEVELS, rankOf } from './scheme.ts';

/**
 * One direction of the equivalence that two states agreed on: for levels of the scheme `from`, the level of the scheme
 * `to` at which the other side protects them. It is signed inside a recognition; names of levels are never compared.
 */
export interface LevelMap {
  /** Scheme id. */
  readonly from: string;
  /** Scheme id. */
  readonly to: string;
  readonly levels: ReadonlyMap<string, string>;
}

const identifier = text({ maxBytes: 64, pattern: IDENTIFIER });

/** Level map on the wire. Keys: 1 from · 2 to · 3 levels. */
export const levelMapShape: Shape<LevelMap> = document({
  from: field(1, identifier),
  to: field(2, identifier),
  levels: field(3, dictionary(identifier, { maxEntries: MAX_LEVELS, keyPattern: IDENTIFIER })),
});

/**
 * The level that a level is equivalent to, or undefined if the two states agreed on none: such material cannot go. The
 * caller makes sure that the level is one of the scheme `map.from`.
 */
export function mapLevel(levelId: string, map: LevelMap): string | undefined {
  return map.levels.get(levelId);
}

/**
 * All faults of a level map between two schemes; none if every level exists on its side and no higher level is mapped
 * below a lower one. Several levels may map to one, and a level may be left out.
 *
 * Codes: `label.wrong-scheme`, `label.unknown-map-level`, `label.map-not-monotone`
 */
export function checkLevelMap(
  map: LevelMap,
  from: ClassificationScheme,
  to: ClassificationScheme,
): readonly DocumentFault[] {
  const faults: DocumentFault[] = [];
  for (const [side, scheme] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (map[side] === scheme.id) continue;
    faults.push({ code: 'label.wrong-scheme', path: [side], message: `expected the scheme ${scheme.id}` });
  }
  if (faults.length > 0) return faults;

  const ranked: { level: string; source: number; target: number }[] = [];
  for (const [level, mapped] of map.levels) {
    const source = rankOf(from, level);
    const target = rankOf(to, mapped);
    if (source !== undefined && target !== undefined) {
      ranked.push({ level, source, target });
      continue;
    }
    const message = `${source === undefined ? level : mapped} is not a level of ${source === undefined ? from.id : to.id}`;
    faults.push({ code: 'label.unknown-map-level', path: ['levels', level], message });
  }
  ranked.sort((a, b) => a.source - b.source);
  let highest = -1;
  for (const { level, target } of ranked) {
    if (target < highest) {
      const message = 'a lower level is mapped to a higher one';
      faults.push({ code: 'label.map-not-monotone', path: ['levels', level], message });
    }
    highest = Math.max(highest, target);
  }
  return faults;
}
