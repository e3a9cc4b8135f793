// Invalid vectors of charter.md §6: keys that are not found, and documents that contradict each other.

import { hex } from '../cbor-text.ts';
import { level, scheme } from '../label/forms.ts';
import { type KeyPair, keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS, NOW_SECONDS, type State } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { type Change, certified, keyNamed, keysNamed, signedAs, stateWith } from './forms.ts';
import { asked, type Question, renewed } from './keys.ts';

const { certificates, keys } = arcadia;
const refused = (
  code: string,
  clause: string,
  comment: string,
  question: Partial<Question>,
): InvalidCase => ({
  comment,
  in: asked({ certificates: [certificates.record], key: keys.record, ...question }),
  code: `identity.${code}`,
  clause,
});

const nobody = keyNamed('nobody');
const withId = (keyId: Buffer): KeyPair => ({ ...nobody, keyId });
const next = keyPair(0x03);
const gap = [renewed(1, 1000, 2000, 'secret'), renewed(2, 3000, 4000, 'secret')];
const ended = stateWith('XCA', [keyNamed('ending')], [4, NOW_SECONDS]);

const NOT_FOUND: readonly InvalidCase[] = [
  refused('unknown-key', '6.6', 'no certificate at all', { certificates: [] }),
  refused('unknown-key', '6.6', 'neither charter nor certificate', { charters: [], certificates: [] }),
  refused('unknown-key', '6.6', 'a key that has no certificate', { key: nobody }),
  refused('unknown-key', '6.6', 'a root key, which has no certificate', {
    key: arcadia.rootKeys[0] as KeyPair,
  }),
  refused('unknown-key', '6.6', 'a key that the charter names as the next root key', { key: next }),
  refused('unknown-key', '6.6', 'the public key instead of its key id', {
    key: withId(keys.record.publicKey),
  }),
  refused('unknown-key', '6.6', 'a key id whose last byte is another', {
    key: withId(Buffer.concat([keys.record.keyId.subarray(0, 31), Buffer.from([0])])),
  }),
  refused('unknown-key', '6.6', 'the first 31 bytes of a key id', {
    key: withId(keys.record.keyId.subarray(0, 31)),
  }),
  refused('unknown-key', '6.6', 'a key id with a byte behind it', {
    key: withId(Buffer.concat([keys.record.keyId, Buffer.alloc(1)])),
  }),
  refused('unknown-key', '6.6', 'an empty key id', { key: withId(Buffer.alloc(0)) }),
  refused('wrong-usage', '6.6', 'a log key as record key', {
    certificates: [certificates.log],
    key: keys.log,
  }),
  refused('wrong-usage', '6.6', 'a record key as transport key', { usage: 'transport' }),
  refused('wrong-usage', '6.6', 'a witness key as log key', {
    certificates: [certificates.witness],
    key: keys.witness,
    usage: 'log',
  }),
  refused('not-yet-valid', '1.4', 'the second before the begin', { at: BEGIN_SECONDS - 1 }),
  refused('expired', '1.4', 'the second of the end, which is excluded', { at: END_SECONDS }),
  refused('not-yet-valid', '6.6', 'time 0, long before the begin of the first of two', {
    certificates: gap,
    at: 0,
  }),
  refused('expired', '6.6', 'between the end of a certificate and the begin of the next', {
    certificates: gap,
    at: 2500,
  }),
  refused('expired', '6.6', 'at the end of the last of two certificates', { certificates: gap, at: 4000 }),
  refused('charter-expired', '6.6', 'the end of the charter, which is excluded', {
    charters: [ended.charter],
    certificates: [certified(ended, 'record', keys.record)],
  }),
  refused('charter-expired', '6.6', 'a day after the end of the charter, under a certificate that is valid', {
    charters: [ended.charter],
    certificates: [certified(ended, 'record', keys.record)],
    at: NOW_SECONDS + 86_400,
  }),
];

const both = [arcadia.charter, borealis.charter];
/** Another state that is in nobody's way, but for these changes and root keys. */
const other = (code: string, rootKeys: readonly KeyPair[], ...changes: readonly Change[]): State =>
  stateWith(code, rootKeys, ['scheme', scheme('another', [level('open', 0)])], ...changes);
