// Valid vectors of label.md §1: schemes, their names, levels and category sets, at their limits.

import { type Entries, type Item, record } from '../cbor-text.ts';
import { ARCADIA_SCHEME, BOREALIS_SCHEME } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { category, categorySet, identifiers, inHex, level, named, SCHEME, scheme } from './forms.ts';

export const OPEN = level('open', 0);
export const plain = (names: Item): Entries => scheme('s', [OPEN], [], names);

/** Levels that are called `level-1` and so on, with these ranks. */
const ranked = (...ranks: readonly Item[]): Entries[] =>
  ranks.map((rank, index) => level(`level-${index + 1}`, rank));
export const ofRanks = (...ranks: readonly Item[]): Entries => scheme('s', ranked(...ranks));
export const upTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, rank) => rank);

export const ofSets = (...sets: readonly Item[]): Entries => scheme('s', [OPEN], sets);
export const setOf = (count: number, id = 'a', type = 'informative'): Entries =>
  categorySet(
    id,
    type,
    identifiers('v', count).map((value) => category(value)),
  );
export const sets = (count: number): Entries[] => identifiers('set', count).map((id) => setOf(1, id));

export const withPortions = (...portions: readonly Item[]): Entries =>
  scheme(
    's',
    portions.map((portion, rank) => level(`level-${rank + 1}`, rank, 'Level', portion)),
  );

/** 32 or more language tags, in the form of BCP 47 and each another. */
export const tags = (count: number): { [tag: string]: string } =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `e${String.fromCharCode(97 + (index % 26))}${index < 26 ? '' : '-GB'}`,
      'x',
    ]),
  );

function valid(
  comment: string,
  document: Item,
  levels: readonly string[],
  categorySets: readonly string[] = [],
  id = 's',
): ValidCase {
  return { comment, in: { scheme: inHex(document) }, out: { id, levels, categorySets } };
}

const one = (comment: string, document: Item): ValidCase => valid(comment, document, ['open']);
const level1 = (count: number): string[] => identifiers('level', count);

const VALID: readonly ValidCase[] = [
  valid(
    'the scheme of Arcadia in label.md §0',
    ARCADIA_SCHEME,
    ['unclassified', 'restricted', 'secret'],
    ['network'],
    'xar-2026',
  ),
  valid('the scheme of Borealis in charter.md §0', BOREALIS_SCHEME, ['open', 'secret'], [], 'xbo-2026'),
  valid(
    'sets of each type, ranks with gaps, rank 255',
    SCHEME,
    ['open', 'restricted', 'secret', 'top-secret'],
    ['caveat', 'network', 'sector', 'topic'],
    'xaa-full',
  ),
  one('1.4: one level, no category set', scheme('s', [OPEN])),
  valid(
    '1.2: identifiers of one character, a letter or a digit',
    scheme('0', [level('a', 0)], [categorySet('9', 'restrictive', [category('z')])]),
    ['a'],
    ['9'],
    '0',
  ),
  valid(
    '1.2: identifiers of 64 characters, with dots and hyphens behind the first',
    scheme(`a.-${'x'.repeat(61)}`, [level(`9${'-'.repeat(63)}`, 0, 'n')]),
    [`9${'-'.repeat(63)}`],
    [],
    `a.-${'x'.repeat(61)}`,
  ),
  valid('1.4: 16 levels', ofRanks(...upTo(15)), level1(16)),
  valid('1.5: rank 255', ofRanks(0, 254, 255), level1(3)),
  valid('1.6: 32 category sets', ofSets(...sets(32)), ['open'], identifiers('set', 32)),
  valid('1.6: 128 values of a set', ofSets(setOf(128)), ['open'], ['a']),
  valid(
    '1.7: one category id in two sets, and that of a level for a set',
    ofSets(setOf(1, 'open'), setOf(1, 'b')),
    ['open'],
    ['open', 'b'],
  ),
  valid('1.7: levels without a portion do not share one', scheme('s', ranked(0, 1)), level1(2)),
  valid(
    '1.7: levels of one name are two levels',
    scheme('s', [level('a', 0, 'Secret'), level('b', 1, 'Secret')]),
    ['a', 'b'],
  ),
  valid(
    '1.4: portions of 8 characters, of letters without case, numbers and hyphens',
    withPortions('ABCDEFGH', '機密', 'Ⅳ-9', '8'),
    level1(4),
  ),
  valid(
    '1.4: portions of characters whose category differs between versions of Unicode, or that none has assigned',
    withPortions('\u0295', '\u088f', '\u0c5c', '\u{1cc64}', '\u00e9', '\ue000', '\u{e0100}', '\u{10fffd}'),
    level1(8),
  ),
  valid('1.4: a portion of 8 characters and 32 bytes, beyond U+FFFF', withPortions('𝐀'.repeat(8)), level1(1)),
  one('1.3: a name of 160 UTF-16 code units', plain(named('n'.repeat(160)))),
  one('1.3: a name of 80 characters beyond U+FFFF has 160 code units', plain(named('😀'.repeat(80)))),
  one('1.3: a name of 160 characters of three bytes each', plain(named('水'.repeat(160)))),
  one('1.3: a name of one character', plain(named('n'))),
  one('1.3: white space inside a name', plain(named('a \u00a0\u3000b'))),
  one('1.3: names may hold zero-width joiners, which scripts need', plain(named('a\u200db'))),
  one('1.3: a name in 32 languages', plain(record(tags(32)))),
  one(
    '1.8: a tag of each form',
    plain(
      record({
        en: 'a',
        gsw: 'b',
        'zh-Hans': 'c',
        'pt-BR': 'd',
        'es-419': 'e',
        'sr-Latn-RS': 'f',
        'gsw-Latn-CH': 'g',
      }),
    ),
  ),
];

export const schemeVectors: VectorFile = {
  topic: 'label',
  name: 'schemes',
  op: 'scheme.check',
  grammar: { scheme: 'scheme' },
  valid: VALID,
};
