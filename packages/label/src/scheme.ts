import { array, document, field, oneOf, optionalField, type Shape, text, uint } from '@comity/cbor';

import { IDENTIFIER } from './identifier.ts';
import { type TextMap, textMapShape } from './text-map.ts';

/** A level of a classification scheme. */
export interface Level {
  readonly id: string;
  readonly name: TextMap;
  /** Position in the scheme's order. 0 is "not classified", which does not mean public (domain.md §1.6). */
  readonly rank: number;
  /** Abbreviation for the marking of a single part, such as `S`. */
  readonly portion?: string;
}

/** A category of a set. */
export interface Category {
  readonly id: string;
  readonly name: TextMap;
}

/**
 * A set of categories. `restrictive`: whoever reads must hold every category named. `permissive`: must hold one of those
 * named. `informative`: never used to decide (domain.md §1.3).
 */
export interface CategorySet {
  readonly id: string;
  readonly type: 'restrictive' | 'permissive' | 'informative';
  readonly values: readonly Category[];
}

/** The classification scheme of a state, as its charter carries it. */
export interface ClassificationScheme {
  readonly id: string;
  readonly name: TextMap;
  /** From the least to the most restrictive. */
  readonly levels: readonly Level[];
  readonly categorySets: readonly CategorySet[];
}

export const MAX_LEVELS = 16;
export const MAX_CATEGORY_SETS = 32;
export const MAX_CATEGORIES = 128;
export const MAX_RANK = 255;

/**
 * Abbreviation of a level (label.md §1.4): capitals, digits and hyphens of ASCII, and of other scripts what a name may have, but
 * for white space. Unicode categories are not asked: they change with its versions, and a verdict must not.
 */
export const PORTION: RegExp =
  /^(?:[A-Z0-9-]|(?![\u0080-\u00a0\u061c\u1680\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f\u2066-\u2069\u3000\ufeff])[\u0080-\u{10ffff}]){1,8}$/u;

const identifier = text({ maxBytes: 64, pattern: IDENTIFIER });

/*
 * Keys on the wire
 *   scheme        1 id · 2 name · 3 levels · 4 category sets
 *   level         1 id · 2 name · 3 rank · 4 portion?
 *   category set  1 id · 2 type · 3 values
 *   category      1 id · 2 name
 */
const levelShape: Shape<Level> = document({
  id: field(1, identifier),
  name: field(2, textMapShape),
  rank: field(3, uint(MAX_RANK)),
  portion: optionalField(4, text({ maxBytes: 32, pattern: PORTION })),
});

const categorySetShape: Shape<CategorySet> = document({
  id: field(1, identifier),
  type: field(2, oneOf('restrictive', 'permissive', 'informative')),
  values: field(
    3,
    array(document({ id: field(1, identifier), name: field(2, textMapShape) }), {
      min: 1,
      max: MAX_CATEGORIES,
    }),
  ),
});

/** Classification scheme on the wire. What the shape cannot say, `checkScheme` does. */
export const schemeShape: Shape<ClassificationScheme> = document({
  id: field(1, identifier),
  name: field(2, textMapShape),
  levels: field(3, array(levelShape, { min: 1, max: MAX_LEVELS })),
  categorySets: field(4, array(categorySetShape, { max: MAX_CATEGORY_SETS })),
});

/** The level with an id, in this scheme only. */
export function levelOf(scheme: ClassificationScheme, id: string): Level | undefined {
  return scheme.levels.find((level) => level.id === id);
}

/** The rank of a level id in this scheme; undefined where the scheme has no such level. */
export function rankOf(scheme: ClassificationScheme, id: string): number | undefined {
  return levelOf(scheme, id)?.rank;
}
