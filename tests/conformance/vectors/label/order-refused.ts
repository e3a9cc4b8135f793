// Invalid vectors of label.md §5: labels that are not compared, because they are wrong in any scheme.

import type { InvalidCase, VectorFile } from '../vector.ts';
import {
  inHex,
  inSet,
  type LabelMembers,
  label,
  level,
  SCHEME_HEX,
  scheme,
  stateOf,
  succession,
} from './forms.ts';

const ONE = stateOf(1);

const refused = (code: string, clause: string, comment: string, changes: LabelMembers): InvalidCase[] =>
  (['a', 'b'] as const).map((place) => ({
    comment: `${comment}, as label ${place}`,
    in: { scheme: SCHEME_HEX, a: inHex(label()), b: inHex(label()), [place]: inHex(label(changes)) },
    code,
    clause,
  }));

const REFUSED: readonly InvalidCase[] = [
  ...refused('cbor.shape', '2.1', 'no level', { level: undefined }),
  ...refused('label.duplicate', '4.4', 'a handling rule twice', { handling: ['no-print', 'no-print'] }),
  ...refused('label.duplicate', '4.4', 'a set twice', {
    categories: [inSet('network', 'csirt'), inSet('network', 'energy')],
  }),
  ...refused('label.duplicate', '4.4', 'a value twice, in a set that the scheme does not have', {
    categories: [inSet('region', 'north', 'north')],
  }),
  ...refused('label.unknown-purpose', '4.4', 'a purpose that is not registered', { purposes: ['curiosity'] }),
  ...refused('label.display-and-release', '4.4', 'a state in both lists', {
    releasableTo: [ONE],
    displayTo: [ONE],
  }),
  ...refused('label.bad-text', '4.5', 'a privacy mark that begins with a space', { privacyMark: ' m' }),
  ...refused('label.succession-not-later', '4.6', 'a succession at the time of creation', {
    created: 10,
    succession: succession(10, label({ level: 'open' })),
  }),
  {
    comment: 'a scheme whose first rank is 1',
    in: { scheme: inHex(scheme('xaa-full', [level('secret', 1)])), a: inHex(label()), b: inHex(label()) },
    code: 'label.bad-rank',
    clause: '1.5',
  },
];

export const orderRefused: VectorFile = {
  topic: 'label',
  name: 'dominance',
  op: 'label.dominates',
  invalid: REFUSED,
};
