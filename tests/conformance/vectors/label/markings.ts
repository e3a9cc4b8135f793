// Vectors of label.md §9: labels as people read them.

import { hex, type Item, map } from '../cbor-text.ts';
import { ARCADIA_SCHEME, borealis } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import {
  category,
  categorySet,
  inARow,
  inHex,
  inSet,
  type LabelMembers,
  label,
  level,
  SCHEME,
  scheme,
  stateOf,
  succession,
} from './forms.ts';
import { LABEL_A_AND_B } from './labels.ts';

const [ONE, TWO, THREE] = [stateOf(0x11), stateOf(0x22), stateOf(0xaa)];
const CODES = { [hex(ONE)]: 'XCA', [hex(TWO)]: 'XBO', [hex(THREE)]: 'XZZ' };

function of(
  comment: string,
  document: Item,
  marking: string,
  inScheme: Item = SCHEME,
  codes: { [state: string]: string } = CODES,
): ValidCase {
  return {
    comment,
    in: { label: inHex(document), scheme: inHex(inScheme), code: 'XAR', codes },
    out: { marking },
  };
}
const members = (comment: string, changes: LabelMembers, marking: string, codes = CODES): ValidCase =>
  of(comment, label(changes), marking, SCHEME, codes);

/** A scheme of one level, of this name. */
const called = (names: Item): Item => scheme('n', [map([1, 'open'], [2, names], [3, 0])]);
const named = (comment: string, names: { [tag: string]: string }, marking: string): ValidCase =>
  of(comment, label({ scheme: 'n', level: 'open' }), marking, called(map(...Object.entries(names))));

