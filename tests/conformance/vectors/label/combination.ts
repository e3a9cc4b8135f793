// Valid vectors of label.md §6: the label of material that carries several.

import type { Item } from '../cbor-text.ts';
import { ARCADIA_SCHEME } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  identifiers,
  inARow,
  inHex,
  inSet,
  type LabelMembers,
  label,
  PURPOSES,
  SCHEME_HEX,
  stateOf,
  states,
  succession,
} from './forms.ts';
import { LABEL_A, LABEL_A_AND_B, LABEL_B } from './labels.ts';

function of(comment: string, labels: readonly Item[], result: Item, schemeHex = SCHEME_HEX): ValidCase {
  return { comment, in: { scheme: schemeHex, labels: labels.map(inHex) }, out: { label: inHex(result) } };
}

/** Labels of these members, at the level `secret` where they name none, and what they give. */
const members = (comment: string, labels: readonly LabelMembers[], result: LabelMembers): ValidCase =>
  of(comment, labels.map(label), label(result));

const [ONE, TWO, THREE] = [stateOf(1), stateOf(2), stateOf(3)];
const arcadian = inHex(ARCADIA_SCHEME);

const VALID: readonly ValidCase[] = [
  of('label.md §0: A and B', [LABEL_A, LABEL_B], LABEL_A_AND_B, arcadian),
  of('the order of the labels does not matter: B and A', [LABEL_B, LABEL_A], LABEL_A_AND_B, arcadian),
  of('a label of the result with one that it was made of', [LABEL_A_AND_B, LABEL_A], LABEL_A_AND_B, arcadian),
  members('one label', [{}], {}),
  members('one label twice', [{ tlp: 'RED' }, { tlp: 'RED' }], { tlp: 'RED' }),
  members(
    '6.5: one label loses its date of creation, and keeps mark and review',
    [{ created: 10, review: 20, privacyMark: 'm' }],
    {
      review: 20,
      privacyMark: 'm',
    },
  ),
  members('6.2: the highest of three levels', [{ level: 'open' }, { level: 'top-secret' }, {}], {
    level: 'top-secret',
  }),
  members(
    '6.2: level, TLP and PAP each of another label',
    [{ level: 'top-secret' }, { tlp: 'AMBER+STRICT', pap: 'CLEAR' }, { tlp: 'AMBER', pap: 'RED' }],
    { level: 'top-secret', tlp: 'AMBER+STRICT', pap: 'RED' },
  ),
  members(
    '6.2: the union of restrictive and of informative categories',
    [
      { categories: [inSet('caveat', 'sources', 'crypto'), inSet('topic', 'malware')] },
      { categories: [inSet('topic', 'fraud'), inSet('caveat', 'crypto')] },
      { categories: [inSet('caveat', 'atomic')] },
    ],
    { categories: [inSet('caveat', 'atomic', 'crypto', 'sources'), inSet('topic', 'fraud', 'malware')] },
  ),
  members(
    '6.2: the union of handling rules',
    [{ handling: ['no-print'] }, {}, { handling: ['no-print', 'eyes-only'] }],
    {
      handling: ['eyes-only', 'no-print'],
    },
  ),
  members(
    '6.2: 32 handling rules of two labels',
    [{ handling: identifiers('rule', 20) }, { handling: identifiers('rule', 32).slice(16) }],
    { handling: identifiers('rule', 32).sort() },
  ),
  members(
    '6.3: the recipients in common',
    [{ releasableTo: [THREE, ONE, TWO] }, { releasableTo: [TWO, THREE] }],
    {
      releasableTo: [TWO, THREE],
    },
  ),
  members(
    '6.3: a label without recipients is for the originator alone, and so is what it is combined with',
    [{ releasableTo: [ONE] }, {}],
    {},
  ),
  members(
    '6.3: no common recipient, but one label that names none',
    [{ releasableTo: [ONE] }, { releasableTo: [TWO] }, {}],
    {},
  ),
  members(
    '6.3: a recipient of one label that the other shows it to',
    [{ releasableTo: [ONE, TWO] }, { releasableTo: [ONE], displayTo: [TWO] }],
    {
      releasableTo: [ONE],
      displayTo: [TWO],
    },
  ),
  members(
    '6.3: recipients of one label, readers of the other',
    [{ releasableTo: [ONE, TWO] }, { displayTo: [THREE, TWO] }],
    { displayTo: [TWO] },
  ),
  members('6.3: the readers in common', [{ displayTo: [ONE, TWO] }, { displayTo: [TWO, THREE] }], {
    displayTo: [TWO],
  }),
  members('6.3: readers of one label, none of the other', [{ displayTo: [ONE] }, {}], {}),
  members(
    '6.3: one recipient in common, and 256 more states that both may be shown to',
    [
      { releasableTo: states(256), displayTo: states(1, 256) },
      { releasableTo: states(1), displayTo: states(256, 1) },
    ],
    { releasableTo: states(1), displayTo: states(256, 1) },
  ),
  members(
    '6.4: the permissive categories in common',
    [
      { categories: [inSet('network', 'csirt', 'energy')] },
      { categories: [inSet('network', 'finance', 'energy')] },
    ],
    { categories: [inSet('network', 'energy')] },
  ),
  members(
    '6.4: a label without permissive categories of the set does not limit them',
    [{ categories: [inSet('network', 'energy', 'csirt')] }, { categories: [inSet('sector', 'water')] }, {}],
    { categories: [inSet('network', 'csirt', 'energy'), inSet('sector', 'water')] },
  ),
  members(
    '6.4: the purposes in common of those that name some',
    [{ purposes: PURPOSES }, {}, { purposes: ['scientific-research', 'policy-making'] }],
    { purposes: ['policy-making', 'scientific-research'] },
  ),
  members('6.5: the earliest review', [{ review: 300 }, {}, { review: 200 }], { review: 200 }),
  members('6.5: a privacy mark that is the same in all', [{ privacyMark: 'm' }, { privacyMark: 'm' }], {
    privacyMark: 'm',
  }),
  members('6.5: two privacy marks', [{ privacyMark: 'm' }, { privacyMark: 'n' }], {}),
  members('6.5: a privacy mark of one label alone', [{ privacyMark: 'm' }, {}], {}),
];

