// record.verify: the names of fields (record.md 4.2, 4.3).

import { map } from '../cbor-text.ts';
import { arcadia } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { inheriting, invalid, RECORD_GRAMMAR, valid, verifying, viewOf } from './inputs.ts';
import {
  type Changes,
  type Disclosure,
  field,
  type RecordText,
  Redacted,
  recordText,
  withheldFields,
} from './text.ts';

const subject = 'norm/fields';

function norm(body: readonly Disclosure[] | Redacted): RecordText {
  return recordText({ issuer: arcadia, subject, body });
}

/** Fields in the clear and nothing else. */
const open = (...fields: Changes): RecordText => norm(new Redacted(map(...fields), []));

const RESERVED = [
  'envelope',
  'exercise',
  'expiresAt',
  'id',
  'issuedAt',
  'issuer',
  'kid',
  'label',
  'labels',
  'retracts',
  'subject',
  'supersedes',
  'type',
];

function names(): readonly ValidCase[] {
  const accepted = (comment: string, name: string): ValidCase => {
    const text = open([name, 1]);
    return valid(
      comment,
      verifying(text.message),
      viewOf(text, { subject, undisclosed: 0, fields: { [name]: 1 } }),
    );
  };
  const nested = field('outer', withheldFields([field('type', 'inner')]));
  const reservedInside = norm([nested]);
  const inner = nested.inner.filter(({ isDecoy }) => !isDecoy);
  return [
    accepted('A name of one letter.', 'z'),
    accepted('A name of 64 characters.', `a${'B9_-'.repeat(15)}xyz`),
    accepted('A reserved name in other letters is another name.', 'Type'),
    accepted('The name of a method that some languages give to every object.', 'constructor'),
    valid(
      'Reserved names are reserved at the root only.',
      verifying(reservedInside.view()),
      viewOf(reservedInside, {
        subject,
        undisclosed: 6,
        parts: [
          inheriting(nested, 'outer', withheldFields([field('type', 'inner')]).item),
          ...inner.map((part) => inheriting(part, 'outer.type', 'inner')),
        ],
      }),
    ),
  ];
}

function badNames(): readonly InvalidCase[] {
  const refused = (code: string, clause: string, comment: string, text: RecordText): InvalidCase =>
    invalid(`record.${code}`, clause, comment, verifying(text.view()));
  const named = (comment: string, name: string): InvalidCase =>
    refused('bad-field-name', '4.2', comment, open([name, 1]));
  const hidden = withheldFields([], [], 'hidden').item;
  return [
    named('A field in the clear has the empty name.', ''),
    named('The name of a field in the clear has 65 characters.', 'a'.repeat(65)),
    named('The name of a field in the clear begins with a digit.', '1st'),
    named('The name of a field in the clear has a dot, which joins the steps of a path.', 'victim.name'),
    named('The name of a field in the clear has a letter outside ASCII.', 'état'),
    named('The name of a field in the clear begins with an underscore.', '__proto__'),
    refused(
      'bad-field-name',
      '4.2',
      'A key on the path to digests has a space.',
      open(['a', map(['b c', hidden])]),
    ),
    refused(
      'bad-field-name',
      '4.2',
      'A key on the path to digests is an integer.',
      open(['a', [map([5, hidden])]]),
    ),
    refused(
      'bad-field-name',
      '4.2',
      'In disclosed content, a key on the path to digests has a bracket.',
      norm([field('a', new Redacted(map(['b[0]', hidden]), []))]),
    ),
    ...RESERVED.map((name) =>
      refused('key-reserved', '4.3', `A field in the clear is called ${name}.`, open([name, 'x'])),
    ),
    ...RESERVED.map((name) =>
      refused(
        'key-reserved',
        '4.3',
        `A disclosed field at the root is called ${name}.`,
        norm([field(name, 'x')]),
      ),
    ),
    refused('key-reserved', '4.3', 'The overall part stands in the clear.', open(['overall', null])),
  ];
}

export function recordFieldVectors(): readonly VectorFile[] {
  return [
    { topic: 'record', name: 'fields', op: 'record.verify', grammar: RECORD_GRAMMAR, valid: names() },
    { topic: 'record', name: 'fields', op: 'record.verify', invalid: badNames() },
  ];
}
