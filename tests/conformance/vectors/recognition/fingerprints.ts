// Vectors of recognition.md §1 to §3: what people read to each other of a card, and what they write down.

import { readFileSync } from 'node:fs';
import { hex, sha256 } from '../cbor-text.ts';
import { type ChainLink, SECOND_CHARTER } from '../charter/chain-forms.ts';
import { arcadia, borealis } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';

const LISTS = { en: 'english', fr: 'french', es: 'spanish', zh: 'simplified-chinese' } as const;
type Language = keyof typeof LISTS;

const wordsOf = (language: Language): readonly string[] =>
  JSON.parse(
    readFileSync(
      new URL(`../../../../protocol/registries/words/${LISTS[language]}.json`, import.meta.url),
      'utf8',
    ),
  ).words;
const LIST = Object.fromEntries(
  (Object.keys(LISTS) as Language[]).map((language) => [language, wordsOf(language)]),
) as Record<Language, readonly string[]>;

/** 132 bits, as 132 letters `0` and `1`. */
function bitsOf(short: Buffer): string {
  const bits = (bytes: Buffer): string =>
    [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits(short) + bits(sha256(short)).slice(0, 4);
}
const words = (bits: string, language: Language): string[] =>
  (bits.match(/.{11}/g) ?? []).map((part) => LIST[language][Number.parseInt(part, 2)] ?? '');
const digitsOf = (bits: string): string => BigInt(`0b${bits}`).toString().padStart(40, '0');
const grouped = (digits: string): string => (digits.match(/.{5}/g) ?? []).join(' ');
const shifted = (digits: string, zero: number): string =>
  digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

interface Card {
  readonly code: string;
  readonly charters: readonly Buffer[];
  readonly id: Buffer;
  readonly bits: string;
}

function cardOf(code: string, id: Buffer, first: Buffer, ...later: readonly ChainLink[]): Card {
  const digest = later.at(-1)?.digest ?? id;
  const short = sha256(Buffer.from('comity/fingerprint/1'), id, digest).subarray(0, 16);
  return { code, id, charters: [first, ...later.map(({ message }) => message)], bits: bitsOf(short) };
}

const ARCADIA = cardOf('XAR', arcadia.id, arcadia.charter);
const ROTATED = cardOf('XAR', arcadia.id, arcadia.charter, SECOND_CHARTER);
const BOREALIS = cardOf('XBO', borealis.id, borealis.charter);
const codeOf = ({ code, bits }: Card): string => `COMITY:${code}:${digitsOf(bits)}`;

const shown = (comment: string, card: Card): ValidCase => ({
  comment,
  in: { charters: card.charters.map(hex) },
  out: {
    short: BigInt(`0b${card.bits.slice(0, 128)}`)
      .toString(16)
      .padStart(32, '0'),
    words: Object.fromEntries(
      (Object.keys(LISTS) as Language[]).map((each) => [each, words(card.bits, each).join(' ')]),
    ),
    digits: grouped(digitsOf(card.bits)),
    arabicDigits: shifted(grouped(digitsOf(card.bits)), 0x660),
    code: codeOf(card),
  },
});

const compared = (comment: string, card: Card, told: string): ValidCase => ({
  comment,
  in: { charters: card.charters.map(hex), told },
  out: { state: hex(card.id) },
});

const refused = (
  code: string,
  clause: string,
  comment: string,
  told: string,
  card = ARCADIA,
): InvalidCase => ({
  comment: `${clause}: ${comment}`,
  in: { charters: card.charters.map(hex), told },
  code,
  clause,
});

const said = (language: Language, card = ARCADIA): string[] => words(card.bits, language);
const bare = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '');
const DIGITS = digitsOf(ARCADIA.bits);
const replaced = (list: readonly string[], place: number, word: string): string =>
  list.map((each, index) => (index === place ? word : each)).join(' ');
/** A word of the list that is not this one, so that the check fails; the check has four bits, so one of two does. */
function misheard(language: Language): string {
  const list = said(language);
  for (const candidate of LIST[language]) {
    const told = replaced(list, 11, candidate);
    const bits = list
      .slice(0, 11)
      .concat(candidate)
      .map((word) => LIST[language].indexOf(word).toString(2).padStart(11, '0'))
      .join('');
    const short = Buffer.from(
      BigInt(`0b${bits.slice(0, 128)}`)
        .toString(16)
        .padStart(32, '0'),
      'hex',
    );
    if (bitsOf(short) !== bits) return told;
  }
  throw new Error('every word passes the check');
}
/** A number one bit away that has a good check. */
function neighbour(): string {
  const short = Buffer.from(
    BigInt(`0b${ARCADIA.bits.slice(0, 128)}`)
      .toString(16)
      .padStart(32, '0'),
    'hex',
  );
  short[15] = (short[15] ?? 0) ^ 1;
  return bitsOf(short);
}

