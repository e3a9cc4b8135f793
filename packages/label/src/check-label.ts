import type { DocumentFault } from '@comity/fault';

import { isIdentifier } from './identifier.ts';
import {
  type Label,
  type LabelCategories,
  MAX_HANDLING,
  MAX_LABEL_CATEGORIES,
  MAX_LABEL_CATEGORY_SETS,
  MAX_PURPOSES,
  MAX_STATES,
  MAX_SUCCESSIONS,
  MAX_TIME_SECONDS,
} from './label.ts';
import { isPap } from './pap.ts';
import { PURPOSES } from './purpose.ts';
import { type ClassificationScheme, levelOf } from './scheme.ts';
import { isStateId } from './state-id.ts';
import { isDisplayName } from './text-map.ts';
import { isTlp } from './tlp.ts';

type Path = readonly (string | number)[];

/**
 * All faults of a label under a scheme, with paths in the names of `Label`; none if it is valid. The label may come from
 * a person or from a peer: nothing but its TypeScript shape is relied upon.
 *
 * Codes: `label.wrong-scheme`, `label.unknown-classification`, `label.unknown-tlp`, `label.unknown-pap`,
 * `label.unknown-category-set`, `label.unknown-category`, `label.unknown-purpose`, `label.bad-state-id`,
 * `label.bad-identifier`, `label.bad-text`, `label.bad-date`, `label.duplicate`, `label.empty-list`, `label.too-many`,
 * `label.display-and-release`, `label.succession-not-later`, `label.succession-too-long`
 */
export function checkLabel(label: Label, scheme: ClassificationScheme): readonly DocumentFault[] {
  const faults = [...faultsOfOne(label, scheme, [])];
  let path: Path = [];
  let previousSeconds = label.createdAtSeconds ?? Number.NEGATIVE_INFINITY;
  let count = 0;
  for (let next = label.succession; next !== undefined; next = next.label.succession) {
    path = [...path, 'succession'];
    count += 1;
    if (count > MAX_SUCCESSIONS) {
      const message = `expected at most ${MAX_SUCCESSIONS} successions`;
      faults.push({ code: 'label.succession-too-long', path, message });
      break; // a chain that runs on may have no end
    }
    faults.push(...timeFaults(next.atSeconds, [...path, 'atSeconds']));
    if (next.atSeconds <= previousSeconds) {
      const message = 'expected a date later than the one before';
      faults.push({ code: 'label.succession-not-later', path: [...path, 'atSeconds'], message });
    }
    previousSeconds = next.atSeconds;
    path = [...path, 'label'];
    faults.push(...faultsOfOne(next.label, scheme, path));
  }
  return faults;
}

function faultsOfOne(label: Label, scheme: ClassificationScheme, at: Path): DocumentFault[] {
  return [
    ...classificationFaults(label, scheme, at),
    ...markingFaults(label, at),
    ...listFaults(label.releasableTo, MAX_STATES, isStateId, 'label.bad-state-id', [...at, 'releasableTo']),
    ...listFaults(label.displayOnlyTo, MAX_STATES, isStateId, 'label.bad-state-id', [...at, 'displayOnlyTo']),
    ...overlapFaults(label, [...at, 'displayOnlyTo']),
    ...categoriesFaults(label.categories, scheme, [...at, 'categories']),
    ...listFaults(label.purposes, MAX_PURPOSES, isPurpose, 'label.unknown-purpose', [...at, 'purposes']),
    ...listFaults(label.handling, MAX_HANDLING, isIdentifier, 'label.bad-identifier', [...at, 'handling']),
    ...timeFaults(label.createdAtSeconds, [...at, 'createdAtSeconds']),
    ...timeFaults(label.reviewAtSeconds, [...at, 'reviewAtSeconds']),
  ];
}

