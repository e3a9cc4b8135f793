import { type DocumentFault, DocumentFaults } from '@comity/fault';

import { isIdentifier } from './identifier.ts';
import {
  type CategorySet,
  type ClassificationScheme,
  type Level,
  MAX_CATEGORIES,
  MAX_CATEGORY_SETS,
  MAX_LEVELS,
  MAX_RANK,
  PORTION,
} from './scheme.ts';
import { isDisplayName, isLanguageTag, type TextMap } from './text-map.ts';

type Path = readonly (string | number)[];

const TYPES: ReadonlySet<string> = new Set(['restrictive', 'permissive', 'informative']);

/**
 * Refuses a scheme that cannot order labels, with all its faults at once.
 *
 * @throws DocumentFaults with `label.bad-identifier`, `label.bad-text`, `label.bad-rank`, `label.duplicate`,
 *   `label.empty-list`, `label.too-many`, `label.bad-category-type`
 */
export function checkScheme(scheme: ClassificationScheme): void {
  const faults = schemeFaults(scheme);
  if (faults.length > 0) throw new DocumentFaults(faults);
}

/** The faults of a scheme, for a document that contains it. */
export function schemeFaults(scheme: ClassificationScheme, at: Path = []): readonly DocumentFault[] {
  return [
    ...identifierFaults(scheme.id, [...at, 'id']),
    ...nameFaults(scheme.name, [...at, 'name']),
    ...sizeFaults(scheme.levels, 1, MAX_LEVELS, [...at, 'levels']),
    ...scheme.levels.flatMap((level, index) =>
      levelFaults(level, scheme.levels[index - 1], [...at, 'levels', index]),
    ),
    ...duplicateFaults(scheme.levels, (level) => level.id, 'id', [...at, 'levels']),
    ...duplicateFaults(scheme.levels, (level) => level.portion, 'portion', [...at, 'levels']),
    ...sizeFaults(scheme.categorySets, 0, MAX_CATEGORY_SETS, [...at, 'categorySets']),
    ...scheme.categorySets.flatMap((set, index) => categorySetFaults(set, [...at, 'categorySets', index])),
    ...duplicateFaults(scheme.categorySets, (set) => set.id, 'id', [...at, 'categorySets']),
  ];
}

function levelFaults(level: Level, below: Level | undefined, at: Path): DocumentFault[] {
  const faults = [...identifierFaults(level.id, [...at, 'id']), ...nameFaults(level.name, [...at, 'name'])];
  // Rank 0 has to exist: it is what a label says of material that is not classified (domain.md §1.6).
  const ranked = below === undefined ? level.rank === 0 : level.rank > below.rank;
  if (!ranked || !Number.isSafeInteger(level.rank) || level.rank > MAX_RANK) {
    const expected = below === undefined ? '0' : `a whole number above ${below.rank}, at most ${MAX_RANK}`;
    faults.push({
      code: 'label.bad-rank',
      path: [...at, 'rank'],
      message: `expected ${expected}, got ${level.rank}`,
    });
  }
  if (level.portion !== undefined && !PORTION.test(level.portion)) {
    const message = 'expected 1 to 8 capitals, digits or hyphens, or characters of another script';
    faults.push({ code: 'label.bad-text', path: [...at, 'portion'], message });
  }
  return faults;
}

function categorySetFaults(set: CategorySet, at: Path): DocumentFault[] {
  const message = 'expected restrictive, permissive or informative';
  return [
    ...identifierFaults(set.id, [...at, 'id']),
    ...(TYPES.has(set.type)
      ? []
      : [{ code: 'label.bad-category-type', path: [...at, 'type'], message } as const]),
    ...sizeFaults(set.values, 1, MAX_CATEGORIES, [...at, 'values']),
    ...set.values.flatMap((value, index) => [
      ...identifierFaults(value.id, [...at, 'values', index, 'id']),
      ...nameFaults(value.name, [...at, 'values', index, 'name']),
    ]),
    ...duplicateFaults(set.values, (value) => value.id, 'id', [...at, 'values']),
  ];
}

function identifierFaults(id: string, path: Path): DocumentFault[] {
  if (isIdentifier(id)) return [];
  const message = 'expected 1 to 64 lower-case letters, digits, hyphens and dots';
  return [{ code: 'label.bad-identifier', path, message }];
}

/** The faults of a name in several languages. */
export function nameFaults(name: TextMap, path: Path): DocumentFault[] {
  const faults: DocumentFault[] = [];
  if (name.size === 0)
    faults.push({ code: 'label.empty-list', path, message: 'expected a name in one language or more' });
  for (const [tag, text] of name) {
    if (!isLanguageTag(tag)) {
      const message = 'expected a language tag such as en, zh-Hans or pt-BR';
      faults.push({ code: 'label.bad-text', path: [...path, tag], message });
    } else if (!isDisplayName(text)) {
      const message = 'expected one line of 1 to 160 characters without control or formatting characters';
      faults.push({ code: 'label.bad-text', path: [...path, tag], message });
    }
  }
  return faults;
}

function sizeFaults(list: readonly unknown[], min: number, max: number, path: Path): DocumentFault[] {
  if (list.length < min) return [{ code: 'label.empty-list', path, message: 'expected one entry or more' }];
  if (list.length <= max) return [];
  return [{ code: 'label.too-many', path, message: `expected at most ${max} entries, got ${list.length}` }];
}

function duplicateFaults<T>(
  list: readonly T[],
  keyOf: (entry: T) => string | undefined,
  key: string,
  at: Path,
): DocumentFault[] {
  const seen = new Set<string>();
  return list.flatMap((entry, index): DocumentFault[] => {
    const value = keyOf(entry);
    if (value === undefined || !seen.has(value)) {
      if (value !== undefined) seen.add(value);
      return [];
    }
    return [
      { code: 'label.duplicate', path: [...at, index, key], message: `${key} stands twice in this list` },
    ];
  });
}
