// Invalid vectors of label.md §1: schemes with one rule broken each.

import { type Item, map, Raw, record } from '../cbor-text.ts';
import { clauseOf } from '../clause.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { category, categorySet, inHex, level, named, scheme } from './forms.ts';
import { OPEN, ofRanks, ofSets, plain, setOf, sets, tags, upTo, withPortions } from './schemes.ts';

const shape = (comment: string, document: Item): InvalidCase => ({
  comment,
  in: { scheme: inHex(document) },
  code: 'cbor.shape',
  clause: clauseOf(comment),
});

const FORM: readonly InvalidCase[] = [
  shape('1.1: no name', map([1, 's'], [3, [OPEN]], [4, []])),
  shape(
    '1.1: no category sets, which are an empty list where there are none',
    map([1, 's'], [2, named('x')], [3, [OPEN]]),
  ),
  shape('1.1: a fifth member', map([1, 's'], [2, named('x')], [3, [OPEN]], [4, []], [5, 0])),
  shape('1.1: an array instead of a map', ['s', named('x'), [OPEN], []]),
  shape('1.2: an empty id', scheme('', [OPEN])),
  shape('1.2: an id of 65 characters', scheme('x'.repeat(65), [OPEN])),
  shape('1.2: a capital in an id', scheme('Xar', [OPEN])),
  shape('1.2: an id that begins with a hyphen', scheme('-xar', [OPEN])),
  shape('1.2: an id that begins with a dot', scheme('.xar', [OPEN])),
  shape('1.2: an underscore in an id', scheme('x_r', [OPEN])),
  shape('1.2: a letter that is not ASCII in an id: Cyrillic а for a', scheme('x\u0430r', [OPEN])),
  shape('1.2: a line feed at the end of an id', scheme('xar\n', [OPEN])),
  shape('1.2: a level whose id has a space', scheme('s', [level('top secret', 0)])),
  shape('1.2: a category set whose id has a capital', ofSets(setOf(1, 'Network'))),
  shape('1.2: a category without an id', ofSets(categorySet('a', 'informative', [category('')]))),
  shape('1.3: a name that is a text and no map', plain('A scheme')),
  shape('1.3: a name in no language', plain(map())),
  shape('1.3: a name in 33 languages', plain(record(tags(33)))),
  shape('1.4: no level', scheme('s', [])),
  shape('1.4: 17 levels', ofRanks(...upTo(16))),
  shape('1.4: a level without a rank', scheme('s', [map([1, 'open'], [2, named('Open')])])),
  shape(
    '1.4: a level with a fifth member',
    scheme('s', [map([1, 'open'], [2, named('Open')], [3, 0], [5, 0])]),
  ),
  shape('1.4: an empty portion', withPortions('')),
  shape('1.4: a portion of 9 characters', withPortions('ABCDEFGHI')),
  shape('1.4: a portion in lower case', withPortions('Ts')),
  shape('1.4: a portion with a space', withPortions('T S')),
  shape('1.4: a portion with a full stop', withPortions('T.S')),
  shape('1.4: a portion with a control character beyond ASCII', withPortions('T\u0090')),
  shape('1.4: a portion with a space of no break', withPortions('T\u00a0S')),
  shape('1.4: a portion with an ideographic space', withPortions('\u6a5f\u3000')),
  shape('1.4: a portion with a mark of direction', withPortions('\u200f\u0633')),
  shape('1.4: a portion with a byte order mark', withPortions('\ufeffS')),
  shape('1.5: rank 256', ofRanks(0, 256)),
  shape('1.5: rank -1', ofRanks(-1, 0)),
  shape('1.5: a rank that is a text', ofRanks('0')),
  shape('1.6: 33 category sets', ofSets(...sets(33))),
  shape('1.6: a set without values', ofSets(setOf(0))),
  shape('1.6: a set of 129 values', ofSets(setOf(129))),
  shape('1.6: a set of another type', ofSets(setOf(1, 'a', 'advisory'))),
  shape('1.6: the type in capitals', ofSets(setOf(1, 'a', 'Restrictive'))),
  shape('1.8: a language tag with the region in lower case', plain(record({ 'pt-br': 'x' }))),
  shape('1.8: a language tag in capitals', plain(record({ EN: 'x' }))),
  shape('1.8: a language of one letter', plain(record({ e: 'x' }))),
  shape('1.8: a language of four letters', plain(record({ engl: 'x' }))),
  shape('1.8: a tag with a variant, which no tag here has', plain(record({ 'de-1996': 'x' }))),
  shape('1.8: an underscore between language and region', plain(record({ en_GB: 'x' }))),
  shape('1.8: an integer as language tag', plain(map([1, 'x']))),
  shape('1.8: a text of 16385 bytes, more than any text in a text map', plain(named('x'.repeat(16_385)))),
  shape('1.8: a name that overrides the direction of what follows', plain(named('a\u202eb'))),
  shape('1.8: a name that isolates direction', plain(named('a\u2066b'))),
  shape('cbor 4.3: a bell in a name', plain(named('a\u0007b'))),
  {
    comment: 'the rank is 0 in two bytes',
    in: { scheme: inHex(ofRanks(new Raw('1800'))) },
    code: 'cbor.not-shortest',
    clause: 'cbor 3.1',
  },
  {
    comment: 'a rank of 2^53, which no integer of the profile is',
    in: { scheme: inHex(ofRanks(0, 9_007_199_254_740_992n)) },
    code: 'cbor.integer-range',
    clause: 'cbor 2.1',
  },
];

