// record.verify: the claims of the payload (record.md §3).

import { filled, hex, type Item, map } from '../cbor-text.ts';
import { arcadia } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { type ExpectedView, invalid, RECORD_GRAMMAR, valid, verifying, viewOf } from './inputs.ts';
import {
  type Changes,
  label,
  type RecordText,
  recordText,
  restrictedLabel,
  withheldElements,
  withheldFields,
} from './text.ts';

const NORM = 'norm/envelope';
const RETRACTION = 'retraction/envelope';
/** The last second that RFC 3339 can write. */
const LAST_SECOND = 253_402_300_799;

const made = (subject: string, payload: Changes): RecordText =>
  recordText({ issuer: arcadia, subject, payload });
const links = (count: number): Buffer[] => Array.from({ length: count }, (_, index) => filled(index + 1));

function claims(): readonly ValidCase[] {
  const accepted = (
    comment: string,
    payload: Changes,
    expected: Partial<ExpectedView>,
    subject = NORM,
  ): ValidCase => {
    const text = made(subject, payload);
    return valid(comment, verifying(text.message), viewOf(text, { subject, undisclosed: 4, ...expected }));
  };
  const later: readonly (readonly [number, Item])[] = [
    [0, 'before the version'],
    [7, map(['any', [1, map([2, null])]])],
    [24, filled(0)],
    [9_007_199_254_740_991, true],
    [-1, -1],
    [-9_007_199_254_740_991, []],
  ];
  return [
    accepted('An exercise with a name of one character.', [[3, 'x']], { more: { exercise: 'x' } }),
    accepted('An exercise with a name of 64 characters.', [[3, `0${'._:-'.repeat(15)}abc`]], {
      more: { exercise: `0${'._:-'.repeat(15)}abc` },
    }),
    accepted('One record is superseded.', [[4, links(1)]], { supersedes: links(1).map(hex) }),
    accepted('64 records are superseded.', [[4, links(64)]], { supersedes: links(64).map(hex) }),
    accepted(
      'A retraction names what it withdraws.',
      [[5, filled(0xab)]],
      { more: { retracts: 'ab'.repeat(32) } },
      RETRACTION,
    ),
    accepted(
      'A record of an unknown type withdraws another: accepted, whatever the type may mean.',
      [[5, filled(0xab)]],
      { more: { retracts: 'ab'.repeat(32) } },
      'unheard-of/envelope',
    ),
    accepted('It is shown as expired from 1970 on, and verifies.', [[6, 0]], {
      more: { expiresAtSeconds: 0 },
    }),
    accepted('It expires in the last second of the year 9999.', [[6, LAST_SECOND]], {
      more: { expiresAtSeconds: LAST_SECOND },
    }),
    accepted('Claims of a later version, negative ones among them, are kept and shown as unknown.', later, {
      unknownClaims: Object.fromEntries(later),
    }),
    accepted(
      'An envelope label with every member that a label of this scheme can have.',
      [[2, fullLabel()]],
      {
        label: fullLabel(),
      },
    ),
  ];
}

function fullLabel(): Item {
  return label('restricted', 'AMBER', [
    [4, 'GREEN'],
    [6, [filled(0xcc)]],
    [7, [map([1, 'network'], [2, ['csirt']])]],
    [8, ['incident-response']],
    [9, 'For the duty officer'],
    [10, ['no-print']],
    [11, 1_795_428_000],
    [12, 1_826_964_000],
    [13, map([1, 1_900_000_000], [2, label('unclassified', 'CLEAR')])],
  ]);
}

