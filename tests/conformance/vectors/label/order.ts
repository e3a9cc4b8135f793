// Vectors of label.md §5: which labels dominate which, and which pairs are incomparable.

import type { Item } from '../cbor-text.ts';
import { ARCADIA_SCHEME } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { inARow, inHex, inSet, type LabelMembers, label, SCHEME_HEX, stateOf, succession } from './forms.ts';
import { LABEL_A, LABEL_A_AND_B, LABEL_B } from './labels.ts';

/** Which of the two dominates the other: the first alone, both (they restrict the same), or neither. */
type Relation = 'first' | 'both' | 'neither';

function pair(comment: string, relation: Relation, a: Item, b: Item, schemeHex = SCHEME_HEX): ValidCase[] {
  const [first, second] = [inHex(a), inHex(b)];
  const asked = (text: string, one: string, other: string, dominates: boolean): ValidCase => ({
    comment: `${comment}: ${text}`,
    in: { scheme: schemeHex, a: one, b: other },
    out: { dominates },
  });
  return [
    asked('the first and the second', first, second, relation !== 'neither'),
    ...(first === second ? [] : [asked('the second and the first', second, first, relation === 'both')]),
  ];
}

const members = (comment: string, relation: Relation, a: LabelMembers, b: LabelMembers): ValidCase[] =>
  pair(comment, relation, label(a), label(b));

const [ONE, TWO, THREE] = [stateOf(1), stateOf(2), stateOf(3)];
const network = (...values: string[]): LabelMembers => ({ categories: [inSet('network', ...values)] });
const caveat = (...values: string[]): LabelMembers => ({ categories: [inSet('caveat', ...values)] });
const arcadian = inHex(ARCADIA_SCHEME);

const SIMPLE: readonly ValidCase[] = [
  ...pair('label.md §0, A and B', 'neither', LABEL_A, LABEL_B, arcadian),
  ...pair('label.md §0, both together and A', 'first', LABEL_A_AND_B, LABEL_A, arcadian),
  ...pair('label.md §0, both together and B', 'first', LABEL_A_AND_B, LABEL_B, arcadian),
  ...members('a label dominates itself', 'both', {}, {}),
  ...members('ranks 255 and 20', 'first', { level: 'top-secret' }, {}),
  ...members('ranks 7 and 0', 'first', { level: 'restricted' }, { level: 'open' }),
  ...members('TLP:CLEAR and no TLP', 'first', { tlp: 'CLEAR' }, {}),
  ...members('TLP:GREEN and TLP:CLEAR', 'first', { tlp: 'GREEN' }, { tlp: 'CLEAR' }),
  ...members('TLP:AMBER and TLP:GREEN', 'first', { tlp: 'AMBER' }, { tlp: 'GREEN' }),
  ...members('TLP:AMBER+STRICT and TLP:AMBER', 'first', { tlp: 'AMBER+STRICT' }, { tlp: 'AMBER' }),
  ...members('TLP:RED and TLP:AMBER+STRICT', 'first', { tlp: 'RED' }, { tlp: 'AMBER+STRICT' }),
  ...members('PAP:CLEAR and no PAP', 'first', { pap: 'CLEAR' }, {}),
  ...members('PAP:GREEN and PAP:CLEAR', 'first', { pap: 'GREEN' }, { pap: 'CLEAR' }),
  ...members('PAP:AMBER and PAP:GREEN', 'first', { pap: 'AMBER' }, { pap: 'GREEN' }),
  ...members('PAP:RED and PAP:AMBER', 'first', { pap: 'RED' }, { pap: 'AMBER' }),
  ...members(
    'higher TLP and higher PAP',
    'neither',
    { tlp: 'RED', pap: 'CLEAR' },
    { tlp: 'CLEAR', pap: 'RED' },
  ),
  ...members('higher level and higher TLP', 'neither', { level: 'top-secret', tlp: 'GREEN' }, { tlp: 'RED' }),
];

const STATES: readonly ValidCase[] = [
  ...members('no recipients and one', 'first', {}, { releasableTo: [ONE] }),
  ...members('one recipient and two', 'first', { releasableTo: [ONE] }, { releasableTo: [TWO, ONE] }),
  ...members(
    'recipients in another order',
    'both',
    { releasableTo: [ONE, TWO] },
    { releasableTo: [TWO, ONE] },
  ),
  ...members(
    'recipients that overlap',
    'neither',
    { releasableTo: [ONE, TWO] },
    { releasableTo: [TWO, THREE] },
  ),
  ...members('no reader and one', 'first', {}, { displayTo: [ONE] }),
  ...members('a reader and a recipient', 'first', { displayTo: [ONE] }, { releasableTo: [ONE] }),
  ...members('readers that differ', 'neither', { displayTo: [ONE] }, { displayTo: [TWO] }),
  ...members(
    'fewer recipients, and more that it is shown to',
    'neither',
    { releasableTo: [ONE], displayTo: [TWO, THREE] },
    { releasableTo: [ONE, TWO] },
  ),
  ...members(
    'fewer recipients, and the same that it is shown to',
    'first',
    { releasableTo: [ONE], displayTo: [TWO] },
    { releasableTo: [ONE, TWO] },
  ),
];

