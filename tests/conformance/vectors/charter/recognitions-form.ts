// Invalid vectors of charter.md §4: recognitions that do not fit the grammar, or a form that the prose gives to a member.

import { hex, type Item, map, record } from '../cbor-text.ts';
import { clauseOf } from '../clause.ts';
import { identifiers, inSet } from '../label/forms.ts';
import { arcadia, borealis } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { type Change, LAST_SECOND, recognised } from './forms.ts';
import { out } from './recognitions.ts';

/** Arcadia's recognition of Borealis with these changes, with the charters of both. */
const shape = (comment: string, ...changes: readonly Change[]): InvalidCase => ({
  comment,
  in: {
    recognition: hex(recognised(arcadia, borealis, changes)),
    issuer: hex(arcadia.charter),
    subject: hex(borealis.charter),
  },
  code: 'cbor.shape',
  clause: clauseOf(comment),
});

const REQUIRED: readonly Item[] = [
  1,
  2,
  4,
  5,
  6,
  'in',
  'out',
  'code',
  'ceiling',
  'charter',
  'community',
  'categories',
];
const MEMBERS = record({ unclassified: 'open' });

const FORM: readonly InvalidCase[] = [
  ...REQUIRED.map((key) => shape(`4.1: without ${key}`, [key, undefined])),
  shape('4.1: a member that no recognition has', ['trust', 1]),
  shape('keys 6.1: a subject as bytes', [2, borealis.id]),
  shape('keys 6.1: a subject in capitals', [2, borealis.idText.toUpperCase()]),
  shape('keys 6.1: a subject of 65 digits', [2, `${borealis.idText}0`]),
  shape('keys 6.3: a code in lower case', ['code', 'xbo']),
  shape('4.1: a digest of 31 bytes', ['charter', Buffer.alloc(31, 1)]),
  shape('4.1: a digest as text', ['charter', borealis.idText]),
  shape('4.1: a community that is a number', ['community', 1]),
  shape('4.1: a community that is null', ['community', null]),
  shape('4.1: a ceiling that is a rank', ['ceiling', 1]),
  shape('4.1: categories that are null', ['categories', null]),
  shape('4.1: 33 category sets', ['categories', identifiers('set', 33).map((id) => inSet(id, 'v'))]),
  shape('4.1: a category set without values', ['categories', [inSet('network')]]),
  shape('4.1: 129 categories of a set', ['categories', [inSet('network', ...identifiers('v', 129))]]),
  shape(
    'label 8.1: 17 levels in a map',
    out(Object.fromEntries(identifiers('level', 17).map((id) => [id, 'open']))),
  ),
  shape('label 8.1: a map without the scheme it is to', ['out', map([1, 'xar-2026'], [3, MEMBERS])]),
  shape('label 8.1: a map with a fourth member', [
    'out',
    map([1, 'xar-2026'], [2, 'xbo-2026'], [3, MEMBERS], [4, 0]),
  ]),
  shape('1.3: an end in the year 10000', [4, LAST_SECOND + 1]),
  shape('1.3: a begin as text', [5, '2026-11-23']),
];

export const recognitionForms: VectorFile = {
  topic: 'charter',
  name: 'recognitions-form',
  op: 'recognition.verify',
  invalid: FORM,
};
