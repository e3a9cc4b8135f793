// Valid vectors of charter.md §6: which certificate of a key counts at a time.

import { hex, record } from '../cbor-text.ts';
import type { KeyPair } from '../signing.ts';
import {
  ARCADIA_SCHEME,
  arcadia,
  BEGIN_SECONDS,
  borealis,
  certificatePayload,
  END_SECONDS,
  NOW_SECONDS,
  type State,
  type Usage,
} from '../states.ts';
import type { Json, ValidCase, VectorFile } from '../vector.ts';
import { certified, keyNamed, keysNamed, LAST_SECOND, member, signedAs, stateWith } from './forms.ts';

/** What a verifier is given, and asked. */
export interface Question {
  readonly charters?: readonly Uint8Array[];
  readonly certificates: readonly Uint8Array[];
  readonly key: KeyPair;
  readonly usage?: Usage;
  readonly at?: number;
}

export const asked = ({
  charters = [arcadia.charter],
  certificates,
  key,
  usage = 'record',
  at = NOW_SECONDS,
}: Question): ValidCase['in'] => ({
  charters: charters.map(hex),
  certificates: certificates.map(hex),
  keyId: hex(key.keyId),
  usage,
  atSeconds: at,
});

/** Without an id: that which `certificatePayload` draws for this key and usage. */
function found(
  comment: string,
  question: Question,
  more: { id?: string; state?: State; scope?: Json } = {},
): ValidCase {
  const { key, usage = 'record' } = question;
  const state = more.state ?? arcadia;
  const drawn = member(certificatePayload(state.idText, usage, key), 7) as Uint8Array;
  return {
    comment,
    in: asked(question),
    out: {
      state: state.idText,
      publicKey: hex(key.publicKey),
      certificateId: more.id ?? hex(drawn),
      scope: more.scope ?? {},
    },
  };
}

const { record: recordKey } = arcadia.keys;
const all = [...Object.values(arcadia.certificates), ...Object.values(borealis.certificates)];
const both = [arcadia.charter, borealis.charter];

/** A certificate of Arcadia's record key with an id of one byte, a validity and a highest level. */
export const renewed = (id: number, begin: number, end: number, max: string): Buffer =>
  certified(arcadia, 'record', recordKey, [
    [7, Buffer.alloc(16, id)],
    [5, begin],
    [4, end],
    ['scope', record({ max })],
  ]);
const idOf = (id: number): string => Buffer.alloc(16, id).toString('hex');

const FIRST = renewed(9, 1000, 2000, 'secret');
const SECOND = renewed(1, 1500, 2500, 'restricted');
const renewal = (
  comment: string,
  at: number,
  certificates: readonly Buffer[],
  id: number,
  max: string,
): ValidCase => found(comment, { certificates, key: recordKey, at }, { id: idOf(id), scope: { max } });
const LOW = renewed(2, 1000, 1200, 'restricted');

const ending = (at: number): State => stateWith('XCA', [keyNamed('ending')], [4, at]);
const ended = ending(NOW_SECONDS + 1);
const sharing = stateWith('XCB', [keyNamed('sharing')], ['scheme', ARCADIA_SCHEME]);
const crowd = keysNamed('transport key', 256);
const halves = stateWith('XCC', keysNamed('root key', 2), ['k', 1]);
const halvesAgain = signedAs('charter', halves.charterPayload, [halves.rootKeys[1] as KeyPair]);

