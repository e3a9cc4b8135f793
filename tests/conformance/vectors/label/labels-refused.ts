// Invalid vectors of label.md §2 to §4: labels with one rule broken each.

import { type Item, map, Raw } from '../cbor-text.ts';
import { clauseOf } from '../clause.ts';
import { BOREALIS_SCHEME } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import {
  identifiers,
  inARow,
  inHex,
  inSet,
  type LabelMembers,
  label,
  SCHEME_HEX,
  stateOf,
  states,
  succession,
} from './forms.ts';
import { LAST_SECOND } from './labels.ts';

const document = (comment: string, item: Item, code: string, clause: string): InvalidCase => ({
  comment,
  in: { label: inHex(item), scheme: SCHEME_HEX },
  code,
  clause,
});
const shape = (comment: string, item: Item): InvalidCase =>
  document(comment, item, 'cbor.shape', clauseOf(comment));
const members = (comment: string, changes: LabelMembers): InvalidCase => shape(comment, label(changes));

const FORM: readonly InvalidCase[] = [
  members('2.1: no scheme', { scheme: undefined }),
  members('2.1: no level', { level: undefined }),
  shape('2.1: a member 14', map([1, 'xaa-full'], [2, 'secret'], [14, 0])),
  shape('2.1: a member 0', map([0, 0], [1, 'xaa-full'], [2, 'secret'])),
  shape('2.1: a member under a text', map([1, 'xaa-full'], [2, 'secret'], ['tlp', 'RED'])),
  shape('2.1: an array instead of a map', ['xaa-full', 'secret']),
  shape('cbor 5.3: null instead of a label', null),
  members('1.2: a scheme id in capitals', { scheme: 'XAA-FULL' }),
  members('1.2: an empty level', { level: '' }),
  members('1.2: a level of 65 characters', { level: 'x'.repeat(65) }),
  members('2.1: a level that is its rank', { level: 20 }),
  members('3.1: TLP in lower case', { tlp: 'amber' }),
  members('3.1: TLP with its prefix', { tlp: 'TLP:AMBER' }),
  members('3.1: a label of TLP 1', { tlp: 'WHITE' }),
  members('3.1: TLP null, which is not the same as none', { tlp: null }),
  members('3.2: a TLP label as PAP', { pap: 'AMBER+STRICT' }),
  members('3.2: PAP:WHITE, which is an older name', { pap: 'WHITE' }),
  members('2.2: an empty list of states to be handed to', { releasableTo: [] }),
  members('2.2: an empty list of states to be shown to', { displayTo: [] }),
  members('2.1: 257 states to be handed to', { releasableTo: states(257) }),
  members('2.1: 257 states to be shown to', { displayTo: states(257) }),
  members('2.1: a state id of 31 bytes', { releasableTo: [Buffer.alloc(31)] }),
  members('2.1: a state id of 33 bytes', { releasableTo: [Buffer.alloc(33)] }),
  members('keys 6.1: a state id as text', { releasableTo: ['ab'.repeat(32)] }),
  members('2.1: a state without a list around it', { releasableTo: stateOf(1) }),
  members('2.2: an empty list of category sets', { categories: [] }),
  members('2.2: a category set without values', { categories: [inSet('network')] }),
  members('2.1: 33 category sets', { categories: identifiers('set', 33).map((id) => inSet(id, 'v')) }),
  members('2.1: 129 values of a set', { categories: [inSet('network', ...identifiers('v', 129))] }),
  members('2.1: categories as map from set to values', { categories: map(['network', ['csirt']]) }),
  members('2.1: a third member of a category set', {
    categories: [map([1, 'network'], [2, ['csirt']], [3, 'permissive'])],
  }),
  members('1.2: a category in capitals', { categories: [inSet('network', 'CSIRT')] }),
  members('2.2: an empty list of purposes', { purposes: [] }),
  members('2.1: 33 purposes', { purposes: identifiers('purpose', 33) }),
  members('3.5: a purpose with a space', { purposes: ['incident response'] }),
  members('2.2: an empty list of handling rules', { handling: [] }),
  members('2.1: 33 handling rules', { handling: identifiers('rule', 33) }),
  members('3.7: a handling rule in capitals', { handling: ['NO-PRINT'] }),
  members('2.1: an empty privacy mark', { privacyMark: '' }),
  members('2.1: a privacy mark of 641 bytes', { privacyMark: `${'水'.repeat(213)}mm` }),
  members('3.6: a privacy mark that embeds direction', { privacyMark: 'a\u202ab' }),
  members('3.6: a privacy mark in languages', { privacyMark: map(['en', 'm']) }),
  members('2.3: a time before 1970', { created: -1 }),
  members('2.3: the first second of the year 10000', { created: LAST_SECOND + 1 }),
  members('2.3: a review in the year 10000', { review: LAST_SECOND + 1 }),
  members('2.3: a time as text', { review: '2026-11-23T10:00:00Z' }),
  members('2.3: a succession in the year 10000', { succession: succession(LAST_SECOND + 1, label()) }),
  members('2.1: a succession without its label', { succession: map([1, 10]) }),
  members('2.1: a succession with a third member', { succession: map([1, 10], [2, label()], [3, 0]) }),
  shape('2.4: a fifth succession in a row', inARow({}, [10, 11, 12, 13, 14])),
  document(
    '2.3: a time of 2^53, which no integer of the profile is',
    label({ created: 9_007_199_254_740_992n }),
    'cbor.integer-range',
    'cbor 2.1',
  ),
  document(
    '2.3: a time with a fraction',
    label({ created: new Raw('fb41dac1f000000000') }),
    'cbor.float',
    'cbor 2.7',
  ),
];