const OVER_TIME: readonly ValidCase[] = [
  of(
    '6.6: a label with a succession, and one without',
    [inARow({}, [100]), label({ level: 'restricted' })],
    label({
      succession: succession(100, label({ level: 'restricted' })),
    }),
  ),
  of(
    '6.6: two successions at one time',
    [inARow({}, [100]), inARow({ level: 'top-secret' }, [100])],
    inARow({ level: 'top-secret' }, [100]),
  ),
  of(
    '6.6: the result changes on each date, also where it stays the same',
    [inARow({}, [100]), label({ level: 'top-secret' })],
    label({
      level: 'top-secret',
      succession: succession(100, label({ level: 'top-secret' })),
    }),
  ),
  of(
    '6.6: 4 dates of two labels',
    [inARow({}, [100, 300]), inARow({ level: 'top-secret' }, [200, 400])],
    label({
      level: 'top-secret',
      succession: succession(
        100,
        label({
          level: 'top-secret',
          succession: succession(
            200,
            label({
              level: 'restricted',
              succession: succession(
                300,
                label({
                  level: 'restricted',
                  succession: succession(400, label({ level: 'open' })),
                }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
  of(
    '6.6: 4 dates that two labels share',
    [inARow({}, [1, 2, 3, 4]), inARow({}, [1, 2, 3, 4])],
    inARow({}, [1, 2, 3, 4]),
  ),
  of(
    '6.6: review, mark and recipients of the labels that apply at the time',
    [
      label({
        review: 50,
        privacyMark: 'm',
        releasableTo: [ONE],
        succession: succession(100, label({ level: 'open', releasableTo: [ONE, TWO] })),
      }),
      label({ review: 70, privacyMark: 'm', releasableTo: [ONE, TWO], purposes: ['policy-making'] }),
    ],
    label({
      review: 50,
      privacyMark: 'm',
      releasableTo: [ONE],
      purposes: ['policy-making'],
      succession: succession(
        100,
        label({ review: 70, releasableTo: [ONE, TWO], purposes: ['policy-making'] }),
      ),
    }),
  ),
];

const file = (name: string, valid: readonly ValidCase[]): VectorFile => ({
  topic: 'label',
  name,
  op: 'label.combine',
  grammar: { scheme: 'scheme', labels: 'label', 'out.label': 'label' },
  valid,
});

export const combinationVectors: readonly VectorFile[] = [
  file('combination', VALID),
  file('combination-times', OVER_TIME),
];
