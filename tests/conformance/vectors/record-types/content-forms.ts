// record.content: the forms of record-types.md §3, on both sides of their limits.

import { type Item, map, record } from '../cbor-text.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { english, inForm, unexpected } from './content-inputs.ts';

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

function languages(count: number): Item {
  const tags = Array.from(
    { length: count },
    (_, index) => `q${String.fromCharCode(97 + (index >> 4), 97 + (index & 15))}`,
  );
  return map(...tags.map((tag) => [tag, tag] as const));
}

function textMaps(): readonly ValidCase[] {
  const good = (comment: string, summary: Item): ValidCase => inForm(comment, 'incident', { summary });
  return [
    good('A text of 16384 bytes.', english('x'.repeat(16_384))),
    good('A text of 16384 bytes in 8192 characters.', english('é'.repeat(8_192))),
    good('A text with tabs and line feeds.', english('a\tb\n\nc')),
    good('A text of one character.', english('.')),
    good('32 languages.', languages(32)),
    good(
      'Tags with script and region.',
      record({ en: 'a', 'zh-Hans': 'b', 'pt-BR': 'c', 'es-419': 'd', 'sr-Latn-RS': 'e', fil: 'f' }),
    ),
    good(
      'Marks of direction that scripts need: U+061C, U+200C to U+200F.',
      english('\u061c\u200c\u200d\u200e\u200f'),
    ),
    good('A leading U+FEFF is a character like others.', english('\ufeffx')),
  ];
}

function badTextMaps(): readonly ValidCase[] {
  const bad = (comment: string, summary: Item): ValidCase =>
    unexpected(comment, 'incident', { summary }, 'summary');
  const tagged = (tag: string): ValidCase =>
    bad(`A language tag ${tag === '' ? 'that is empty' : tag}.`, record({ [tag]: 'x' }));
  return [
    bad('A text of 16385 bytes.', english('x'.repeat(16_385))),
    bad('A text of 16386 bytes in 8193 characters.', english('é'.repeat(8_193))),
    bad('An empty text.', english('')),
    bad('An empty text beside one that is not.', record({ en: 'x', fr: '' })),
    bad('An empty map.', map()),
    bad('33 languages.', languages(33)),
    bad('A text without its language.', 'Ransomware'),
    bad('An array of texts.', ['Ransomware']),
    bad('An integer in place of a language tag.', map([1, 'x'])),
    bad('A number in place of a text.', record({ en: 1 })),
    bad('null.', null),
    ...['', 'EN', 'en-us', 'en_US', 'e', 'engl', 'en-hans', 'en-GB-oed', 'x-private'].map(tagged),
  ];
}

function lines(): readonly ValidCase[] {
  const tags = (comment: string, ...list: readonly Item[]): ValidCase =>
    inForm(comment, 'incident', { tags: list });
  const bad = (comment: string, tag: Item): ValidCase =>
    unexpected(comment, 'incident', { tags: [tag] }, 'tags[0]');
  return [
    tags('Lines of 1 and of 512 bytes.', 'x', 'x'.repeat(512)),
    tags('A line of 512 bytes in 128 characters.', '\u{1f3e5}'.repeat(128)),
    bad('A line of 513 bytes.', 'x'.repeat(513)),
    bad('A line of 514 bytes in 257 characters.', 'é'.repeat(257)),
    bad('An empty line.', ''),
    bad('A line with a tab.', 'a\tb'),
    bad('A line with a line feed.', 'a\nb'),
    bad('A byte string.', Buffer.from('tag')),
  ];
}

function identifiers(): readonly ValidCase[] {
  const profile = (comment: string, name: string): ValidCase =>
    inForm(comment, 'incident', { legalProfiles: [name] });
  const bad = (comment: string, name: Item): ValidCase =>
    unexpected(comment, 'incident', { legalProfiles: [name] }, 'legalProfiles');
  return [
    profile('An identifier of one character.', '2'),
    profile('An identifier of 128 characters, with each kind.', `a${'Z9._:|/+-'.repeat(14)}x`),
    bad('An identifier of 129 characters.', 'a'.repeat(129)),
    bad('An empty identifier.', ''),
    bad('An identifier that begins with a hyphen.', '-nis2'),
    bad('An identifier with a space.', 'nis 2'),
    bad('An identifier with a letter outside ASCII.', 'nís2'),
    bad('An identifier that is a number.', 2),
  ];
}

function lists(): readonly ValidCase[] {
  const profiles = (length: number): Item => Array.from({ length }, (_, index) => `p${index}`);
  const list = (comment: string, legalProfiles: Item): ValidCase =>
    inForm(comment, 'incident', { legalProfiles });
  const bad = (comment: string, legalProfiles: Item): ValidCase =>
    unexpected(comment, 'incident', { legalProfiles }, 'legalProfiles');
  return [
    list('A list of one entry.', profiles(1)),
    list('A list of 32 entries.', profiles(32)),
    list('A list in which an entry stands twice: a reader does not ask for what an issuer has to see to.', [
      'nis2',
      'nis2',
    ]),
    bad('A list of 33 entries.', profiles(33)),
    bad('An empty list.', []),
    bad('A map in place of a list.', map([0, 'nis2'])),
    bad('An entry without its list.', 'nis2'),
  ];
}

function times(): readonly ValidCase[] {
  const bad = (comment: string, awareAt: Item): ValidCase =>
    unexpected(comment, 'incident', { awareAt }, 'awareAt');
  return [
    inForm('The first second of 1970 and the last of 9999.', 'incident', {
      occurredAt: 0,
      detectedAt: LAST_SECOND,
      awareAt: 1,
    }),
    bad('A second before 1970.', -1),
    bad('The first second of the year 10000.', LAST_SECOND + 1),
    bad('The largest integer there is.', 9_007_199_254_740_991),
    bad('A time as text.', '2026-11-24T10:30:00Z'),
  ];
}

export function contentFormVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record-types',
      name: 'forms',
      op: 'record.content',
      valid: [...textMaps(), ...badTextMaps(), ...lines(), ...identifiers(), ...lists(), ...times()],
    },
  ];
}