const NOWHERE = label({ scheme: 'xbo-2026', level: 'secret' });
const wrong = (code: string, clause: string, comment: string, changes: LabelMembers): InvalidCase =>
  document(comment, label(changes), `label.${code}`, clause);
const later = (changes: LabelMembers): LabelMembers => ({ succession: succession(10, label(changes)) });
const twice = (id: Item): Item => [id, id];

const CONTENT: readonly InvalidCase[] = [
  wrong('wrong-scheme', '4.2', 'a label of another scheme that has a level of this name', {
    scheme: 'xbo-2026',
  }),
  wrong('wrong-scheme', '4.2', 'the label of a succession is of another scheme', {
    succession: succession(10, NOWHERE),
  }),
  {
    comment: 'a valid label with the scheme of Borealis, which has a level `secret` too',
    in: { label: inHex(label()), scheme: inHex(BOREALIS_SCHEME) },
    code: 'label.wrong-scheme',
    clause: '4.2',
  },
  wrong('unknown-classification', '4.2', 'a level that the scheme does not have', { level: 'confidential' }),
  wrong('unknown-classification', '4.2', 'the portion of a level instead of its id', { level: 's' }),
  wrong(
    'unknown-classification',
    '4.2',
    'a succession to an unknown level',
    later({ level: 'confidential' }),
  ),
  wrong('unknown-category-set', '4.3', 'a set that the scheme does not have', {
    categories: [inSet('region', 'north')],
  }),
  wrong(
    'unknown-category-set',
    '4.3',
    'a succession with an unknown set',
    later({ categories: [inSet('region', 'north')] }),
  ),
  wrong('unknown-category', '4.3', 'a value that the set does not have', {
    categories: [inSet('network', 'csirt', 'military')],
  }),
  wrong('unknown-category', '4.3', 'a value of another set', { categories: [inSet('network', 'crypto')] }),
  wrong('unknown-category', '4.3', 'a value that an informative set does not have', {
    categories: [inSet('topic', 'phishing')],
  }),
  wrong('unknown-purpose', '4.4', 'a purpose that is not registered', {
    purposes: ['incident-response', 'curiosity'],
  }),
  wrong(
    'unknown-purpose',
    '4.4',
    'a succession with an unregistered purpose',
    later({ purposes: ['curiosity'] }),
  ),
  wrong('display-and-release', '4.4', 'one state in key 5 and in key 6', {
    releasableTo: [stateOf(1), stateOf(2)],
    displayTo: [stateOf(3), stateOf(2)],
  }),
  wrong(
    'display-and-release',
    '4.4',
    'a succession with one state in both lists',
    later({
      releasableTo: [stateOf(1)],
      displayTo: [stateOf(1)],
    }),
  ),
  wrong('duplicate', '4.4', 'a state twice in key 5', { releasableTo: twice(stateOf(1)) }),
  wrong('duplicate', '4.4', 'a state twice in key 6', { displayTo: twice(stateOf(1)) }),
  wrong('duplicate', '4.4', 'a set twice, with two values', {
    categories: [inSet('network', 'csirt'), inSet('network', 'energy')],
  }),
  wrong('duplicate', '4.4', 'a value twice in a set', { categories: [inSet('network', 'csirt', 'csirt')] }),
  wrong('duplicate', '4.4', 'a purpose twice', { purposes: twice('policy-making') }),
  wrong('duplicate', '4.4', 'a handling rule twice', { handling: twice('no-print') }),
  wrong(
    'duplicate',
    '4.4',
    'a succession with a handling rule twice',
    later({ handling: twice('no-print') }),
  ),
  wrong('bad-text', '4.5', 'a privacy mark of 161 code units', { privacyMark: 'm'.repeat(161) }),
  wrong('bad-text', '4.5', 'a privacy mark of 640 bytes fits the grammar and is too long', {
    privacyMark: 'm'.repeat(640),
  }),
  wrong('bad-text', '4.5', 'a privacy mark of 81 characters beyond U+FFFF', { privacyMark: '😀'.repeat(81) }),
  wrong('bad-text', '4.5', 'a privacy mark that ends with a space', { privacyMark: 'mark ' }),
  wrong('bad-text', '4.5', 'a privacy mark of two lines', { privacyMark: 'one\ntwo' }),
  wrong('bad-text', '4.5', 'a privacy mark with a right-to-left mark', { privacyMark: 'a\u200fb' }),
  wrong('bad-text', '4.5', 'a succession with a privacy mark of a space', later({ privacyMark: ' ' })),
  document(
    'the succession at the time of creation',
    inARow({ created: 10 }, [10]),
    'label.succession-not-later',
    '4.6',
  ),
  document(
    'the succession before the creation',
    inARow({ created: 10 }, [9]),
    'label.succession-not-later',
    '4.6',
  ),
  document(
    'the second succession at the time of the first',
    inARow({}, [10, 10]),
    'label.succession-not-later',
    '4.6',
  ),
  document(
    'the fourth succession before the third',
    inARow({}, [10, 20, 30, 29]),
    'label.succession-not-later',
    '4.6',
  ),
];

export const labelsRefused: readonly VectorFile[] = [
  { topic: 'label', name: 'labels-form', op: 'label.check', invalid: FORM },
  {
    topic: 'label',
    name: 'labels-content',
    op: 'label.check',
    grammar: { label: 'label', scheme: 'scheme' },
    invalid: CONTENT,
  },
];