const VALID: readonly ValidCase[] = [
  ...(['record', 'log', 'witness', 'transport'] as const).map((usage) =>
    found(`the ${usage} key of Arcadia, among the keys of two states`, {
      charters: both,
      certificates: all,
      key: arcadia.keys[usage],
      usage,
    }),
  ),
  found(
    'the record key of Borealis, whose charter comes second',
    { charters: both, certificates: all, key: borealis.keys.record },
    { state: borealis },
  ),
  found('1.4: the first second', { certificates: all.slice(0, 4), key: recordKey, at: BEGIN_SECONDS }),
  found('1.4: the last second', { certificates: all.slice(0, 4), key: recordKey, at: END_SECONDS - 1 }),
  found('1.4: the only second of a certificate, at time 0', {
    certificates: [
      certified(arcadia, 'log', arcadia.keys.log, [
        [5, 0],
        [4, 1],
      ]),
    ],
    key: arcadia.keys.log,
    usage: 'log',
    at: 0,
  }),
  found('1.4: a second before the last of the year 9999', {
    certificates: [
      certified(arcadia, 'log', arcadia.keys.log, [
        [5, LAST_SECOND - 1],
        [4, LAST_SECOND],
      ]),
    ],
    key: arcadia.keys.log,
    usage: 'log',
    at: LAST_SECOND - 1,
  }),
  found(
    '6.6: the last second of the charter',
    {
      charters: [ended.charter],
      certificates: [certified(ended, 'log', arcadia.keys.log)],
      key: arcadia.keys.log,
      usage: 'log',
    },
    { state: ended },
  ),
  found('6.6: the time of issue of the charter is not asked for', {
    certificates: [
      certified(arcadia, 'log', arcadia.keys.log, [
        [5, 1000],
        [4, 2000],
      ]),
    ],
    key: arcadia.keys.log,
    usage: 'log',
    at: 1000,
  }),
  renewal('6.6: two certificates, before the second begins', 1499, [FIRST, SECOND], 9, 'secret'),
  renewal('6.6: two that are valid: the earlier one counts', 1500, [FIRST, SECOND], 9, 'secret'),
  renewal('6.6: two that are valid, in the other order', 1999, [SECOND, FIRST], 9, 'secret'),
  renewal('6.6: two certificates, from the end of the first on', 2000, [FIRST, SECOND], 1, 'restricted'),
  renewal(
    '6.6: two that begin at one time: the lowest id counts',
    1100,
    [FIRST, LOW, SECOND],
    2,
    'restricted',
  ),
  renewal('6.6: two that begin at one time, in the other order', 1100, [LOW, FIRST], 2, 'restricted'),
  renewal('6.6: two that begin at one time, one of which has ended', 1200, [LOW, FIRST], 9, 'secret'),
  found(
    '3.5: the scope of the certificate',
    {
      certificates: [
        certified(arcadia, 'record', recordKey, [
          ['scope', record({ types: ['norm', 'incident'], max: 'secret' })],
        ]),
      ],
      key: recordKey,
    },
    { scope: { types: ['norm', 'incident'], max: 'secret' } },
  ),
  found('6.4: one certificate twice', { certificates: [all[0] as Buffer, all[0] as Buffer], key: recordKey }),
  found('6.1: one charter twice', {
    charters: [arcadia.charter, arcadia.charter],
    certificates: all.slice(0, 4),
    key: recordKey,
  }),
  found(
    '6.1: one charter, signed by two different root keys: one state',
    {
      charters: [halves.charter, halvesAgain],
      certificates: [certified(halves, 'record', recordKey)],
      key: recordKey,
    },
    { state: halves },
  ),
  found(
    '6.2: two states that share a scheme, word for word',
    {
      charters: [arcadia.charter, sharing.charter],
      certificates: [certified(sharing, 'log', keyNamed('log'))],
      key: keyNamed('log'),
      usage: 'log',
    },
    { state: sharing },
  ),
  found('6.5: 256 certificates of a state, and one of another', {
    charters: both,
    certificates: [...crowd.map((key) => certified(arcadia, 'transport', key)), borealis.certificates.log],
    key: crowd[63] as KeyPair,
    usage: 'transport',
  }),
  found('6.5: a certificate that is given twice counts once', {
    certificates: [
      ...crowd.map((key) => certified(arcadia, 'transport', key)),
      certified(arcadia, 'transport', crowd[0] as KeyPair),
    ],
    key: crowd[0] as KeyPair,
    usage: 'transport',
  }),
];

export const keyVectors: VectorFile = {
  topic: 'charter',
  name: 'keys',
  op: 'key.resolve',
  grammar: { charters: 'charter', certificates: 'key-certificate' },
  valid: VALID,
};
