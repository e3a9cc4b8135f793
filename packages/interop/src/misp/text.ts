// What a text of a draft may look like. `parseDraft` has the last word; what it would refuse is made acceptable here, because
// one odd comment must not keep a whole event from being imported.

/** What can change how the text around it is shown, and halves of characters, which no record can hold. */
const MISLEADING = /[[\p{Cc}--[\t\n\r]]\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gv;
const BREAKS_LINE = /[\t\n\r]/g;
const ELLIPSIS = '…';

const encoder = new TextEncoder();

/** Length in bytes of UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** A text that can be shown, and what had to be done to it. */
export interface ShownText {
  readonly text: string;
  readonly replaced: boolean;
  readonly shortened: boolean;
}

/** A text with what misleads made visible as `<U+202E>`, and cut to a length in bytes of UTF-8. */
export function shownText(written: string, maxBytes: number, lines: 'one' | 'many'): ShownText {
  // Cut first: the text may be as long as the whole event.
  const bounded = boundedText(written, maxBytes);
  const shown = bounded.replace(MISLEADING, codePointText);
  const visible = lines === 'one' ? shown.replace(BREAKS_LINE, codePointText) : shown;
  const fits = bounded.length === written.length && byteLength(visible) <= maxBytes;
  const text = fits ? visible : `${cutText(visible, maxBytes - byteLength(ELLIPSIS))}${ELLIPSIS}`;
  return { text, replaced: visible !== bounded, shortened: !fits };
}

/** A text of an event for a report: one line of bounded length. */
export function inOneLine(written: string, maxBytes: number): string {
  return shownText(written, maxBytes, 'one').text;
}

/** The beginning of a text, not ending between the halves of a character. No text within `maxBytes` is longer. */
function boundedText(text: string, maxBytes: number): string {
  if (text.length <= maxBytes) return text;
  const endsInHalf = /[\ud800-\udbff]/.test(text.charAt(maxBytes - 1));
  return text.slice(0, endsInHalf ? maxBytes - 1 : maxBytes);
}

/** The longest beginning of a text with at most so many bytes of UTF-8. */
function cutText(text: string, maxBytes: number): string {
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(maxBytes)).read);
}

function codePointText(character: string): string {
  return `<U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}>`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID in lower case; undefined for anything else. */
export function uuidOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length !== 36) return undefined;
  const lower = value.toLowerCase();
  return UUID.test(lower) ? lower : undefined;
}

/** A number as MISP writes it: a number, or a text of digits. */
export function countOf(value: unknown): number | undefined {
  if (typeof value === 'string' && /^[0-9]{1,15}$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A flag as MISP writes it: a boolean, 0 or 1, or either as text. */
export function flagOf(value: unknown): boolean {
  return readFlag(value) === true;
}

/** As `flagOf`; undefined for what is no flag. */
export function readFlag(value: unknown): boolean | undefined {
  if (value === true || value === 1 || value === '1' || value === 'true') return true;
  return value === false || value === 0 || value === '0' || value === 'false' ? false : undefined;
}

/** An object of JSON, its keys not yet looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
