// Valid vectors of charter.md §4: recognitions, with and without the charter of the subject.

import { hex, type Item, record } from '../cbor-text.ts';
import { identifiers, inSet, level, levelMap, scheme } from '../label/forms.ts';
import { WIDE_SCHEME } from '../label/labels.ts';
import type { KeyPair } from '../signing.ts';
import {
  ARCADIA_SCHEME,
  arcadia,
  BEGIN_SECONDS,
  borealis,
  recognitionPayload,
  type State,
} from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import {
  type Change,
  DAY_SECONDS,
  keyNamed,
  keysNamed,
  LAST_SECOND,
  recognised,
  recognitionOut,
  stateWith,
} from './forms.ts';

interface Parties {
  readonly issuer: State;
  readonly subject: State;
  readonly signers?: readonly KeyPair[];
}
const ARCADIA_OF_BOREALIS: Parties = { issuer: arcadia, subject: borealis };

/** A recognition with the charter of its subject. */
function whole(comment: string, changes: readonly Change[] = [], parties = ARCADIA_OF_BOREALIS): ValidCase {
  const { issuer, subject } = parties;
  return {
    comment,
    in: {
      recognition: hex(recognised(issuer, subject, changes, parties.signers)),
      issuer: hex(issuer.charter),
      subject: hex(subject.charter),
    },
    out: recognitionOut(recognitionPayload(issuer, subject, changes), true),
  };
}

/** A recognition that is verified without the charter of its subject. */
function half(comment: string, changes: readonly Change[] = [], parties = ARCADIA_OF_BOREALIS): ValidCase {
  const { issuer, subject } = parties;
  return {
    comment,
    in: { recognition: hex(recognised(issuer, subject, changes)), issuer: hex(issuer.charter) },
    out: recognitionOut(recognitionPayload(issuer, subject, changes), false),
  };
}

export const out = (levels: { readonly [level: string]: string }): Change => [
  'out',
  levelMap('xar-2026', 'xbo-2026', record(levels)),
];
export const inbound = (levels: { readonly [level: string]: string }): Change => [
  'in',
  levelMap('xbo-2026', 'xar-2026', record(levels)),
];

const OF_16: Item = scheme(
  'sixteen',
  identifiers('level', 16).map((id, rank) => level(id, rank)),
);
const same16 = record(Object.fromEntries(identifiers('level', 16).map((id) => [id, id])));
const wide = stateWith('XCA', [keyNamed('wide')], ['scheme', WIDE_SCHEME]);
const neighbour = stateWith('XCB', [keyNamed('neighbour')], ['scheme', OF_16]);
const sixteen = stateWith('XCC', [keyNamed('sixteen')], ['scheme', OF_16]);
const sharing = stateWith('XCD', [keyNamed('sharing')], ['scheme', ARCADIA_SCHEME]);
const KEYS = keysNamed('root key', 3);
const threefold = stateWith('XCE', KEYS, ['k', 2]);

const toSelf: Change[] = [
  ['out', levelMap('xar-2026', 'xar-2026', record({ unclassified: 'unclassified', restricted: 'secret' }))],
  ['in', levelMap('xar-2026', 'xar-2026', record({ secret: 'secret' }))],
];
const emptyMaps = (own: string, other: string): Change[] => [
  ['out', levelMap(own, other, record({}))],
  ['in', levelMap(other, own, record({}))],
];
const oneLevel: Change[] = [...emptyMaps('wide', 'xbo-2026'), ['ceiling', 'open']];

const WHOLE: readonly ValidCase[] = [
  whole('the recognition of Borealis by Arcadia of charter.md §0'),
  whole('the recognition of Arcadia by Borealis', [], { issuer: borealis, subject: arcadia }),
  whole('4.1: nothing is mapped, and no category is held', [out({}), inbound({}), ['categories', []]]),
  whole('label 8.3: every level is mapped to one', [
    out({ unclassified: 'open', restricted: 'open', secret: 'open' }),
    inbound({ open: 'secret', secret: 'secret' }),
  ]),
  whole('label 8.3: the lowest levels are left out', [
    out({ secret: 'secret' }),
    inbound({ secret: 'secret' }),
  ]),
  whole('4.3: the highest level as ceiling, above what is mapped', [['ceiling', 'secret']]),
  whole('4.3: the lowest level as ceiling', [['ceiling', 'unclassified']]),
  whole('4.1: not of the community', [['community', false]]),
  whole('4.2: for one second', [
    [5, BEGIN_SECONDS],
    [4, BEGIN_SECONDS + 1],
  ]),
  whole('4.2: longer than a certificate may be valid: from 1970 to 9999', [
    [5, 0],
    [4, LAST_SECOND],
  ]),
  whole('4.1: issued a day after its begin', [[6, BEGIN_SECONDS + DAY_SECONDS]]),
  whole(
    '4.3: 32 category sets',
    [
      ...oneLevel,
      ['categories', [inSet('large', 'v-1'), ...identifiers('set', 31).map((id) => inSet(id, 'v'))]],
    ],
    { issuer: wide, subject: borealis },
  ),
  whole(
    '4.3: 128 categories of a set',
    [...oneLevel, ['categories', [inSet('large', ...identifiers('v', 128))]]],
    { issuer: wide, subject: borealis },
  ),
  whole(
    '4.5: 16 levels in each map, of two states that share a scheme',
    [
      ['out', levelMap('sixteen', 'sixteen', same16)],
      ['in', levelMap('sixteen', 'sixteen', same16)],
      ['ceiling', 'level-16'],
      ['categories', []],
    ],
    { issuer: neighbour, subject: sixteen },
  ),
  whole('4.4: a state that has the scheme of Arcadia, word for word', toSelf, {
    issuer: arcadia,
    subject: sharing,
  }),
  whole('1.2: two of three root keys sign', toSelf, {
    issuer: threefold,
    subject: sharing,
    signers: KEYS.slice(1),
  }),
];

const HALF: readonly ValidCase[] = [
  half('4.6: the recognition of charter.md §0 without the charter of Borealis'),
  half('4.6: levels of the subject are not known: any identifier may be one', [
    out({ restricted: 'cosmic' }),
    inbound({ cosmic: 'restricted' }),
  ]),
  half('4.6: whether the maps are monotone is not known', [
    out({ unclassified: 'secret', restricted: 'open' }),
  ]),
  half('4.6: code and digest of the subject are not checked', [
    ['code', 'XZZ'],
    ['charter', Buffer.alloc(32, 9)],
  ]),
  half('4.6: a subject of which nothing is known', [
    [2, 'ab'.repeat(32)],
    ...emptyMaps('xar-2026', 'unheard-of'),
  ]),
  half('4.6: the subject may have the scheme of the issuer', toSelf, { issuer: arcadia, subject: sharing }),
];

const file = (name: string, valid: readonly ValidCase[]): VectorFile => ({
  topic: 'charter',
  name,
  op: 'recognition.verify',
  grammar: { recognition: 'recognition', issuer: 'charter', subject: 'charter' },
  valid,
});

export const recognitionVectors: readonly VectorFile[] = [
  file('recognitions', WHOLE),
  file('recognitions-without-subject', HALF),
];
