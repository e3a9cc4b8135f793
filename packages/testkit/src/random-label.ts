import type { ClassificationScheme } from '@comity/label';
import type { Chance } from './chance.ts';
import type { PlainLabel } from './sample-draft.ts';

/** What random documents of a state are drawn for. */
export interface Surroundings {
  /** Of the state that writes. */
  readonly scheme: ClassificationScheme;
  /** All states that know each other, the one that writes among them. */
  readonly codes: readonly string[];
  /** UTC seconds: what changes by time does so within hours after it. */
  readonly atSeconds: number;
}

/** Every random label allows this purpose or names none, so that one label can dominate all. */
export const COMMON_PURPOSE = 'incident-response';
export const RANDOM_PURPOSES: readonly string[] = [COMMON_PURPOSE, 'norm-verification', 'national-security'];

/** Keys that an override has to name to take nothing from what it overrides. */
const UNSET = {
  tlp: null,
  releasableTo: null,
  displayOnlyTo: null,
  categories: null,
  purposes: null,
  reviewAt: null,
  succession: null,
};

/** RFC 3339 text of UTC seconds. */
export function timeText(atSeconds: number): string {
  return new Date(atSeconds * 1_000).toISOString().replace('.000Z', 'Z');
}

/** A label as an override that takes nothing from what it overrides; in half of all draws one that keeps little back. */
export function randomLabel(chance: Chance, { scheme, codes, atSeconds }: Surroundings): PlainLabel {
  return labelFrom(chance, { scheme, codes, atSeconds }, 2);
}

function labelFrom(chance: Chance, surroundings: Surroundings, successions: number): PlainLabel {
  const { scheme, codes, atSeconds } = surroundings;
  const isMild = chance.once(2);
  const releasableTo = codes.filter(() => !chance.once(isMild ? 8 : 3));
  const displayOnlyTo = codes.filter((code) => !releasableTo.includes(code));
  const levels = isMild
    ? scheme.levels.slice(0, 1)
    : scheme.levels.slice(0, chance.between(1, scheme.levels.length));
  const purposes = [COMMON_PURPOSE, ...chance.some(RANDOM_PURPOSES.slice(1))];
  const changesAt = atSeconds + chance.one([60, 900, 3_600, 7_200]);
  return {
    ...UNSET,
    classification: chance.one(levels).id,
    ...(chance.once(2) && {
      tlp: chance.one(isMild ? ['CLEAR', 'GREEN'] : ['GREEN', 'AMBER', 'AMBER+STRICT', 'RED']),
    }),
    ...(releasableTo.length > 0 && { releasableTo }),
    ...(displayOnlyTo.length > 0 && chance.once(4) && { displayOnlyTo }),
    ...(!isMild && chance.once(3) && { categories: categoriesFrom(chance, scheme) }),
    ...(chance.once(4) && { purposes }),
    ...(chance.once(6) && { reviewAt: timeText(atSeconds + 600) }),
    ...(successions > 0 &&
      chance.once(4) && {
        succession: {
          at: timeText(changesAt),
          label: labelFrom(chance, { ...surroundings, atSeconds: changesAt }, successions - 1),
        },
      }),
  };
}

function categoriesFrom(chance: Chance, { categorySets }: ClassificationScheme): object[] | null {
  const drawn = categorySets.flatMap(({ id: set, type, values }) => {
    if (!chance.once(2)) return [];
    const [first = '', ...others] = values.map(({ id }) => id);
    const named = [type === 'permissive' ? first : chance.one(values).id, ...chance.some(others)];
    return [{ set, values: [...new Set(named)].sort() }];
  });
  return drawn.length > 0 ? drawn : null;
}

/** A label that keeps back no more than who is named: for all states, of the lowest level. */
export function openLabel({ scheme, codes }: Surroundings): PlainLabel {
  return { ...UNSET, classification: scheme.levels[0]?.id, releasableTo: codes };
}

/** The label of a record as a whole that dominates every random label. */
export function highestLabel({ levels, categorySets }: ClassificationScheme): PlainLabel {
  const categories = categorySets.map(({ id: set, type, values }) => ({
    set,
    values: (type === 'permissive' ? values.slice(0, 1) : values).map(({ id }) => id).sort(),
  }));
  return {
    classification: levels.at(-1)?.id,
    tlp: 'RED',
    purposes: [COMMON_PURPOSE],
    ...(categories.length > 0 && { categories }),
  };
}
