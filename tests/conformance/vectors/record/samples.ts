// Records that several chapters use.

import { type Item, record } from '../cbor-text.ts';
import { NOW_SECONDS, type State } from '../states.ts';
import {
  element,
  field,
  overall,
  type RecordText,
  recordText,
  restrictedLabel,
  withheldElements,
} from './text.ts';

/**
 * A norm with everything that a record can have in it: labels of its own and inherited ones, an array with withheld
 * elements and one in the clear, decoys at two levels.
 */
export function hospitalsNorm(issuer: State, issuedAtSeconds = NOW_SECONDS): RecordText {
  const provision = (id: string, text: string): Item => record({ id, text: record({ en: text }) });
  return recordText({
    issuer,
    subject: 'norm/hospitals',
    issuedAtSeconds,
    body: [
      overall(restrictedLabel, 'hospitals'),
      field('title', record({ en: 'Hospitals are no target' })),
      field('kind', 'voluntary'),
      field(
        'provisions',
        withheldElements([
          element(provision('p1', 'No attack on hospitals.'), { label: restrictedLabel }),
          provision('p2', 'No attack on ambulances.'),
          element(provision('p3', 'Help is given on request.')),
        ]),
      ),
    ],
  });
}
