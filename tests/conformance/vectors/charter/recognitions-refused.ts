// Invalid vectors of charter.md §4: recognitions that fit the grammar, with one other rule broken each.

import { hex, type Item, record } from '../cbor-text.ts';
import { inSet, level, levelMap, scheme } from '../label/forms.ts';
import { arcadia, BEGIN_SECONDS, borealis, type State } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { type Change, keyNamed, recognised, stateWith } from './forms.ts';
import { inbound, out } from './recognitions.ts';

const of = (
  code: string,
  clause: string,
  comment: string,
  recognition: Uint8Array,
  issuer: State = arcadia,
  subject?: State,
): InvalidCase => ({
  comment,
  in: {
    recognition: hex(recognition),
    issuer: hex(issuer.charter),
    ...(subject !== undefined && { subject: hex(subject.charter) }),
  },
  code,
  clause,
});
/** Arcadia's recognition of Borealis with these changes, with the charter of Borealis. */
const whole = (code: string, clause: string, comment: string, ...changes: readonly Change[]): InvalidCase =>
  of(code, clause, comment, recognised(arcadia, borealis, changes), arcadia, borealis);
/** The same without the charter of Borealis. */
const half = (code: string, clause: string, comment: string, ...changes: readonly Change[]): InvalidCase =>
  of(code, clause, comment, recognised(arcadia, borealis, changes));
const label = (code: string, clause: string, comment: string, ...changes: readonly Change[]): InvalidCase =>
  whole(`label.${code}`, clause, comment, ...changes);
const categories = (...sets: readonly Item[]): Change => ['categories', sets];
/** A state whose scheme has the id of Arcadia's, and other levels. */
const falseFriend = stateWith(
  'XCA',
  [keyNamed('false friend')],
  ['scheme', scheme('xar-2026', [level('unclassified', 0), level('secret', 1)])],
);
const withinScheme: Change[] = [
  ['out', levelMap('xar-2026', 'xar-2026', record({ unclassified: 'unclassified' }))],
  ['in', levelMap('xar-2026', 'xar-2026', record({ unclassified: 'unclassified' }))],
];

const CONTENT: readonly InvalidCase[] = [
  whole('identity.wrong-issuer', '4.2', 'the issuer is a third state', [1, falseFriend.idText]),
  of(
    'identity.wrong-issuer',
    '4.2',
    'the two charters change places',
    recognised(arcadia, borealis),
    borealis,
    arcadia,
  ),
  half('identity.wrong-issuer', '4.2', 'the issuer is the subject', [1, borealis.idText]),
  of(
    'identity.self-recognition',
    '4.2',
    'Arcadia recognises itself',
    recognised(arcadia, arcadia, withinScheme),
    arcadia,
    arcadia,
  ),
  half('identity.self-recognition', '4.2', 'Arcadia recognises itself, without a charter of the subject', [
    2,
    arcadia.idText,
  ]),
  whole('identity.bad-validity', '4.2', 'the end at the begin', [4, BEGIN_SECONDS]),
  half('identity.bad-validity', '4.2', 'the end a second before the begin', [4, BEGIN_SECONDS - 1]),
  whole('identity.unknown-level', '4.3', 'a ceiling that the issuer does not have', ['ceiling', 'open']),
  half(
    'identity.unknown-level',
    '4.3',
    'a ceiling that the issuer does not have, without the charter of the subject',
    ['ceiling', 'cosmic'],
  ),
  label(
    'unknown-category-set',
    '4.3',
    'a set that the issuer does not have',
    categories(inSet('region', 'north')),
  ),
  label(
    'unknown-category',
    '4.3',
    'a category that the issuer does not have',
    categories(inSet('network', 'military')),
  ),
  label('duplicate', '4.3', 'a category twice', categories(inSet('network', 'csirt', 'csirt'))),
  label('duplicate', '4.3', 'a set twice', categories(inSet('network', 'csirt'), inSet('network', 'csirt'))),
  half(
    'label.unknown-category-set',
    '4.3',
    'a set that the issuer does not have, without the charter of the subject',
    categories(inSet('region', 'north')),
  ),
  of(
    'identity.wrong-subject',
    '4.4',
    'the charter is of another state than the subject',
    recognised(arcadia, borealis),
    arcadia,
    stateWith('XBO', [keyNamed('impostor')], ['scheme', borealis.scheme]),
  ),
  whole('identity.wrong-subject', '4.4', 'another code than the charter has', ['code', 'XZZ']),
  whole('identity.wrong-subject', '4.4', 'the digest of another charter', ['charter', arcadia.id]),
  of(
    'identity.scheme-taken',
    '4.4',
    'the subject has another scheme under the id of the issuer',
    recognised(arcadia, falseFriend, withinScheme),
    arcadia,
    falseFriend,
  ),
  label('wrong-scheme', '4.5', '`out` is from another scheme', [
    'out',
    levelMap('xaa-full', 'xbo-2026', record({})),
  ]),
  label('wrong-scheme', '4.5', '`out` is to another scheme', [
    'out',
    levelMap('xar-2026', 'xaa-full', record({})),
  ]),
  label('wrong-scheme', '4.5', '`in` is from another scheme', [
    'in',
    levelMap('xaa-full', 'xar-2026', record({})),
  ]),
  label(
    'wrong-scheme',
    '4.5',
    '`in` and `out` change places',
    ['out', levelMap('xbo-2026', 'xar-2026', record({}))],
    ['in', levelMap('xar-2026', 'xbo-2026', record({}))],
  ),
  label(
    'unknown-map-level',
    '4.5',
    '`out` maps a level that the issuer does not have',
    out({ cosmic: 'secret' }),
  ),
  label(
    'unknown-map-level',
    '4.5',
    '`out` maps to a level that the subject does not have',
    out({ secret: 'cosmic' }),
  ),
  label(
    'unknown-map-level',
    '4.5',
    '`in` maps to a level that the issuer does not have',
    inbound({ secret: 'cosmic' }),
  ),
  label(
    'map-not-monotone',
    '4.5',
    '`out` maps a higher level lower',
    out({ unclassified: 'secret', restricted: 'open' }),
  ),
  label(
    'map-not-monotone',
    '4.5',
    '`in` maps a higher level lower',
    inbound({ open: 'secret', secret: 'restricted' }),
  ),
  half('identity.scheme-mismatch', '4.6', '`out` is from another scheme', [
    'out',
    levelMap('xaa-full', 'xbo-2026', record({})),
  ]),
  half('identity.scheme-mismatch', '4.6', '`in` is to another scheme', [
    'in',
    levelMap('xbo-2026', 'xaa-full', record({})),
  ]),
  half('identity.scheme-mismatch', '4.6', 'the two maps are not of one scheme on the other side', [
    'in',
    levelMap('xaa-full', 'xar-2026', record({})),
  ]),
  half(
    'identity.unknown-level',
    '4.6',
    '`out` maps a level that the issuer does not have',
    out({ cosmic: 'secret' }),
  ),
  half(
    'identity.unknown-level',
    '4.6',
    '`in` maps to a level that the issuer does not have',
    inbound({ secret: 'cosmic' }),
  ),
];

export const recognitionsRefused: VectorFile = {
  topic: 'charter',
  name: 'recognitions-content',
  op: 'recognition.verify',
  invalid: CONTENT,
};