const VALID: readonly ValidCase[] = [
  ...(Object.keys(LISTS) as Language[]).map((each) =>
    compared(`2.2: words: ${each}`, ARCADIA, said(each).join(' ')),
  ),
  compared('2.5: capitals, without accents', ARCADIA, bare(said('fr').join(' ')).toUpperCase()),
  compared('2.5: accents as marks of their own', ARCADIA, said('es').join(' ').normalize('NFD')),
  compared(
    '2.5: commas, hyphens, line feeds and tabs between words',
    ARCADIA,
    `\t${said('en').join(',\n')}.\r\n`,
  ),
  compared('2.5: Chinese characters without spaces', ARCADIA, said('zh').join('')),
  compared(
    '2.5: Chinese characters in groups',
    ARCADIA,
    `${said('zh').slice(0, 5).join('')} ${said('zh').slice(5).join('')}`,
  ),
  compared('2.3: digits in groups', ARCADIA, grouped(DIGITS)),
  compared('2.5: digits without groups', ARCADIA, DIGITS),
  compared('2.5: digits in other groups', ARCADIA, (DIGITS.match(/.{4}/g) ?? []).join('-')),
  compared('2.5: Arabic-Indic digits', ARCADIA, shifted(grouped(DIGITS), 0x660)),
  compared('2.5: extended Arabic-Indic digits', ARCADIA, shifted(grouped(DIGITS), 0x6f0)),
  compared(
    '2.5: wide digits, wide spaces',
    ARCADIA,
    shifted(grouped(DIGITS), 0xff10).replaceAll(' ', '\u3000'),
  ),
  compared('2.5: marks of direction', ARCADIA, `\u200f\u2067${shifted(grouped(DIGITS), 0x660)}\u2069`),
  compared('2.4: the text of a QR code', ARCADIA, codeOf(ARCADIA)),
  compared('2.5: the text of a QR code in small letters', ARCADIA, codeOf(ARCADIA).toLowerCase()),
  compared('3.3: the state id in groups', ARCADIA, (hex(arcadia.id).match(/.{4}/g) ?? []).join(' ')),
  compared('3.3: the state id in capitals', BOREALIS, hex(borealis.id).toUpperCase()),
  compared('1.1: words of a state with a later charter', ROTATED, said('en', ROTATED).join(' ')),
  compared('1.1: QR code of a state with a later charter', ROTATED, codeOf(ROTATED)),
];

const REFUSED: readonly InvalidCase[] = [
  refused('fingerprint.form', '2.6', 'nothing', ''),
  refused('fingerprint.form', '2.6', 'a word of consent', 'yes'),
  refused('fingerprint.form', '2.6', 'eleven words', said('en').slice(0, 11).join(' ')),
  refused('fingerprint.form', '2.6', 'thirteen words', [...said('en'), 'zoo'].join(' ')),
  refused('fingerprint.form', '2.6', '39 digits', DIGITS.slice(1)),
  refused('fingerprint.form', '2.6', '41 digits', `0${DIGITS}`),
  refused('fingerprint.form', '2.6', '63 digits of a state id', hex(arcadia.id).slice(1)),
  refused(
    'fingerprint.form',
    '2.6',
    'another prefix than that of a QR code',
    codeOf(ARCADIA).replace('COMITY', 'COMITE'),
  ),
  refused(
    'fingerprint.form',
    '2.6',
    'a QR code with a code of four letters',
    codeOf(ARCADIA).replace('XAR', 'XARR'),
  ),
  refused('fingerprint.form', '2.6', 'eleven Chinese characters', said('zh').slice(1).join('')),
  refused('fingerprint.form', '2.6', '1025 bytes', `${DIGITS}${' '.repeat(985)}`),
  refused('fingerprint.unknown-word', '2.6', 'word of no list', replaced(said('en'), 3, 'comitas')),
  refused(
    'fingerprint.unknown-word',
    '2.6',
    'French words with an English one',
    replaced(said('fr'), 0, 'zoo'),
  ),
  refused(
    'fingerprint.unknown-word',
    '2.6',
    'first letters of a word',
    replaced(said('en'), 0, (said('en')[0] ?? '').slice(0, 2)),
  ),
  ...(Object.keys(LISTS) as Language[]).map((each) =>
    refused('fingerprint.check', '2.7', `another last word: ${each}`, misheard(each)),
  ),
  refused('fingerprint.check', '2.7', '2^132', (1n << 132n).toString().padStart(40, '0')),
  refused('fingerprint.check', '2.7', 'forty nines', '9'.repeat(40)),
  refused(
    'fingerprint.check',
    '2.7',
    'a check that is one too high',
    (BigInt(DIGITS) + 1n).toString().padStart(40, '0'),
  ),
  refused('peer.fingerprint-mismatch', '3.2', 'words of another state', said('en', BOREALIS).join(' ')),
  refused('peer.fingerprint-mismatch', '3.2', 'one bit, with its check', words(neighbour(), 'fr').join(' ')),
  refused(
    'peer.fingerprint-mismatch',
    '3.2',
    'digits of the first charter, for a card with a second one',
    DIGITS,
    ROTATED,
  ),
  refused(
    'peer.fingerprint-mismatch',
    '3.2',
    'QR code of the same digits with another code',
    codeOf(ARCADIA).replace('XAR', 'XBO'),
  ),
  refused('peer.fingerprint-mismatch', '3.3', 'another state id', hex(borealis.id)),
  refused(
    'peer.fingerprint-mismatch',
    '3.3',
    'state id of a state with a later charter',
    hex(arcadia.id),
    ROTATED,
  ),
];

export const fingerprintVectors: readonly VectorFile[] = [
  {
    topic: 'recognition',
    name: 'fingerprints',
    op: 'fingerprint.show',
    valid: [
      shown('the worked example: Arcadia', ARCADIA),
      shown('Borealis', BOREALIS),
      shown('Arcadia after a rotation of its root keys', ROTATED),
    ],
  },
  { topic: 'recognition', name: 'comparisons', op: 'fingerprint.compare', valid: VALID },
  { topic: 'recognition', name: 'comparisons', op: 'fingerprint.compare', invalid: REFUSED },
];
