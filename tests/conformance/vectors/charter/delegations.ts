// Vectors of charter.md 3.7 to 3.13: certificates of delegates, and those that delegates sign.

import { hex } from '../cbor-text.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, certificatePayload, END_SECONDS } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import {
  AGENCY,
  AGENCY_ONE,
  DELEGATED_SECONDS,
  delegate,
  delegated,
  LAST_BEGIN,
  MINISTRY,
  MINISTRY_ONE,
  MINISTRY_TWO,
  membersBelow,
  OFFICE,
  OFFICE_ONE,
  OFFICE_TWO,
  scopeOf,
  subDelegate,
} from './delegates.ts';
import { type Change, certificateOut, certified, keyNamed, type Named } from './forms.ts';
import { asked } from './keys.ts';

const input = (certificate: Uint8Array): ValidCase['in'] => ({
  certificate: hex(certificate),
  charter: hex(arcadia.charter),
});
const idOf = (key: KeyPair): string =>
  hex(
    certificatePayload(arcadia.idText, 'record', key).entries.find(([each]) => each === 7)?.[1] as Uint8Array,
  );

function valid(
  comment: string,
  certificate: Buffer,
  key: KeyPair,
  changes: readonly Change[],
  more: Named,
): ValidCase {
  const payload = certificatePayload(arcadia.idText, 'record', key, [...new Map(changes)]);
  return { comment, in: input(certificate), out: { ...certificateOut(payload, key), ...more } };
}

const root = (comment: string, depth: number, changes: readonly Change[] = []): ValidCase =>
  valid(comment, delegate(MINISTRY, depth, changes), MINISTRY, [['use', 'delegate'], ...changes], { depth });
/** The record key of an office under a ministry with these limits. */
const below = (comment: string, above: readonly Change[], changes: readonly Change[]): ValidCase => {
  const by = delegate(MINISTRY, 1, above);
  return valid(comment, delegated(OFFICE, by, [MINISTRY], changes), OFFICE, membersBelow(by, changes), {
    delegatorIds: [idOf(MINISTRY)],
  });
};
const span = (begin: number, end: number): readonly Change[] => [
  [5, begin],
  [4, end],
];
const types = scopeOf(undefined, ['incident', 'sighting']);

const VALID: readonly ValidCase[] = [
  root('3.7: a delegate that may certify record keys', 1),
  root('3.7: a delegate that may certify delegates', 2),
  root('3.5: a delegate for two types and a level', 1, [scopeOf('restricted', ['incident', 'sighting'])]),
  valid('3.8: a record key that a ministry certifies', OFFICE_ONE, OFFICE, membersBelow(MINISTRY_ONE), {
    delegatorIds: [idOf(MINISTRY)],
  }),
  valid(
    '3.9: a delegate that a delegate certifies',
    AGENCY_ONE,
    AGENCY,
    membersBelow(MINISTRY_TWO, [['use', 'delegate']]),
    { depth: 1, delegatorIds: [idOf(MINISTRY)] },
  ),
  valid(
    '3.7: a record key two certificates below the root keys',
    OFFICE_TWO,
    OFFICE,
    membersBelow(AGENCY_ONE),
    {
      delegatorIds: [idOf(AGENCY), idOf(MINISTRY)],
    },
  ),
  below(
    '3.10: the scope of the delegate',
    [scopeOf('restricted', ['incident'])],
    [scopeOf('restricted', ['incident'])],
  ),
  below(
    '3.10: one of its types, and a lower level',
    [scopeOf('secret', ['incident', 'sighting'])],
    [scopeOf('unclassified', ['sighting'])],
  ),
  below('3.10: a delegate without limits', [], [scopeOf('secret', ['incident'])]),
  below('3.10: a level where the delegate has only types', [types], [scopeOf('secret', ['incident'])]),
  below('3.11: the last 90 days of the delegate', [], span(LAST_BEGIN, END_SECONDS)),
  below('3.11: all the time of a delegate that has as long', span(1000, 2000), span(1000, 2000)),
];

const refused = (code: string, clause: string, comment: string, certificate: Uint8Array): InvalidCase => ({
  comment,
  in: input(certificate),
  code,
  clause,
});
const byMinistry = (changes: readonly Change[], above: readonly Change[] = [], depth = 1): Buffer =>
  delegated(OFFICE, delegate(MINISTRY, depth, above), [MINISTRY], changes);