const VALID: readonly ValidCase[] = [
  of(
    'the marking of label.md §0',
    LABEL_A_AND_B,
    'XAR SECRET//CSIRT NETWORK//REL TO XAR, XBO//TLP:RED',
    ARCADIA_SCHEME,
    {
      [borealis.idText]: 'XBO',
    },
  ),
  members('9.2: neither recipients nor readers', {}, 'XAR SECRET//XAR EYES ONLY'),
  members(
    '9.2: recipients in ascending order of their codes',
    { releasableTo: [ONE, THREE, TWO] },
    'XAR SECRET//REL TO XAR, XBO, XCA, XZZ',
  ),
  members('9.2: readers alone', { displayTo: [ONE, TWO] }, 'XAR SECRET//DISPLAY ONLY XBO, XCA'),
  members(
    '9.2: recipients and readers',
    { releasableTo: [ONE], displayTo: [TWO] },
    'XAR SECRET//REL TO XAR, XCA//DISPLAY ONLY XBO',
  ),
  members(
    '9.2: states whose codes are not known, in front of the codes',
    { releasableTo: [ONE, stateOf(0x05), stateOf(0xee)] },
    'XAR SECRET//REL TO XAR, 05050505, XCA, eeeeeeee',
  ),
  members(
    '9.2: no code is known',
    { displayTo: [TWO, ONE] },
    'XAR SECRET//DISPLAY ONLY 11111111, 22222222',
    {},
  ),
  members(
    '9.2: the originator among the recipients stands once',
    { releasableTo: [ONE, TWO] },
    'XAR SECRET//REL TO XAR, XCA',
    { [hex(ONE)]: 'XCA', [hex(TWO)]: 'XAR' },
  ),
  members('9.2: the originator as the only recipient', { releasableTo: [ONE] }, 'XAR SECRET//XAR EYES ONLY', {
    [hex(ONE)]: 'XAR',
  }),
  members(
    '9.1: categories in the order of the scheme, of sets of each type',
    {
      categories: [
        inSet('topic', 'malware', 'fraud'),
        inSet('network', 'csirt'),
        inSet('caveat', 'sources', 'crypto'),
      ],
    },
    'XAR SECRET//CRYPTO/SOURCES//CSIRT NETWORK//FRAUD/MALWARE//XAR EYES ONLY',
  ),
  members('9.1: PAP alone', { pap: 'GREEN' }, 'XAR SECRET//XAR EYES ONLY//PAP:GREEN'),
  members(
    '9.1: TLP in front of PAP',
    { tlp: 'AMBER+STRICT', pap: 'RED' },
    'XAR SECRET//XAR EYES ONLY//TLP:AMBER+STRICT//PAP:RED',
  ),
  members(
    '9.3: purposes, handling rules, mark and times do not stand in it',
    { purposes: ['policy-making'], handling: ['no-print'], privacyMark: 'm', created: 1, review: 2 },
    'XAR SECRET//XAR EYES ONLY',
  ),
  members(
    'the name of the level in English, not that in German',
    { level: 'secret' },
    'XAR SECRET//XAR EYES ONLY',
    {},
  ),
  of('the label as it is, not as it is to be', inARow({}, [0]), 'XAR SECRET//XAR EYES ONLY'),
  of('a name of two words', label({ level: 'top-secret' }), 'XAR TOP SECRET//XAR EYES ONLY'),
  named('9.4: `en` in front of `en-GB`', { 'en-GB': 'Official', en: 'Open' }, 'XAR OPEN//XAR EYES ONLY'),
  named(
    '9.4: without `en` the first tag of English in the order of the map',
    { de: 'Offen', 'en-US': 'Open', 'en-GB': 'Official' },
    'XAR OFFICIAL//XAR EYES ONLY',
  ),
  named(
    '9.4: no English: the first in the order of the map',
    { fr: 'Ouvert', de: 'Offen', 'pt-BR': 'Aberto' },
    'XAR OFFEN//XAR EYES ONLY',
  ),
  named(
    '9.4: shorter tags come first in a map',
    { 'de-CH': 'Offen', fr: 'Ouvert' },
    'XAR OUVERT//XAR EYES ONLY',
  ),
  named(
    '9.4: a tag that begins with the same letters is another language',
    { enm: 'Opene', fr: 'Ouvert' },
    'XAR OUVERT//XAR EYES ONLY',
  ),
  named(
    '9.4: capitals of other scripts',
    { en: 'Ограничено δοκιμή' },
    'XAR ОГРАНИЧЕНО ΔΟΚΙΜΉ//XAR EYES ONLY',
  ),
  named('9.4: one letter whose capitals are two', { en: 'straße' }, 'XAR STRASSE//XAR EYES ONLY'),
  named(
    '9.4: capitals of no particular language: i without a dot becomes I',
    { en: 'sınırlı' },
    'XAR SINIRLI//XAR EYES ONLY',
  ),
  of(
    'categories whose names have slashes stay as they are',
    label({ scheme: 'n', level: 'a', categories: [inSet('s', 'v')] }),
    'XAR A//X/Y//XAR EYES ONLY',
    scheme('n', [level('a', 0)], [categorySet('s', 'restrictive', [category('v', 'x/y')])]),
  ),
];

const wrong = (code: string, clause: string, comment: string, document: Item): InvalidCase => ({
  comment,
  in: { label: inHex(document), scheme: inHex(SCHEME), code: 'XAR', codes: CODES },
  code,
  clause,
});

const REFUSED: readonly InvalidCase[] = [
  wrong('label.wrong-scheme', '4.2', 'a label of another scheme', label({ scheme: 'xbo-2026' })),
  wrong(
    'label.unknown-classification',
    '4.2',
    'a level that the scheme does not have',
    label({ level: 'cosmic' }),
  ),
  wrong(
    'label.unknown-category',
    '4.3',
    'a category that would not stand in the marking',
    label({ categories: [inSet('network', 'military')] }),
  ),
  wrong(
    'label.unknown-category',
    '4.3',
    'a succession with an unknown category',
    label({ succession: succession(10, label({ categories: [inSet('network', 'military')] })) }),
  ),
  wrong(
    'label.display-and-release',
    '4.4',
    'a state in both lists',
    label({ releasableTo: [ONE], displayTo: [ONE] }),
  ),
  wrong('cbor.shape', '3.1', 'TLP in lower case', label({ tlp: 'red' })),
];

export const markingVectors: readonly VectorFile[] = [
  {
    topic: 'label',
    name: 'markings',
    op: 'label.marking',
    grammar: { label: 'label', scheme: 'scheme' },
    valid: VALID,
  },
  { topic: 'label', name: 'markings', op: 'label.marking', invalid: REFUSED },
];
