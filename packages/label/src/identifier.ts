/** Longest identifier of a scheme, level, category or handling rule, in characters. */
const MAX_IDENTIFIER_LENGTH = 64;

/** The form of an identifier, for shapes: ASCII, so that no two spellings look alike (formats.md §1.4 rule 4). */
export const IDENTIFIER: RegExp = /^[a-z0-9][a-z0-9.-]{0,63}$/;

export function isIdentifier(text: string): boolean {
  return text.length <= MAX_IDENTIFIER_LENGTH && IDENTIFIER.test(text);
}
