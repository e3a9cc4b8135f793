import { refuseAt } from './refuse.ts';

// Without ignoreBOM a leading U+FEFF would vanish, and two encodings would have one value.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Longer texts go to TextDecoder at once. */
const SHORT_TEXT_BYTES = 24;

/** Short texts that were read last: field names and words of a vocabulary come again in every record. */
const SLOTS = 1_024;
const slots = new Array<string>(SLOTS).fill('');

const fromUnits = String.fromCharCode;

/**
 * The text in bytes[start, end).
 *
 * @throws Fault `cbor.bad-utf8`
 */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > SHORT_TEXT_BYTES) return readAnyUtf8(bytes, start, end);
  // FNV-1a. Not keyed: a flood of other texts, or of texts that collide, only evicts.
  let hash = 0x811c9dc5;
  let all = 0;
  for (let at = start; at < end; at += 1) {
    const unit = bytes[at] as number;
    hash = Math.imul(hash ^ unit, 0x01000193);
    all |= unit;
  }
  if (all > 0x7f) return readAnyUtf8(bytes, start, end);
  const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
  const known = slots[slot] as string;
  if (isSame(known, bytes, start, length)) return known;
  let text = '';
  for (let at = start; at < end; at += 1) text += fromUnits(bytes[at] as number);
  slots[slot] = text;
  return text;
}

function isSame(known: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (known.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}

function readAnyUtf8(bytes: Uint8Array, start: number, end: number): string {
  try {
    return strict.decode(bytes.subarray(start, end));
  } catch {
    return refuseAt('cbor.bad-utf8', start, 'text is not valid UTF-8');
  }
}

/** Length of a well-formed text in bytes of UTF-8. */
export function utf8Length(text: string): number {
  let byteLength = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes: each half counts one more.
    byteLength += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return byteLength;
}
