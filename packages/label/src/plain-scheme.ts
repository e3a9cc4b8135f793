import { checkScheme } from './check-scheme.ts';
import type { CategorySet, ClassificationScheme } from './scheme.ts';
import type { TextMap } from './text-map.ts';

/** A text in several languages as JSON or YAML gives it. */
export type PlainTextMap = Readonly<Record<string, string>>;

/** A classification scheme as JSON or YAML gives it: the same names, text maps as objects. */
export interface PlainScheme {
  readonly id: string;
  readonly name: PlainTextMap;
  readonly levels: readonly {
    readonly id: string;
    readonly name: PlainTextMap;
    readonly rank: number;
    readonly portion?: string;
  }[];
  readonly categorySets: readonly {
    readonly id: string;
    readonly type: string;
    readonly values: readonly { readonly id: string; readonly name: PlainTextMap }[];
  }[];
}

/** A text map from its plain form. */
export function textMapFrom(plain: PlainTextMap): TextMap {
  return new Map(Object.entries(plain));
}

/**
 * A scheme from its plain form, checked.
 *
 * @throws DocumentFaults as `checkScheme`
 */
export function schemeFrom(plain: PlainScheme): ClassificationScheme {
  const scheme: ClassificationScheme = {
    id: plain.id,
    name: textMapFrom(plain.name),
    levels: plain.levels.map((level) => ({ ...level, name: textMapFrom(level.name) })),
    categorySets: plain.categorySets.map(({ id, type, values }) => ({
      id,
      type: type as CategorySet['type'], // checked below
      values: values.map((value) => ({ id: value.id, name: textMapFrom(value.name) })),
    })),
  };
  checkScheme(scheme);
  return scheme;
}
