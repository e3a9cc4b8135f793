import type { Indicator } from './attribute.ts';
import { isJsonObject, type JsonObject } from './text.ts';

const RULE = /^indicators(?:\[(?:(\*)|([0-9]+)|([A-Za-z][A-Za-z0-9_-]*)=([^\]]*))\])?$/;

/** How exactly a path names an indicator; as in a draft, the more exact one wins. */
const EXACTNESS = { list: 0, every: 1, entry: 2, index: 3 } as const;

interface Rule {
  readonly exactness: number;
  readonly override: JsonObject;
  readonly matches: (indicator: Indicator, index: number) => boolean;
}

/** What an importer has stated about the labels of single indicators, by the rules that drafts have for `labels`. */
export class GivenLabels {
  readonly #rules: readonly Rule[];

  constructor(labels: unknown) {
    const entries = isJsonObject(labels) ? Object.entries(labels) : [];
    this.#rules = entries.flatMap(ruleOf).sort((a, b) => a.exactness - b.exactness);
  }

  /** What holds for an indicator with nothing but the given labels: `base` with every override that names it. */
  over(base: JsonObject, indicator: Indicator, index: number): JsonObject {
    const overrides = this.#rules
      .filter((rule) => rule.matches(indicator, index))
      .map(({ override }) => override);
    return overrides.length === 0 ? base : Object.assign({}, base, ...overrides);
  }

  /** Whether an indicator may have another label than the list it stands in, wherever in the list it comes to stand. */
  mayLabel(indicator: Indicator): boolean {
    return this.#rules.some(
      ({ exactness, matches }) =>
        exactness === EXACTNESS.index || (exactness > EXACTNESS.list && matches(indicator, 0)),
    );
  }
}

function ruleOf([path, override]: [string, unknown]): Rule[] {
  const match = RULE.exec(path);
  // Other paths name other parts; what is no map is left to the parser of drafts, which says where the fault is.
  if (match === null || !isJsonObject(override)) return [];
  const [, every, position, key, value] = match;
  if (position !== undefined) {
    return [{ exactness: EXACTNESS.index, override, matches: (_, index) => index === Number(position) }];
  }
  if (key !== undefined) {
    const matches = (indicator: Indicator): boolean =>
      Object.hasOwn(indicator, key) && indicator[key as keyof Indicator] === value;
    return [{ exactness: EXACTNESS.entry, override, matches }];
  }
  return [
    { exactness: every === undefined ? EXACTNESS.list : EXACTNESS.every, override, matches: () => true },
  ];
}