const wrong = (code: string, clause: string, comment: string, document: Item): InvalidCase => ({
  comment,
  in: { scheme: inHex(document) },
  code: `label.${code}`,
  clause,
});

const CONTENT: readonly InvalidCase[] = [
  wrong('bad-text', '1.3', 'an empty name', plain(named(''))),
  wrong('bad-text', '1.3', 'a name of 161 UTF-16 code units', plain(named('n'.repeat(161)))),
  wrong(
    'bad-text',
    '1.3',
    'a name of 81 characters beyond U+FFFF has 162 code units',
    plain(named('😀'.repeat(81))),
  ),
  wrong(
    'bad-text',
    '1.3',
    'a text of 16384 bytes fits the grammar and is no name',
    plain(named('n'.repeat(16_384))),
  ),
  wrong('bad-text', '1.3', 'a name that begins with a space', plain(named(' n'))),
  wrong('bad-text', '1.3', 'a name that ends with an ideographic space', plain(named('n\u3000'))),
  wrong('bad-text', '1.3', 'a name that begins with U+FEFF', plain(named('\ufeffn'))),
  wrong('bad-text', '1.3', 'a name of two lines', plain(named('a\nb'))),
  wrong('bad-text', '1.3', 'a tab in a name', plain(named('a\tb'))),
  wrong('bad-text', '1.3', 'a line separator in a name', plain(named('a\u2028b'))),
  wrong('bad-text', '1.3', 'a paragraph separator in a name', plain(named('a\u2029b'))),
  wrong('bad-text', '1.3', 'a left-to-right mark in a name', plain(named('a\u200eb'))),
  wrong('bad-text', '1.3', 'a right-to-left mark in a name', plain(named('a\u200fb'))),
  wrong('bad-text', '1.3', 'an Arabic letter mark in a name', plain(named('a\u061cb'))),
  wrong('bad-text', '1.3', 'one bad name among two', plain(record({ de: 'gut', en: 'bad ' }))),
  wrong('bad-text', '1.3', 'a level with an empty name', scheme('s', [level('open', 0, '')])),
  wrong(
    'bad-text',
    '1.3',
    'a category with an empty name',
    ofSets(categorySet('a', 'informative', [category('v', '')])),
  ),
  wrong('bad-rank', '1.5', 'the first rank is 1', ofRanks(1)),
  wrong('bad-rank', '1.5', 'two levels of one rank', ofRanks(0, 1, 1)),
  wrong('bad-rank', '1.5', 'ranks in descending order', ofRanks(0, 2, 1)),
  wrong('bad-rank', '1.5', 'rank 0 is not the first of the list', ofRanks(1, 0)),
  wrong('duplicate', '1.7', 'two levels of one id', scheme('s', [level('a', 0), level('a', 1)])),
  wrong('duplicate', '1.7', 'two levels of one portion', withPortions('A', 'A')),
  wrong('duplicate', '1.7', 'two sets of one id', ofSets(setOf(1), setOf(1))),
  wrong(
    'duplicate',
    '1.7',
    'two categories of one id in a set',
    ofSets(categorySet('a', 'restrictive', [category('v'), category('v', 'w')])),
  ),
];

export const schemesRefused: readonly VectorFile[] = [
  { topic: 'label', name: 'schemes-form', op: 'scheme.check', invalid: FORM },
  {
    topic: 'label',
    name: 'schemes-content',
    op: 'scheme.check',
    grammar: { scheme: 'scheme' },
    invalid: CONTENT,
  },
];
