import { Fault } from '@comity/fault';
import { FINGERPRINT_LANGUAGES, fingerprintDigits, readFingerprint } from '@comity/fingerprint';
import { Option } from 'commander';
import type { FingerprintForms } from '../peers/fingerprint-forms.ts';
import { askLine } from './ask.ts';

/** Languages in which a fingerprint is shown; Arabic has digits of its own and no words (recognition.md 2.3). */
const LANGUAGES = ['en', 'fr', 'es', 'ar', 'zh'] as const;
export type OfficerLanguage = (typeof LANGUAGES)[number];

/** Words in a line on a terminal. */
const WORDS_IN_LINE = 4;

/** `--language`, which is by default that of the session. */
export function languageOption(about: string): Option {
  return new Option('--language <tag>', about).choices(LANGUAGES).default(localLanguage());
}

/** The language of whoever runs this, as the environment has it; English where it is none of these. */
function localLanguage(): OfficerLanguage {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const tag = (LC_ALL || LC_MESSAGES || LANG || '').slice(0, 2);
  return LANGUAGES.find((each) => each === tag) ?? 'en';
}

/** Words and digits for reading out, the digits in the last line. */
export function fingerprintText({ digits, words }: FingerprintForms, language: OfficerLanguage): string {
  const list = words[language]?.split(' ') ?? [];
  const lines: string[] = [];
  for (let place = 0; place < list.length; place += WORDS_IN_LINE)
    lines.push(`  ${list.slice(place, place + WORDS_IN_LINE).join(language === 'zh' ? ' ' : '  ')}`);
  return [...lines, ...(lines.length === 0 ? [] : ['']), digitsIn(digits, language)].join('\n');
}

function digitsIn(digits: string, language: OfficerLanguage): string {
  if (language !== 'ar') return digits;
  const [told] = readFingerprint(digits);
  return told?.kind === 'short' ? fingerprintDigits(told.fingerprint, 'arab').join(' ') : digits;
}

/**
 * What the other state has read out: given, or asked for. The fingerprint of the card is not shown before, so that nobody
 * copies it.
 *
 * @throws Fault peer.not-compared where it is neither given nor can be asked for
 */
export async function toldFingerprint(code: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const told = await askLine(
    `What does ${code} read out as its fingerprint, over a channel on which you know it?\nIts 12 words in ${languageNames()}, its 40 digits, or the text of its QR code:`,
  );
  if (told === undefined || told.trim() === '')
    throw new Fault('peer.not-compared', 'no fingerprint was given that the other state has read out', {
      fields: { code },
    });
  return told;
}

function languageNames(): string {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(
    FINGERPRINT_LANGUAGES.map((language) => names.of(language) ?? language),
  );
}
