import { dictionary, type Shape, text } from '@comity/cbor';

/** One text in several languages: BCP 47 language tag to text. */
export type TextMap = ReadonlyMap<string, string>;

/** Most languages of one text. */
const MAX_LANGUAGES = 32;

/** Longest text in one language, in bytes of UTF-8: a narrative of several pages, and well below a whole record. */
const MAX_TEXT_BYTES = 16_384;

/** Longest name in one language, in characters. */
const MAX_NAME_LENGTH = 160;

/** language[-Script][-REGION] in the letter case that BCP 47 recommends, so that a tag has one spelling. */
const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;

/** Control characters, line separators and bidirectional formatting: a name with them can imitate another one. */
const NOT_DISPLAYABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Text map on the wire. */
export const textMapShape: Shape<TextMap> = dictionary(text({ maxBytes: MAX_TEXT_BYTES, display: true }), {
  minEntries: 1,
  maxEntries: MAX_LANGUAGES,
  keyPattern: LANGUAGE_TAG,
});

/** Whether a text has the form of a language tag as used here: language, script and region in BCP 47 letter case. */
export function isLanguageTag(tag: string): boolean {
  return tag.length <= 11 && LANGUAGE_TAG.test(tag);
}

/** Whether a text can stand in one line of a screen without changing what surrounds it. */
export function isDisplayName(name: string): boolean {
  return (
    name.length > 0 && name.length <= MAX_NAME_LENGTH && name.trim() === name && !NOT_DISPLAYABLE.test(name)
  );
}

/**
 * The text in a language: the exact tag, else the same language in another script or region, else English, else the
 * first there is. The result says which language it is in, so that a reader sees when it is not the one asked for. An
 * empty map, which no shape admits, gives an empty text.
 */
export function textIn(map: TextMap, language: string): { readonly language: string; readonly text: string } {
  const primary = primaryOf(language);
  let best: { language: string; text: string; score: number } | undefined;
  for (const [tag, text] of map) {
    const score = tag === language ? 3 : primaryOf(tag) === primary ? 2 : tag === 'en' ? 1 : 0;
    if (best === undefined || score > best.score) best = { language: tag, text, score };
  }
  return best === undefined ? { language, text: '' } : { language: best.language, text: best.text };
}

function primaryOf(tag: string): string {
  const end = tag.indexOf('-');
  return end === -1 ? tag : tag.slice(0, end);
}