const wider = (comment: string, above: Change, own: Change): InvalidCase =>
  refused('identity.delegation-wider', '3.10', comment, byMinistry([own], [above]));
const outlives = (comment: string, above: readonly Change[], own: readonly Change[]): InvalidCase =>
  refused('identity.delegation-outlives', '3.11', comment, byMinistry(own, above));
const broken = Buffer.from(OFFICE_ONE);
broken[broken.length - 1] = (broken.at(-1) as number) ^ 1;
const UNSIGNED = delegate(MINISTRY, 1).subarray();
const brokenAbove = Buffer.from(UNSIGNED);
brokenAbove[brokenAbove.length - 1] = (brokenAbove.at(-1) as number) ^ 1;

const REFUSED: readonly InvalidCase[] = [
  refused('cbor.shape', '3.7', 'a depth of 0', delegate(MINISTRY, 0)),
  refused('cbor.shape', '3.7', 'a depth of 3', delegate(MINISTRY, 3)),
  refused('cbor.shape', '3.1', 'an empty certificate above', byMinistry([['by', Buffer.alloc(0)]])),
  refused('cbor.shape', '3.1', 'a certificate above of 8193 bytes', byMinistry([['by', Buffer.alloc(8193)]])),
  refused(
    'identity.depth-without-delegate',
    '3.7',
    'a delegate without a depth',
    delegate(MINISTRY, undefined as never),
  ),
  refused(
    'identity.depth-without-delegate',
    '3.7',
    'a record key with a depth',
    certified(arcadia, 'record', OFFICE, [['depth', 1]]),
  ),
  refused('identity.forged', '3.8', 'a signature that is not good', broken),
  refused(
    'identity.forged',
    '3.8',
    'a signature above that is not good',
    delegated(OFFICE, brokenAbove, [MINISTRY]),
  ),
  refused(
    'cose.unknown-signer',
    '3.8',
    'signed by another key than the delegate has',
    delegated(OFFICE, MINISTRY_ONE, [keyNamed('somebody')]),
  ),
  refused(
    'cose.unknown-signer',
    '3.8',
    'signed by the root keys, and names a delegate',
    delegated(OFFICE, MINISTRY_ONE, arcadia.rootKeys),
  ),
  refused(
    'cose.unknown-signer',
    '3.8',
    'signed by the delegate and by a root key',
    delegated(OFFICE, MINISTRY_ONE, [MINISTRY, arcadia.rootKeys[0] as KeyPair]),
  ),
  refused(
    'cose.unknown-signer',
    '3.2',
    'signed by a delegate, and does not name it',
    certified(arcadia, 'record', OFFICE, [], [MINISTRY]),
  ),
  refused(
    'identity.wrong-usage',
    '3.8',
    'the certificate above is that of a record key',
    delegated(OFFICE, certified(arcadia, 'record', MINISTRY), [MINISTRY]),
  ),
  refused(
    'identity.wrong-issuer',
    '3.8',
    'the certificate above is of another state',
    delegated(OFFICE, borealis.certificates.record, [borealis.keys.record]),
  ),
  refused(
    'identity.wrong-document',
    '3.8',
    'a charter above',
    delegated(OFFICE, arcadia.charter, [MINISTRY]),
  ),
  ...(['log', 'witness', 'transport'] as const).map((use) =>
    refused(
      'identity.delegated-usage',
      '3.9',
      `a delegate certifies a ${use} key`,
      byMinistry([['use', use]]),
    ),
  ),
  refused(
    'identity.delegation-too-deep',
    '3.9',
    'a delegate of depth 1 certifies a delegate',
    subDelegate(AGENCY, MINISTRY_ONE, [MINISTRY]),
  ),
  refused(
    'identity.delegation-too-deep',
    '3.9',
    'a delegate of depth 2 certifies one of depth 2',
    subDelegate(AGENCY, MINISTRY_TWO, [MINISTRY], [['depth', 2]]),
  ),
  refused(
    'identity.delegation-too-deep',
    '3.7',
    'a record key three certificates below the root keys',
    delegated(OFFICE, subDelegate(keyNamed('third'), AGENCY_ONE, [AGENCY]), [keyNamed('third')]),
  ),
  wider('no types where the delegate has some', types, scopeOf()),
  wider('a type that the delegate does not have', types, scopeOf(undefined, ['incident', 'norm'])),
  wider('no level where the delegate has one', scopeOf('restricted'), scopeOf()),
  wider('a level above that of the delegate', scopeOf('restricted'), scopeOf('secret')),
  wider(
    'types of the delegate and no level',
    scopeOf('restricted', ['incident']),
    scopeOf(undefined, ['incident']),
  ),
  refused(
    'identity.delegation-wider',
    '3.10',
    'within the scope of the agency, which is wider than that of the ministry',
    delegated(
      OFFICE,
      subDelegate(AGENCY, delegate(MINISTRY, 2, [scopeOf('restricted')]), [MINISTRY], [scopeOf('secret')]),
      [AGENCY],
      [scopeOf('restricted')],
    ),
  ),
  outlives('begins a second before the delegate', span(1000, 2000), span(999, 2000)),
  outlives('ends a second after the delegate', span(1000, 2000), span(1000, 2001)),
  refused(
    'identity.validity-too-long',
    '3.11',
    '90 days and a second',
    byMinistry(span(BEGIN_SECONDS, BEGIN_SECONDS + DELEGATED_SECONDS + 1)),
  ),
  refused(
    'identity.key-reused',
    '3.12',
    'a delegate certifies its own key',
    subDelegate(MINISTRY, MINISTRY_TWO, [MINISTRY]),
  ),
  refused(
    'identity.key-reused',
    '3.12',
    'the key of the ministry, two certificates below it',
    delegated(MINISTRY, AGENCY_ONE, [AGENCY]),
  ),
];