function classificationFaults(label: Label, scheme: ClassificationScheme, at: Path): DocumentFault[] {
  // With the wrong scheme every level and category would be judged by its name: a false friend (domain.md §1.6).
  if (label.scheme !== scheme.id) {
    const message = `expected a label of the scheme ${scheme.id}`;
    return [{ code: 'label.wrong-scheme', path: [...at, 'scheme'], message }];
  }
  if (levelOf(scheme, label.classification) !== undefined) return [];
  const message = `expected one of ${scheme.levels.map((level) => level.id).join(', ')}`;
  return [{ code: 'label.unknown-classification', path: [...at, 'classification'], message }];
}

function markingFaults(label: Label, at: Path): DocumentFault[] {
  const faults: DocumentFault[] = [];
  if (label.tlp !== undefined && !isTlp(label.tlp)) {
    faults.push({ code: 'label.unknown-tlp', path: [...at, 'tlp'], message: 'expected a label of TLP 2.0' });
  }
  if (label.pap !== undefined && !isPap(label.pap)) {
    faults.push({ code: 'label.unknown-pap', path: [...at, 'pap'], message: 'expected a PAP label' });
  }
  if (label.privacyMark !== undefined && !isDisplayName(label.privacyMark)) {
    const message = 'expected one line of 1 to 160 characters without control or formatting characters';
    faults.push({ code: 'label.bad-text', path: [...at, 'privacyMark'], message });
  }
  return faults;
}

function categoriesFaults(
  categories: readonly LabelCategories[] | undefined,
  scheme: ClassificationScheme,
  at: Path,
): DocumentFault[] {
  const ids = categories?.map((entry) => entry.set);
  const faults = listFaults(ids, MAX_LABEL_CATEGORY_SETS, () => true, 'label.unknown-category-set', at);
  for (const [index, { set, values }] of (categories ?? []).entries()) {
    const known = scheme.categorySets.find((candidate) => candidate.id === set);
    if (known === undefined) {
      const message = 'the scheme has no such category set';
      faults.push({ code: 'label.unknown-category-set', path: [...at, index, 'set'], message });
    }
    const isKnown = (value: string) => known === undefined || known.values.some(({ id }) => id === value);
    const path = [...at, index, 'values'];
    faults.push(...listFaults(values, MAX_LABEL_CATEGORIES, isKnown, 'label.unknown-category', path));
  }
  return faults;
}

function overlapFaults(label: Label, at: Path): DocumentFault[] {
  const released = new Set(label.releasableTo);
  return (label.displayOnlyTo ?? []).flatMap((state, index): DocumentFault[] => {
    if (!released.has(state)) return [];
    const message = 'this state is also in releasableTo';
    return [{ code: 'label.display-and-release', path: [...at, index], message }];
  });
}

function listFaults(
  list: readonly string[] | undefined,
  max: number,
  isValid: (entry: string) => boolean,
  code: DocumentFault['code'],
  at: Path,
): DocumentFault[] {
  if (list === undefined) return [];
  if (list.length === 0)
    return [{ code: 'label.empty-list', path: at, message: 'expected one entry or more' }];
  if (list.length > max) {
    return [
      { code: 'label.too-many', path: at, message: `expected at most ${max} entries, got ${list.length}` },
    ];
  }
  const seen = new Set<string>();
  const faults: DocumentFault[] = [];
  for (const [index, entry] of list.entries()) {
    if (!isValid(entry))
      faults.push({ code, path: [...at, index], message: 'this entry is not known or malformed' });
    if (seen.has(entry))
      faults.push({ code: 'label.duplicate', path: [...at, index], message: 'this entry stands twice' });
    seen.add(entry);
  }
  return faults;
}

function isPurpose(purpose: string): boolean {
  return PURPOSES.has(purpose);
}

function timeFaults(atSeconds: number | undefined, path: Path): DocumentFault[] {
  if (atSeconds === undefined) return [];
  if (Number.isSafeInteger(atSeconds) && atSeconds >= 0 && atSeconds <= MAX_TIME_SECONDS) return [];
  return [{ code: 'label.bad-date', path, message: 'expected whole UTC seconds from 1970 to 9999' }];
}