const CATEGORIES: readonly ValidCase[] = [
  ...members('a restrictive category and none', 'first', caveat('crypto'), {}),
  ...members('two restrictive categories and one', 'first', caveat('crypto', 'atomic'), caveat('atomic')),
  ...members('two different restrictive categories', 'neither', caveat('crypto'), caveat('atomic')),
  ...members('a permissive category and none', 'first', network('csirt'), {}),
  ...members('one permissive category and two', 'first', network('csirt'), network('energy', 'csirt')),
  ...members('all permissive categories and none', 'first', network('csirt', 'energy', 'finance'), {}),
  ...members('two different permissive categories', 'neither', network('csirt'), network('energy')),
  ...members(
    'permissive categories of two sets',
    'neither',
    { categories: [inSet('network', 'csirt')] },
    { categories: [inSet('sector', 'health')] },
  ),
  ...members('informative categories decide nothing', 'both', { categories: [inSet('topic', 'fraud')] }, {}),
  ...members(
    'fewer permissive categories, and fewer restrictive ones',
    'neither',
    { categories: [inSet('network', 'csirt')] },
    { categories: [inSet('network', 'csirt', 'energy'), inSet('caveat', 'crypto')] },
  ),
];

const OTHERS: readonly ValidCase[] = [
  ...members('a purpose and none, which is no limit', 'first', { purposes: ['policy-making'] }, {}),
  ...members(
    'one purpose and two',
    'first',
    { purposes: ['policy-making'] },
    { purposes: ['incident-response', 'policy-making'] },
  ),
  ...members(
    'two different purposes',
    'neither',
    { purposes: ['policy-making'] },
    { purposes: ['incident-response'] },
  ),
  ...members('a handling rule and none', 'first', { handling: ['no-print'] }, {}),
  ...members(
    'two handling rules and one',
    'first',
    { handling: ['no-print', 'no-copy'] },
    { handling: ['no-copy'] },
  ),
  ...members(
    'two different handling rules',
    'neither',
    { handling: ['no-print'] },
    { handling: ['no-copy'] },
  ),
  ...members(
    'privacy mark, creation and review decide nothing',
    'both',
    { privacyMark: 'm', created: 10, review: 20 },
    { created: 30 },
  ),
];

const OVER_TIME: readonly ValidCase[] = [
  ...pair('one that stays secret and one that is opened', 'first', label(), inARow({}, [100])),
  ...pair('opened at one time, both', 'both', inARow({}, [100]), inARow({}, [100])),
  ...pair('opened later and opened earlier', 'first', inARow({}, [200]), inARow({}, [100])),
  ...pair(
    'lower now, and raised later',
    'neither',
    label(),
    inARow({ level: 'restricted' }, [100], { level: 'top-secret' }),
  ),
  ...pair(
    'above up to the time 300, and below from then on',
    'neither',
    inARow({ level: 'top-secret' }, [300]),
    inARow({}, [100, 400], { level: 'restricted' }),
  ),
  ...pair(
    'a succession to a label that is the same',
    'both',
    label(),
    label({ succession: succession(100, label()) }),
  ),
];

const elsewhere = { scheme: 'xbo-2026' };
const UNKNOWN: readonly ValidCase[] = [
  ...members('5.1: a label of another scheme', 'neither', elsewhere, { level: 'open' }),
  ...members('5.1: two labels of another scheme', 'neither', elsewhere, elsewhere),
  ...pair(
    '5.1: a succession to a label of another scheme',
    'neither',
    label({ succession: succession(100, label(elsewhere)) }),
    label({ level: 'open' }),
  ),
  ...members('5.3: a level that the scheme does not have', 'neither', { level: 'cosmic' }, { level: 'open' }),
  ...members('5.3: an unknown level and itself', 'neither', { level: 'cosmic' }, { level: 'cosmic' }),
  ...members(
    '5.3: a set that the scheme does not have',
    'neither',
    { categories: [inSet('region', 'north')] },
    {},
  ),
  ...members(
    '5.3: a value that the set does not have is compared as it is',
    'first',
    caveat('crypto', 'lunar'),
    caveat('lunar'),
  ),
];

const grammar = { scheme: 'scheme', a: 'label', b: 'label' };
const file = (name: string, valid: readonly ValidCase[]): VectorFile => ({
  topic: 'label',
  name: `dominance-${name}`,
  op: 'label.dominates',
  grammar,
  valid,
});

export const orderVectors: readonly VectorFile[] = [
  file('levels', SIMPLE),
  file('states', STATES),
  file('categories', CATEGORIES),
  file('purposes', OTHERS),
  file('times', OVER_TIME),
  file('unknown', UNKNOWN),
];
