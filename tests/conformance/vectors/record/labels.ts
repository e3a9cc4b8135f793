// record.verify: labels that the scheme of the issuer, its key or the overall label does not admit (record.md 6.4, 6.5).

import { cbor, hex, type Item, map } from '../cbor-text.ts';
import { signMany } from '../signing.ts';
import { arcadia, borealis, certificatePayload, NOW_SECONDS, typ } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { invalid, keysOf, RECORD_GRAMMAR, valid, verifying, viewOf } from './inputs.ts';
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

const subject = 'norm/labels';
const LATER = NOW_SECONDS + 86_400;

function norm(envelope: Item, body?: readonly Disclosure[]): RecordText {
  return recordText({ issuer: arcadia, subject, envelope, ...(body !== undefined && { body }) });
}

const restricted = (changes: Changes): Item => label('restricted', 'AMBER', changes);
const succession = (atSeconds: number, next: Item): Item => map([1, atSeconds], [2, next]);
const csirt = map([1, 'network'], [2, ['csirt']]);

/** Labels that fit the grammar and have a fault of label.md §4 in Arcadia's scheme. */
const FAULTS: readonly (readonly [string, Item])[] = [
  ['a label of the scheme of Borealis', label('open', 'GREEN', [[1, 'xbo-2026']])],
  ['a level of the scheme of Borealis under its own scheme id', label('open', 'GREEN')],
  ['a category set that the scheme does not have', restricted([[7, [map([1, 'region'], [2, ['csirt']])]]])],
  ['a category that the set does not have', restricted([[7, [map([1, 'network'], [2, ['police']])]]])],
  ['a category set twice', restricted([[7, [csirt, csirt]]])],
  ['a purpose that is not registered', restricted([[8, ['curiosity']]])],
  ['a state that it may be handed and only shown to', restricted([[6, [borealis.id]]])],
  ['a state twice', restricted([[5, [borealis.id, borealis.id]]])],
  ['a handling rule twice', restricted([[10, ['no-print', 'no-print']]])],
  ['a privacy mark that begins with a space', restricted([[9, ' For the duty officer']])],
  [
    'a succession at the time of its creation',
    restricted([
      [11, NOW_SECONDS],
      [13, succession(NOW_SECONDS, openLabel)],
    ]),
  ],
  [
    'a second succession that is not later than the first',
    restricted([[13, succession(LATER, restricted([[13, succession(LATER, openLabel)]]))]]),
  ],
  [
    'a successor with a level that the scheme does not have',
    restricted([[13, succession(LATER, label('open', 'GREEN'))]]),
  ],
];

function notOfTheScheme(): readonly InvalidCase[] {
  const ofEnvelope = FAULTS.map(([what, bad]) =>
    invalid('record.label-invalid', '6.4', `The envelope label has ${what}.`, verifying(norm(bad).message)),
  );
  const ofParts = FAULTS.map(([what, bad]) =>
    invalid(
      'record.label-invalid',
      '6.5',
      `The label of a part has ${what}.`,
      verifying(norm(openLabel, [field('kind', 'treaty', { label: bad })]).view()),
    ),
  );
  const [, [, badLevel] = []] = FAULTS;
  const overallPart = norm(openLabel, [overall(badLevel ?? null)]);
  return [
    ...ofEnvelope,
    ...ofParts,
    invalid(
      'record.label-invalid',
      '6.5',
      'The overall label has a level that the scheme does not have.',
      verifying(overallPart.view()),
    ),
  ];
}

/** Whoever knows Arcadia's key for records with a scope up to this level. */
function upTo(level: string, record: Uint8Array): ReturnType<typeof verifying> {
  const changes: Changes = [['scope', map(['max', level])]];
  const payload = certificatePayload(arcadia.idText, 'record', arcadia.keys.record, changes);
  const certificate = signMany(arcadia.rootKeys, cbor(payload), typ('key-certificate'));
  return { record: hex(record), ...keysOf(arcadia, [certificate]) };
}

function aboveTheScope(): readonly InvalidCase[] {
  const refused = (clause: string, comment: string, level: string, record: Uint8Array): InvalidCase =>
    invalid('record.classification-out-of-scope', clause, comment, upTo(level, record));
  const rising = label('unclassified', 'GREEN', [[13, succession(LATER, restrictedLabel)]]);
  const secret = label('secret', 'RED');
  const part = (own: Item): Uint8Array => norm(openLabel, [field('kind', 'treaty', { label: own })]).view();
  const inner = field('a', withheldFields([field('b', 1, { label: secret })]));
  return [
    refused('6.4', 'The envelope is a level above the scope.', 'unclassified', norm(restrictedLabel).message),
    refused('6.4', 'The envelope is two levels above the scope.', 'unclassified', norm(secret).message),
    refused(
      '6.4',
      'The envelope rises above the scope with its succession.',
      'unclassified',
      norm(rising).message,
    ),
    refused('6.5', 'The label of a part is a level above the scope.', 'restricted', part(secret)),
    refused(
      '6.5',
      'The label of a part rises above the scope with its succession.',
      'unclassified',
      part(rising),
    ),
    refused(
      '6.5',
      'The overall label is above the scope.',
      'restricted',
      norm(openLabel, [overall(secret)]).view(),
    ),
    refused(
      '6.5',
      'The label of a part in a part is above the scope.',
      'restricted',
      norm(openLabel, [inner]).view(),
    ),
  ];
}

function insideTheScope(): readonly ValidCase[] {
  const accepted = (comment: string, level: string, envelope: Item): ValidCase => {
    const text = norm(envelope);
    return valid(
      comment,
      upTo(level, text.message),
      viewOf(text, { subject, undisclosed: 4, label: envelope }),
    );
  };
  const falling = restricted([[13, succession(LATER, openLabel)]]);
  return [
    accepted('The envelope has the highest level that the key may label.', 'restricted', restrictedLabel),
    accepted('The envelope is below the highest level that the key may label.', 'secret', restrictedLabel),
    accepted('The envelope and its succession are inside the scope.', 'restricted', falling),
    accepted('The scope is the highest level of the scheme.', 'secret', label('secret', 'RED')),
  ];
}

export function recordLabelVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record',
      name: 'labels',
      op: 'record.verify',
      grammar: RECORD_GRAMMAR,
      valid: insideTheScope(),
    },
    {
      topic: 'record',
      name: 'labels',
      op: 'record.verify',
      invalid: [...notOfTheScheme(), ...aboveTheScope()],
    },
  ];
}