const LATER = BEGIN_SECONDS + 1000;
const renewed = delegated(
  OFFICE,
  MINISTRY_ONE,
  [MINISTRY],
  [[5, LATER], [7, Buffer.alloc(16, 2)], scopeOf('restricted')],
);
const resolved = (comment: string, certificates: readonly Buffer[], at: number, more: Named): ValidCase => ({
  comment,
  in: asked({ certificates, key: OFFICE, at }),
  out: {
    state: arcadia.idText,
    publicKey: hex(OFFICE.publicKey),
    certificateId: idOf(OFFICE),
    scope: {},
    ...more,
  },
});
const end = BEGIN_SECONDS + DELEGATED_SECONDS;

const RESOLVED: readonly ValidCase[] = [
  resolved(
    '6.6: a key that a ministry has certified, without the certificate of the ministry',
    [OFFICE_ONE],
    LATER,
    {},
  ),
  resolved('6.6: with it', [OFFICE_ONE, MINISTRY_ONE], LATER, {}),
  resolved('6.3: two certificates by one delegate', [OFFICE_ONE, renewed], LATER, {}),
  resolved('6.6: two certificates below the root keys', [OFFICE_TWO], end - 1, {}),
];

const unresolved = (
  code: string,
  clause: string,
  comment: string,
  certificates: readonly Buffer[],
  more: { readonly at?: number; readonly key?: KeyPair } = {},
): InvalidCase => ({
  comment,
  in: asked({ certificates, key: OFFICE, ...more }),
  code: `identity.${code}`,
  clause,
});

const UNRESOLVED: readonly InvalidCase[] = [
  unresolved('expired', '6.6', 'the end of what a ministry has certified', [OFFICE_ONE], { at: end }),
  unresolved('wrong-usage', '6.6', 'the key of a ministry as record key', [MINISTRY_ONE], { key: MINISTRY }),
  unresolved(
    'unknown-key',
    '6.6',
    'the key of a ministry that is known from a certificate below it',
    [OFFICE_ONE],
    {
      key: MINISTRY,
    },
  ),
  unresolved('key-reused', '6.3', 'one key by a ministry and by an agency', [
    OFFICE_ONE,
    delegated(OFFICE, AGENCY_ONE, [AGENCY], [[7, Buffer.alloc(16, 3)]]),
  ]),
  unresolved('key-reused', '6.3', 'one key by a ministry and by the root keys', [
    certified(arcadia, 'record', OFFICE, [[7, Buffer.alloc(16, 3)]]),
    OFFICE_ONE,
  ]),
];

export const delegationVectors: readonly VectorFile[] = [
  {
    topic: 'charter',
    name: 'delegations',
    op: 'certificate.verify',
    grammar: { certificate: 'key-certificate' },
    valid: VALID,
  },
  { topic: 'charter', name: 'delegations', op: 'certificate.verify', invalid: REFUSED },
  { topic: 'charter', name: 'delegated-keys', op: 'key.resolve', valid: RESOLVED },
  { topic: 'charter', name: 'delegated-keys', op: 'key.resolve', invalid: UNRESOLVED },
];
