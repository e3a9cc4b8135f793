import {
  FINGERPRINT_LANGUAGES,
  type Fingerprinted,
  fingerprintCode,
  fingerprintDigits,
  fingerprintWords,
  shortFingerprint,
} from '@comity/fingerprint';
import type { StateCode } from '@comity/label';

/** The short fingerprint of a state in the forms in which people compare it (recognition.md §2). */
export interface FingerprintForms {
  readonly digits: string;
  /** Twelve words, by language tag. */
  readonly words: Record<string, string>;
  /** What the QR code says. */
  readonly code: string;
}

export function fingerprintForms(charter: Fingerprinted & { readonly code: StateCode }): FingerprintForms {
  const fingerprint = shortFingerprint(charter);
  return {
    digits: fingerprintDigits(fingerprint).join(' '),
    words: Object.fromEntries(
      FINGERPRINT_LANGUAGES.map((language) => [language, fingerprintWords(fingerprint, language).join(' ')]),
    ),
    code: fingerprintCode(fingerprint, charter.code),
  };
}
