/** Control characters but tab and line feed, line and paragraph separators, and what embeds, overrides or isolates direction. */
const MISLEADING = /[[\p{Cc}--[\t\n]]\u2028\u2029\u202a-\u202e\u2066-\u2069]/v;

const BREAKS_LINE = /[\t\n]/;

/**
 * Whether a text can change how what surrounds it is shown. Marks that Arabic and Persian need (U+061C, U+200C to U+200F)
 * do not: they move nothing beyond themselves.
 */
export function isMisleading(text: string): boolean {
  return MISLEADING.test(text);
}

/** Whether a text stays in one line. */
export function isOneLine(text: string): boolean {
  return !BREAKS_LINE.test(text);
}
