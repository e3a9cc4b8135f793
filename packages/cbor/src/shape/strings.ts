import { utf8Length } from '../utf8.ts';
import { checked } from './scalars.ts';
import type { Shape } from './shape.ts';

/** What a text must be. Lengths are bytes of UTF-8. */
export interface TextOptions {
  readonly maxBytes: number;
  /** Default 0: the empty text is allowed. */
  readonly minBytes?: number;
  /** Tested after the length; linear-time, without the flags g and y. */
  readonly pattern?: RegExp;
  /** A text that is shown: must be free of control characters but tab and line feed, and of bidirectional overrides. */
  readonly display?: boolean;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** Control characters but tab and line feed, and what embeds, overrides or isolates direction. */
const UNFIT_FOR_DISPLAY = /[[\p{Cc}--[\t\n]]\u202a-\u202e\u2066-\u2069]/v;

/** A text within a length, and of a form where one is given (cbor.md §4). */
export function text(options: TextOptions): Shape<string> {
  const { maxBytes, minBytes = 0, pattern, display = false } = options;
  const expected = [
    minBytes === 0 ? `text of at most ${maxBytes} bytes` : `text of ${minBytes} to ${maxBytes} bytes`,
    ...(pattern === undefined ? [] : [`matching ${pattern.source}`]),
    ...(display ? ['without control characters or bidirectional overrides'] : []),
  ].join(', ');
  return checked(expected, (value) => {
    if (typeof value !== 'string' || !lengthWithin(value, minBytes, maxBytes)) return false;
    if (pattern !== undefined && !pattern.test(value)) return false;
    return !display || PRINTABLE_ASCII.test(value) || !UNFIT_FOR_DISPLAY.test(value);
  });
}

/** A text has at least as many bytes as UTF-16 units and at most three times as many: mostly no need to count. */
function lengthWithin(value: string, minBytes: number, maxBytes: number): boolean {
  const units = value.length;
  if (units > maxBytes || 3 * units < minBytes) return false;
  if (3 * units <= maxBytes && units >= minBytes) return true;
  const byteLength = utf8Length(value);
  return byteLength >= minBytes && byteLength <= maxBytes;
}

/** How many bytes: exactly so many, or a range. */
export type ByteCount = number | { readonly min?: number; readonly max: number };

/** A byte string of a length. Decoded, it is a view of the input. */
export function bytes(count: ByteCount): Shape<Uint8Array> {
  const min = typeof count === 'number' ? count : (count.min ?? 0);
  const max = typeof count === 'number' ? count : count.max;
  return checked(
    min === max ? `${min} bytes` : `${min} to ${max} bytes`,
    (value) => value instanceof Uint8Array && value.length >= min && value.length <= max,
  );
}