const root = [keyNamed('another root key')];
const namesake = other('XAR', root);
const falseFriend = other('XCA', root, ['scheme', scheme('xar-2026', [level('unclassified', 0)])]);
const twin = other('XCA', arcadia.rootKeys);
const rootedInRecord = other('XCA', [keys.record]);
const oneOfTwo = stateWith('XAR', arcadia.rootKeys, ['k', 1]);
const byOne = (index: number): Buffer =>
  certified(oneOfTwo, 'record', keys.record, [], [arcadia.rootKeys[index] as KeyPair]);
const crowd = keysNamed('transport key', 257).map((key) => certified(arcadia, 'transport', key));
const twice = (question: Partial<Question>, code: string, clause: string, comment: string): InvalidCase[] => {
  const { charters = [arcadia.charter], certificates: list = [] } = question;
  return [
    refused(code, clause, comment, { charters, certificates: list }),
    refused(code, clause, `${comment}, in the other order`, {
      charters: [...charters].reverse(),
      certificates: [...list].reverse(),
    }),
  ];
};
const { record } = certificates;

const CONTRADICTIONS: readonly InvalidCase[] = [
  ...twice(
    { charters: [arcadia.charter, namesake.charter], certificates: [record] },
    'code-taken',
    '6.2',
    'two states of one code',
  ),
  ...twice(
    { charters: [arcadia.charter, falseFriend.charter], certificates: [record] },
    'scheme-taken',
    '6.2',
    'two schemes under one id',
  ),
  ...twice(
    { charters: [arcadia.charter, twin.charter], certificates: [record] },
    'key-reused',
    '6.3',
    'two states of the same root keys',
  ),
  ...twice(
    { charters: [arcadia.charter, rootedInRecord.charter], certificates: [record] },
    'key-reused',
    '6.3',
    'a certified key that is the root key of another state',
  ),
  ...twice(
    { certificates: [record, certified(arcadia, 'log', keys.record)] },
    'key-reused',
    '6.3',
    'one key with two usages',
  ),
  ...twice(
    { charters: both, certificates: [record, certified(borealis, 'record', keys.record)] },
    'key-reused',
    '6.3',
    'one key of two states',
  ),
  ...twice(
    {
      certificates: [
        record,
        certified(arcadia, 'record', nobody, [[7, Buffer.alloc(16, 1)]]),
        certified(arcadia, 'log', keyNamed('log'), [[7, Buffer.alloc(16, 1)]]),
      ],
    },
    'certificate-id-reused',
    '6.4',
    'one id for two keys',
  ),
  ...twice(
    { charters: [oneOfTwo.charter], certificates: [byOne(0), byOne(1)] },
    'certificate-id-reused',
    '6.4',
    'one payload, signed by two different root keys',
  ),
  refused('too-many-certificates', '6.5', '257 certificates of a state', {
    certificates: crowd,
    key: keysNamed('transport key', 1)[0] as KeyPair,
    usage: 'transport',
  }),
  refused('too-many-certificates', '6.5', '256 certificates of a state and one of another usage', {
    certificates: [...crowd.slice(0, 256), record],
  }),
  refused('wrong-issuer', '3.2', 'a certificate of a state without a charter', {
    charters: [borealis.charter],
  }),
  refused('wrong-issuer', '3.2', 'a certificate, and no charter at all', { charters: [] }),
  refused('wrong-issuer', '3.2', 'one certificate among others is of a state without a charter', {
    certificates: [record, borealis.certificates.record],
  }),
  {
    comment: 'a certificate that is of no use for the question is signed by one root key of two',
    in: {
      ...asked({ certificates: [record], key: keys.record }),
      certificates: [
        hex(record),
        hex(certified(arcadia, 'log', keys.log, [], [arcadia.rootKeys[0] as KeyPair])),
      ],
    },
    code: 'cose.below-threshold',
    clause: 'keys 5.5',
  },
  {
    comment: 'a charter that is of no use for the question is signed by one root key of two',
    in: asked({
      charters: [
        borealis.charter,
        signedAs('charter', arcadia.charterPayload, [arcadia.rootKeys[0] as KeyPair]),
      ],
      certificates: [borealis.certificates.record],
      key: borealis.keys.record,
    }),
    code: 'cose.below-threshold',
    clause: 'keys 5.5',
  },
];

const file = (name: string, invalid: readonly InvalidCase[]): VectorFile => ({
  topic: 'charter',
  name: `keys-${name}`,
  op: 'key.resolve',
  invalid,
});

export const keysRefused: readonly VectorFile[] = [
  file('not-found', NOT_FOUND),
  file('contradictions', CONTRADICTIONS),
];
