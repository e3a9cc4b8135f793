// Invalid vectors of label.md §6: what is left for a person to decide, and labels that are not combined at all.

import type { Item } from '../cbor-text.ts';
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

const of = (code: string, clause: string, comment: string, labels: readonly Item[]): InvalidCase => ({
  comment,
  in: { scheme: SCHEME_HEX, labels: labels.map(inHex) },
  code,
  clause,
});
const members = (
  code: string,
  clause: string,
  comment: string,
  ...labels: readonly LabelMembers[]
): InvalidCase => of(code, clause, comment, labels.map(label));

/** Two labels that are at odds from this time on, and not before. */
const later = (a: LabelMembers, b: LabelMembers): [Item, Item] => [
  label({ succession: succession(100, label(a)) }),
  label(b),
];

const [ONE, TWO, THREE] = [stateOf(1), stateOf(2), stateOf(3)];
const network = (...values: string[]): LabelMembers => ({ categories: [inSet('network', ...values)] });

const REFUSED: readonly InvalidCase[] = [
  members('label.nothing-to-combine', '6.1', 'no label'),
  members(
    'label.mixed-schemes',
    '6.1',
    'a label of another scheme beside one of this',
    {},
    { scheme: 'xbo-2026' },
  ),
  members(
    'label.mixed-schemes',
    '6.1',
    'two labels of one scheme, which is not this',
    { scheme: 'xbo-2026' },
    { scheme: 'xbo-2026', tlp: 'RED' },
  ),
  members('label.unknown-classification', '4.2', '6.1: a label of an unknown level', {}, { level: 'cosmic' }),
  members(
    'label.unknown-category-set',
    '4.3',
    '6.1: a label of an unknown category set',
    {},
    { categories: [inSet('region', 'north')] },
  ),
  of('label.wrong-scheme', '4.2', '6.1: a succession to a label of another scheme', [
    label({ succession: succession(100, label({ scheme: 'xbo-2026' })) }),
    label(),
  ]),
  members(
    'label.no-common-release',
    '6.3',
    'two recipients, none in common',
    { releasableTo: [ONE] },
    { releasableTo: [TWO] },
  ),
  members(
    'label.no-common-release',
    '6.3',
    'three labels, each two of which have one in common',
    { releasableTo: [ONE, TWO] },
    { releasableTo: [TWO, THREE] },
    { releasableTo: [THREE, ONE] },
  ),
  members(
    'label.no-common-release',
    '6.3',
    'no common recipient, though each may be shown what the other is handed',
    { releasableTo: [ONE], displayTo: [TWO] },
    { releasableTo: [TWO], displayTo: [ONE] },
  ),
  of(
    'label.no-common-release',
    '6.3',
    'no common recipient from the time of a succession on',
    later({ releasableTo: [ONE] }, { releasableTo: [TWO] }),
  ),
  members(
    'label.no-common-display',
    '6.3',
    'two readers, none in common',
    { displayTo: [ONE] },
    { displayTo: [TWO] },
  ),
  members(
    'label.no-common-display',
    '6.3',
    'a recipient of one label and a reader of the other, who differ',
    { releasableTo: [ONE] },
    { displayTo: [TWO] },
  ),
  of(
    'label.no-common-display',
    '6.3',
    'no common reader from the time of a succession on',
    later({ displayTo: [ONE] }, { displayTo: [TWO] }),
  ),
  members(
    'label.no-common-category',
    '6.4',
    'two permissive categories',
    network('csirt'),
    network('energy'),
  ),
  members(
    'label.no-common-category',
    '6.4',
    'three labels, two of which have one in common',
    network('csirt', 'energy'),
    {},
    network('energy'),
    network('finance'),
  ),
  of(
    'label.no-common-category',
    '6.4',
    'no permissive category from the time of a succession on',
    later(network('csirt'), network('energy')),
  ),
  members(
    'label.no-common-purpose',
    '6.4',
    'two purposes',
    { purposes: ['policy-making'] },
    { purposes: ['counterterrorism'] },
  ),
  of(
    'label.no-common-purpose',
    '6.4',
    'no purpose from the time of a succession on',
    later({ purposes: ['policy-making'] }, { purposes: ['counterterrorism'] }),
  ),
  of('label.succession-too-long', '6.6', '5 dates of two labels', [
    inARow({}, [100, 200, 300, 400]),
    inARow({}, [500]),
  ]),
  of(
    'label.succession-too-long',
    '6.6',
    '5 dates of five labels',
    [100, 200, 300, 400, 500].map((atSeconds) => inARow({}, [atSeconds])),
  ),
  members(
    'label.invalid-combination',
    '6.7',
    '33 handling rules of two labels',
    { handling: identifiers('rule', 32) },
    { handling: ['no-print'] },
  ),
  members(
    'label.invalid-combination',
    '6.7',
    'one recipient in common, and 257 more states that both may be shown to',
    { releasableTo: states(256), displayTo: states(2, 256) },
    { releasableTo: [...states(1), ...states(2, 256)], displayTo: states(255, 1) },
  ),
  of(
    'label.invalid-combination',
    '6.7',
    '33 handling rules from the time of a succession on',
    later({ handling: identifiers('rule', 32) }, { handling: ['no-print'] }),
  ),
];

export const combinationRefused: VectorFile = {
  topic: 'label',
  name: 'combination',
  op: 'label.combine',
  grammar: { scheme: 'scheme', labels: 'label' },
  invalid: REFUSED,
};