function badEnvelopes(): readonly InvalidCase[] {
  const refused = (
    code: string,
    clause: string,
    comment: string,
    payload: Changes,
    subject = NORM,
  ): InvalidCase => invalid(`record.${code}`, clause, comment, verifying(made(subject, payload).message));
  const twice = [filled(1), filled(1)];
  const hidden = withheldFields([], [], 'in a claim').item;
  return [
    refused('unsupported-version', '3.1', 'There is no version.', [[1, undefined]]),
    refused('unsupported-version', '3.1', 'The version is 2.', [[1, 2]]),
    refused('unsupported-version', '3.1', 'The version is 0.', [[1, 0]]),
    refused('unsupported-version', '3.1', 'The version is the text 1.', [[1, '1']]),
    refused('no-label', '3.2', 'There is no envelope label.', [[2, undefined]]),
    refused('label-malformed', '3.2', 'The envelope label is null: it inherits from nothing.', [[2, null]]),
    refused('label-malformed', '3.2', 'The envelope label has no level.', [
      [2, label('x', 'GREEN', [[2, undefined]])],
    ]),
    refused('label-malformed', '3.2', 'The envelope label has a key that labels do not have.', [
      [2, label('restricted', 'GREEN', [[14, true]])],
    ]),
    refused('label-malformed', '3.2', 'The TLP label is one of version 1.', [
      [2, label('restricted', 'WHITE')],
    ]),
    refused('label-malformed', '3.2', 'A part of the label is withheld.', [
      [2, label('restricted', 'GREEN', [[10, withheldElements([], 'label').item]])],
    ]),
    refused('bad-exercise', '3.3', 'The name of the exercise is empty.', [[3, '']]),
    refused('bad-exercise', '3.3', 'The name of the exercise has 65 characters.', [[3, 'x'.repeat(65)]]),
    refused('bad-exercise', '3.3', 'The name of the exercise has a space.', [[3, 'Winter 2026']]),
    refused('bad-exercise', '3.3', 'The mark of an exercise is true.', [[3, true]]),
    refused('bad-links', '3.4', 'The list of superseded records is empty.', [[4, []]]),
    refused('bad-links', '3.4', '65 records are superseded.', [[4, links(65)]]),
    refused('bad-links', '3.4', 'The ids are in descending order.', [[4, links(2).reverse()]]),
    refused('bad-links', '3.4', 'An id stands twice.', [[4, twice]]),
    refused('bad-links', '3.4', 'An id has 31 bytes.', [[4, [filled(1, 31)]]]),
    refused('bad-links', '3.4', 'An id is a text.', [[4, ['01'.repeat(32)]]]),
    refused('bad-links', '3.4', 'The superseded record is not in an array.', [[4, filled(1)]]),
    refused('bad-links', '3.5', 'What is withdrawn is an array.', [[5, [filled(1)]]], RETRACTION),
    refused(
      'bad-links',
      '3.5',
      'The id of what is withdrawn has 33 bytes.',
      [[5, filled(1, 33)]],
      RETRACTION,
    ),
    refused('retracts-missing', '3.5', 'A retraction that withdraws nothing.', [], RETRACTION),
    refused('retracts-unexpected', '3.5', 'A norm that withdraws another record.', [[5, filled(1)]]),
    refused(
      'retracts-unexpected',
      '3.5',
      'An incident that withdraws another record.',
      [[5, filled(1)]],
      'incident/i',
    ),
    refused(
      'retracts-unexpected',
      '3.5',
      'A commitment that withdraws another record.',
      [[5, filled(1)]],
      'commitment/c',
    ),
    refused('bad-expiry', '3.7', 'It expires in the first second of the year 10000.', [[6, LAST_SECOND + 1]]),
    refused('bad-expiry', '3.7', 'It expires before 1970.', [[6, -1]]),
    refused('bad-expiry', '3.7', 'The time at which it expires is null.', [[6, null]]),
    refused('claim-redacted', '3.8', 'A claim of a later version is a map with digests.', [[7, hidden]]),
    refused('claim-redacted', '3.8', 'Digests three levels below a negative claim.', [
      [-5, [[map(['deep', hidden])]]],
    ]),
    refused('claim-redacted', '3.8', 'An element of a claim of a later version is withheld.', [
      [40, withheldElements([], 'claim').item],
    ]),
  ];
}

export function recordEnvelopeVectors(): readonly VectorFile[] {
  const wellLabelled = recordText({ issuer: arcadia, subject: NORM, envelope: restrictedLabel });
  return [
    {
      topic: 'record',
      name: 'envelopes',
      op: 'record.verify',
      grammar: RECORD_GRAMMAR,
      valid: [
        ...claims(),
        valid(
          'An envelope label above the lowest level.',
          verifying(wellLabelled.message),
          viewOf(wellLabelled, { subject: NORM, undisclosed: 4, label: restrictedLabel }),
        ),
      ],
    },
    { topic: 'record', name: 'envelopes', op: 'record.verify', invalid: badEnvelopes() },
  ];
}
