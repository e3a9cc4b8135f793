import { fromHex } from '@comity/digest';
import { Fault } from '@comity/fault';

import { bareText } from './bare-text.ts';
import { DIGIT_COUNT, numberOf, WORD_COUNT } from './forms.ts';
import { FINGERPRINT_LANGUAGES, numbersOf } from './languages.ts';

/** What somebody has written down of a fingerprint that was told to him. */
export type Told =
  /** With the code of the state where it came from a QR code, in capitals. */
  | { readonly kind: 'short'; readonly fingerprint: Uint8Array; readonly code: string | undefined }
  /** A state id in full (keys.md 6.2). */
  | { readonly kind: 'state-id'; readonly state: string };

/** The longest form has some 160 bytes. */
export const MAX_TOLD_BYTES = 1024;

/** Between groups and words; also at the ends. */
const SEPARATORS = /[ \t\n\r,.-]+/;
const CHINESE = /^[\u4e00-\u9fff]+$/;

/**
 * Reads a fingerprint in any of its forms: words of any of the lists, digits, what a QR code says, or a state id in full.
 * Several readings where twelve words are words of two languages.
 *
 * @throws Fault `fingerprint.form` where it has none of these forms, `fingerprint.unknown-word`, and `fingerprint.check` where
 *   a word or digit is another than was told
 */
export function readFingerprint(text: string): readonly Told[] {
  if (new TextEncoder().encode(text).length > MAX_TOLD_BYTES)
    throw new Fault('fingerprint.form', `expected at most ${MAX_TOLD_BYTES} bytes`);
  const words = bareText(text)
    .split(SEPARATORS)
    .filter((word) => word !== '')
    // Chinese is written without spaces, and each of its words is one character.
    .flatMap((word) => (CHINESE.test(word) ? [...word] : [word]));
  const joined = words.join('');
  if (/^[0-9a-f]{64}$/.test(joined)) return [{ kind: 'state-id', state: joined }];
  const [, code, digits = joined] = /^comity:([a-z]{3}):([0-9]{40})$/.exec(joined) ?? [];
  if (/^[0-9]+$/.test(digits)) return [checked(numberIn(digits), code?.toUpperCase())];
  return wordsIn(words);
}

/** @throws Fault fingerprint.form */
function numberIn(digits: string): bigint {
  if (digits.length === DIGIT_COUNT) return BigInt(digits);
  throw new Fault('fingerprint.form', `expected ${DIGIT_COUNT} digits and found ${digits.length}`, {
    fields: { expected: DIGIT_COUNT, found: digits.length },
  });
}

function wordsIn(words: readonly string[]): Told[] {
  if (words.length !== WORD_COUNT)
    throw new Fault('fingerprint.form', `expected ${WORD_COUNT} words and found ${words.length}`, {
      fields: { expected: WORD_COUNT, found: words.length },
    });
  const readings = FINGERPRINT_LANGUAGES.map((language) =>
    words.map((word) => numbersOf(language).get(word)),
  );
  const whole = readings.filter((numbers) => numbers.every((number) => number !== undefined));
  if (whole.length === 0) {
    // The place of the first word that is in no list in which the most of the others are.
    const unknown = (numbers: readonly unknown[]): number =>
      numbers.filter((each) => each === undefined).length;
    const nearest = readings.toSorted((a, b) => unknown(a) - unknown(b))[0] ?? [];
    const place = nearest.indexOf(undefined) + 1;
    throw new Fault('fingerprint.unknown-word', `word ${place} is in no list of words`, {
      fields: { place },
    });
  }
  const told = whole.map((numbers) =>
    numbers.reduce<bigint>((sum, each) => (sum << 11n) | BigInt(each ?? 0), 0n),
  );
  const good = told.filter(isWhole);
  // One at least: of none, the first says what is wrong.
  return (good.length > 0 ? good : told.slice(0, 1)).map((value) => checked(value, undefined));
}

function fingerprintIn(value: bigint): Uint8Array {
  return fromHex((value >> 4n).toString(16).padStart(32, '0'));
}

function isWhole(value: bigint): boolean {
  return value < 1n << 132n && numberOf(fingerprintIn(value)) === value;
}

/** @throws Fault fingerprint.check */
function checked(value: bigint, code: string | undefined): Told {
  if (isWhole(value)) return { kind: 'short', fingerprint: fingerprintIn(value), code };
  throw new Fault('fingerprint.check', 'a word or digit is not the one that was told');
}
