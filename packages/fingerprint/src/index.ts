// Who a card is of, for people (protocol/recognition.md): what two officers read to each other, and what becomes of what one
// has heard. Pure.

export { assertFingerprint } from './compare.ts';
export { fingerprintCode, fingerprintDigits, fingerprintWords, type Numerals } from './forms.ts';
export { FINGERPRINT_LANGUAGES, type FingerprintLanguage } from './languages.ts';
export { type Fingerprinted, shortFingerprint } from './short-fingerprint.ts';
export { MAX_TOLD_BYTES, readFingerprint, type Told } from './told.ts';
