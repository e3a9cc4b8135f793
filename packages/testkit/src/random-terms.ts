import type { ClassificationScheme } from '@comity/label';
import type { Chance } from './chance.ts';

/** On what terms one state recognises another, in the words of an operator. */
export interface PlainTerms {
  readonly ceiling: string;
  readonly categories: readonly { readonly set: string; readonly values: readonly string[] }[];
  readonly community: boolean;
  readonly equivalence: {
    readonly outbound: Readonly<Record<string, string>>;
    readonly inbound: Readonly<Record<string, string>>;
  };
}

/** Random terms between two schemes: equivalences keep the order and leave out no level below one that they have. */
export function randomTerms(
  chance: Chance,
  ours: ClassificationScheme,
  theirs: ClassificationScheme,
): PlainTerms {
  const categories = ours.categorySets.flatMap(({ id: set, values }) => {
    const held = values.map(({ id }) => id).filter(() => !chance.once(4));
    return held.length > 0 && !chance.once(4) ? [{ set, values: held }] : [];
  });
  const levels = ours.levels.map(({ id }) => id);
  return {
    ceiling: chance.once(2) ? (levels.at(-1) as string) : chance.one(levels),
    categories,
    community: !chance.once(4),
    equivalence: { outbound: equivalents(chance, ours, theirs), inbound: equivalents(chance, theirs, ours) },
  };
}

function equivalents(
  chance: Chance,
  from: ClassificationScheme,
  to: ClassificationScheme,
): Readonly<Record<string, string>> {
  const last = to.levels.length - 1;
  const places = from.levels.map(() => chance.between(0, last)).sort((a, b) => a - b);
  const mapped = from.levels.map(
    ({ id }, index) => [id, to.levels[places[index] as number]?.id as string] as const,
  );
  const upTo = chance.once(4) ? chance.between(1, mapped.length) : mapped.length;
  return Object.fromEntries(mapped.slice(0, upTo));
}
