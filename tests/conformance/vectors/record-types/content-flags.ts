// record.content: texts that can change their surroundings, what is not known, and what is withheld (record-types.md §2).

import { cbor, hex, type Item, map, Raw, record, SIMPLE_59 } from '../cbor-text.ts';
import { invalid } from '../record/inputs.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import {
  english,
  examined,
  hiddenElements,
  inForm,
  REQUIRED,
  unexpected,
  withDigests,
} from './content-inputs.ts';

const named = (codePoint: number): string => `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;

const MISLEADING = [
  ...[0x00, 0x08, 0x0b, 0x0c, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9f, 0x2028, 0x2029],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
];
const HARMLESS = [
  0x09, 0x0a, 0x20, 0xa0, 0xad, 0x061c, 0x200b, 0x200d, 0x200e, 0x200f, 0x2027, 0x202f, 0x2065, 0x206a,
  0xfeff, 0xe000, 0x1f3e5,
];

const override = 'fdp\u202eexe';

function characters(): readonly ValidCase[] {
  const file = (codePoint: number): Item => [
    record({ id: 'i-1', type: 'filename', value: `a${String.fromCodePoint(codePoint)}b` }),
  ];
  return [
    ...MISLEADING.map((each) =>
      inForm(
        `An indicator, which is verbatim, with ${named(each)}: in its form, and flagged.`,
        'incident',
        { indicators: file(each) },
        { misleading: ['indicators[0]'] },
      ),
    ),
    ...HARMLESS.map((each) =>
      inForm(`An indicator with ${named(each)}: not flagged.`, 'incident', { indicators: file(each) }),
    ),
    inForm(
      'A shown text with U+2028: flagged, and not in its form.',
      'incident',
      { summary: english('a\u2028b') },
      { misleading: ['summary'], unexpected: ['summary'] },
    ),
    inForm(
      'A line with U+202E: flagged, and not in its form.',
      'incident',
      { tags: ['ok', override] },
      { misleading: ['tags[1]'], unexpected: ['tags[1]'] },
    ),
  ];
}

function places(): readonly ValidCase[] {
  const strange = (comment: string, fields: Item, ...misleading: readonly string[]): ValidCase =>
    examined(comment, 'unheard-of', fields, { misleading });
  return [
    strange('In an unknown type, a field that is a text.', map(['a', override], ['b', 'ok']), 'a'),
    strange(
      'Deep in an array in a map: the field at the root is named.',
      map(['a', [map([7, [map(['x', override])]])]]),
      'a',
    ),
    strange('A text key of a map.', map(['a', [map([override, 1])]]), 'a'),
    strange(
      'Two fields, the second in order first.',
      map(['b', override], ['a', [override, override]]),
      'a',
      'b',
    ),
    strange('Bytes are no text.', map(['a', Buffer.from(override)])),
    strange(
      'A field whose name is that of a method of objects.',
      map(['constructor', override]),
      'constructor',
    ),
    strange(
      'A key that is no field name is not examined.',
      map([5, override], ['a b', override], [override, override]),
    ),
    inForm(
      'In a field of a map of fields: this field is named.',
      'incident',
      { victim: record({ name: override, country: 'XAR' }) },
      { misleading: ['victim.name'], unexpected: ['victim.name'] },
    ),
    inForm(
      'A key of the map of fields: the field at the root is named.',
      'incident',
      { victim: map(['country', 'XAR'], [override, 1]) },
      { misleading: ['victim'] },
    ),
    inForm(
      'Below a key of the map of fields that is no field name: the field at the root is named.',
      'incident',
      { victim: map(['a b', override], [3, [override]]) },
      { misleading: ['victim'] },
    ),
    inForm(
      'In a map where an array of elements is expected: the field at the root is named.',
      'incident',
      { indicators: map([3, override]) },
      { misleading: ['indicators'], unexpected: ['indicators'] },
    ),
    inForm(
      'In an array where a map of fields is expected: the field at the root is named.',
      'incident',
      { victim: [override] },
      { misleading: ['victim'], unexpected: ['victim'] },
    ),
    inForm(
      'Paths are in bytewise order: position 10 before position 2.',
      'incident',
      { tags: Array.from({ length: 11 }, (_, index) => (index === 2 || index === 10 ? override : 'ok')) },
      { misleading: ['tags[10]', 'tags[2]'], unexpected: ['tags[10]', 'tags[2]'] },
    ),
  ];
}

function unknown(): readonly ValidCase[] {
  return [
    examined(
      'A type that no chapter has: nothing is concluded from its fields.',
      'unheard-of',
      map(['title', 1], ['victim', []]),
    ),
    examined('A type of 32 characters.', 'a'.repeat(32), map()),
    inForm(
      'Fields that the type does not have.',
      'norm',
      { victim: record({ name: 1 }), Title: 'x', constructor: 1 },
      { unknownFields: ['Title', 'constructor', 'victim'] },
    ),
    inForm(
      'A field of a map of fields that the type does not have.',
      'incident',
      { victim: record({ nickname: 1, toString: 2 }) },
      { unknownFields: ['victim.nickname', 'victim.toString'] },
    ),
    inForm('Keys of a map of fields that are no field names are not named.', 'incident', {
      victim: map([1, 'x'], ['a b', 'x'], ['', 'x'], ['name', 'Saint Alban']),
    }),
    examined('No field at all: a required field may be withheld.', 'incident', map()),
    examined('One field without those that are required.', 'commitment', map(['act', 'sign'])),
    examined(
      'Keys of another kind at the root are passed over.',
      'norm',
      map([1, 1], ['a b', 1], ['kind', 'treaty']),
    ),
  ];
}

function withheld(): readonly ValidCase[] {
  const indicator = record({ id: 'i-1', type: 'ip-dst', value: '192.0.2.7' });
  return [
    examined('Digests at the root stand for what is withheld.', 'incident', withDigests(['stage', 'final'])),
    inForm(
      'Withheld elements among others are passed over, and count as positions.',
      'incident',
      { indicators: [...hiddenElements, indicator, 'x'] },
      { unexpected: ['indicators[5]'] },
    ),
    inForm('Digests in a map of fields.', 'incident', { victim: withDigests(['country', 'XAR']) }),
    inForm('Digests in an element are entries that its type does not have.', 'incident', {
      indicators: [withDigests(['id', 'i-1'], ['type', 'ip-dst'], ['value', '192.0.2.7'])],
    }),
    unexpected(
      'A digest in a field that is one part.',
      'incident',
      { severity: withDigests(['scale', 'us-nciss'], ['value', 'high']) },
      'severity',
    ),
    unexpected(
      'Withheld elements in a list that is one part.',
      'incident',
      { sectors: ['health', ...hiddenElements] },
      'sectors',
    ),
    unexpected(
      'A text map with digests in it.',
      'incident',
      { summary: withDigests(['en', 'x']) },
      'summary',
    ),
    unexpected(
      'A digest deep in a field that is one part.',
      'norm',
      { entryIntoForce: record({ threshold: 1, later: [withDigests()] }) },
      'entryIntoForce',
    ),
    unexpected(
      'Withheld tags in an indicator.',
      'incident',
      { indicators: [record({ id: 'i-1', type: 'a', value: 'b', tags: hiddenElements })] },
      'indicators[0]',
    ),
  ];
}

function notDecoded(): readonly InvalidCase[] {
  const refused = (code: string, clause: string, comment: string, fields: Uint8Array): InvalidCase =>
    invalid(`cbor.${code}`, `cbor ${clause}`, comment, { type: 'norm', fields: hex(fields) });
  const twice = Buffer.concat([
    Buffer.from([0xa2]),
    cbor('kind'),
    cbor('treaty'),
    cbor('kind'),
    cbor('treaty'),
  ]);
  const digests = cbor(map([SIMPLE_59, [new Raw('d83c40')]]));
  return [
    refused('duplicate-key', '3.3', 'A field stands twice.', twice),
    refused(
      'trailing-bytes',
      '1.1',
      'A byte stands behind the map.',
      Buffer.concat([cbor(map()), Buffer.from([0])]),
    ),
    refused('tag-content', '2.5', 'Tag 60 around no bytes.', digests),
    refused(
      'too-many-bytes',
      '1.2',
      'A map of more than 65536 bytes.',
      cbor(record({ ...REQUIRED.norm, source: 'x'.repeat(65_536) })),
    ),
  ];
}

export function contentFlagVectors(): readonly VectorFile[] {
  const file = (name: string, valid: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'record-types', name, op: 'record.content' },
    valid,
  });
  return [
    file('misleading', [...characters(), ...places()]),
    file('unknown', unknown()),
    file('withheld', withheld()),
    { topic: 'record-types', name: 'content', op: 'record.content', invalid: notDecoded() },
  ];
}
