import { sha256, toHex } from '@comity/digest';
import type { StateCode } from '@comity/label';

import { type FingerprintLanguage, WORDS } from './languages.ts';

/** Digits as Europe writes them, or as Arabic does. */
export type Numerals = 'latn' | 'arab';

/** BIP 39 adds so many bits of a digest to 128 bits: fifteen of sixteen slips of whoever reads or writes are noticed. */
const CHECK_BITS = 4n;
const WORD_BITS = 11n;
export const WORD_COUNT = 12;
export const DIGIT_COUNT = 40;
const ARABIC_ZERO = 0x660;

/** A short fingerprint and its check as one number below 2^132, which all forms are spellings of. */
export function numberOf(fingerprint: Uint8Array): bigint {
  const check = BigInt((sha256(fingerprint)[0] ?? 0) >> 4);
  return (BigInt(`0x${toHex(fingerprint)}`) << CHECK_BITS) | check;
}

/** The twelve words of a short fingerprint in a language: those of BIP 39. */
export function fingerprintWords(fingerprint: Uint8Array, language: FingerprintLanguage): readonly string[] {
  const value = numberOf(fingerprint);
  return Array.from({ length: WORD_COUNT }, (_, place) => {
    const shift = WORD_BITS * BigInt(WORD_COUNT - 1 - place);
    return WORDS[language][Number((value >> shift) & 0x7ffn)] ?? '';
  });
}

/** Eight groups of five digits, the same in every language. */
export function fingerprintDigits(fingerprint: Uint8Array, numerals: Numerals = 'latn'): readonly string[] {
  const digits = numberOf(fingerprint).toString().padStart(DIGIT_COUNT, '0');
  const groups = digits.match(/.{5}/g) ?? [];
  if (numerals === 'latn') return groups;
  return groups.map((group) =>
    group.replaceAll(/\d/g, (digit) => String.fromCodePoint(ARABIC_ZERO + Number(digit))),
  );
}

/** What the QR code of a state says: capitals and digits, which a code of 29 by 29 modules has room for. */
export function fingerprintCode(fingerprint: Uint8Array, code: StateCode): string {
  return `COMITY:${code}:${fingerprintDigits(fingerprint).join('')}`;
}
