// record.verify: the overall label over the envelope label and the labels of parts (record.md 6.5).

import { filled, type Item, map } from '../cbor-text.ts';
import { arcadia, borealis, NOW_SECONDS } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { inheriting, invalid, labelled, RECORD_GRAMMAR, valid, verifying, viewOf } from './inputs.ts';
import {
  type Changes,
  type Disclosure,
  field,
  label,
  openLabel,
  overall,
  type RecordText,
  recordText,
  restrictedLabel,
  withheldFields,
} from './text.ts';

const subject = 'norm/dominance';
const LATER = NOW_SECONDS + 86_400;

function norm(envelope: Item, body: readonly Disclosure[]): RecordText {
  return recordText({ issuer: arcadia, subject, envelope, body });
}

const restricted = (changes: Changes = []): Item => label('restricted', 'AMBER', changes);
const succession = (atSeconds: number, next: Item): Item => map([1, atSeconds], [2, next]);
const csirt = map([1, 'network'], [2, ['csirt']]);

/** Below every label of this file. */
const lowest = label('unclassified', 'x', [
  [3, undefined],
  [5, [borealis.id, filled(0xcc)]],
]);

/** Pairs of labels of which the first dominates the second. */
const DOMINATING: readonly (readonly [string, Item, Item])[] = [
  ['is the same', restricted(), restricted()],
  ['has a higher level', label('secret', 'AMBER'), restricted()],
  ['has a higher TLP label', label('restricted', 'RED'), restricted()],
  ['has a PAP label where the other has none', restricted([[4, 'CLEAR']]), restricted()],
  ['has no recipients', restricted([[5, undefined]]), restricted()],
  [
    'only shows to whom the other hands',
    restricted([
      [5, undefined],
      [6, [borealis.id]],
    ]),
    restricted(),
  ],
  ['has a category of a permissive set where the other has none', restricted([[7, [csirt]]]), restricted()],
  ['has a purpose where the other has none', restricted([[8, ['incident-response']]]), restricted()],
  [
    'has one more handling rule',
    restricted([[10, ['no-print', 'no-copy']]]),
    restricted([[10, ['no-copy']]]),
  ],
  [
    'is lowered at the time at which the other is',
    restricted([[13, succession(LATER, openLabel)]]),
    restricted([[13, succession(LATER, openLabel)]]),
  ],
  [
    'is lowered a second after the other',
    restricted([[13, succession(LATER + 1, openLabel)]]),
    restricted([[13, succession(LATER, openLabel)]]),
  ],
  [
    'differs in what does not restrict',
    restricted([
      [9, 'A note'],
      [11, 0],
      [12, LATER],
    ]),
    restricted(),
  ],
];

/** Pairs of labels of which the first does not dominate the second, each for one reason. */
const NOT_DOMINATING: readonly (readonly [string, Item, Item])[] = [
  ['a lower level', label('unclassified', 'AMBER'), restricted()],
  ['a lower TLP label', label('restricted', 'GREEN'), restricted()],
  ['no TLP label', label('restricted', 'x', [[3, undefined]]), label('restricted', 'CLEAR')],
  ['no PAP label', restricted(), restricted([[4, 'CLEAR']])],
  ['more recipients', restricted([[5, [borealis.id, filled(0xcc)]]]), restricted()],
  ['one more state that it may be shown to', restricted([[6, [filled(0xcc)]]]), restricted()],
  ['no category of a permissive set', restricted(), restricted([[7, [csirt]]])],
  ['no purpose', restricted(), restricted([[8, ['incident-response']]])],
  [
    'one more purpose',
    restricted([[8, ['incident-response', 'public-security']]]),
    restricted([[8, ['incident-response']]]),
  ],
  ['a handling rule less', restricted([[10, ['no-print']]]), restricted([[10, ['no-print', 'no-copy']]])],
  ['a succession that lowers it', restricted([[13, succession(LATER, openLabel)]]), restricted()],
  [
    'a succession a second before that of the other',
    restricted([[13, succession(LATER, openLabel)]]),
    restricted([[13, succession(LATER + 1, openLabel)]]),
  ],
];

function notDominating(): readonly InvalidCase[] {
  const ofEnvelope = NOT_DOMINATING.map(([what, outer, inner]) =>
    invalid(
      'record.label-below-envelope',
      '6.5',
      `The overall label does not dominate the envelope label: it has ${what}.`,
      verifying(norm(inner, [overall(outer)]).view()),
    ),
  );
  const ofParts = NOT_DOMINATING.map(([what, outer, inner]) =>
    invalid(
      'record.label-below-part',
      '6.5',
      `The overall label does not dominate the label of a part: it has ${what}.`,
      verifying(norm(lowest, [overall(outer), field('kind', 'treaty', { label: inner })]).view()),
    ),
  );
  const inner = field('a', withheldFields([field('b', 1, { label: label('secret', 'RED') })]));
  return [
    ...ofEnvelope,
    ...ofParts,
    invalid(
      'record.label-below-part',
      '6.5',
      'The overall label does not dominate the label of a part in a part.',
      verifying(norm(openLabel, [overall(restrictedLabel), inner]).view()),
    ),
  ];
}

function dominating(): readonly ValidCase[] {
  const shown = DOMINATING.map(([what, outer, inner]) => {
    const [whole, kind] = [overall(outer), field('kind', 'treaty', { label: inner })];
    const text = norm(inner, [whole, kind]);
    return valid(
      `The overall label ${what}: it dominates the envelope label and that of a part.`,
      verifying(text.view()),
      viewOf(text, {
        subject,
        label: inner,
        undisclosed: 2,
        parts: [labelled(whole, 'overall', null, outer), labelled(kind, 'kind', 'treaty', inner)],
      }),
    );
  });
  const kind = field('kind', 'treaty');
  const low = norm(restrictedLabel, [overall(openLabel), kind]);
  return [
    ...shown,
    valid(
      'The overall part, which is too low, is withheld: nobody can compare.',
      verifying(low.view([kind])),
      viewOf(low, {
        subject,
        label: restrictedLabel,
        undisclosed: 3,
        parts: [inheriting(kind, 'kind', 'treaty', restrictedLabel)],
      }),
    ),
  ];
}

export function recordDominanceVectors(): readonly VectorFile[] {
  return [
    { topic: 'record', name: 'dominance', op: 'record.verify', grammar: RECORD_GRAMMAR, valid: dominating() },
    { topic: 'record', name: 'dominance', op: 'record.verify', invalid: notDominating() },
  ];
}
