// Invalid vectors of charter.md §3: certificates with one rule broken each.

import { hex, type Item, map, record } from '../cbor-text.ts';
import { clauseOf } from '../clause.ts';
import { identifiers } from '../label/forms.ts';
import { coseKey, type KeyPair, keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, type Usage } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { addresses, LONGEST_SECONDS } from './certificates.ts';
import { type Change, certified, LAST_SECOND, stateWith } from './forms.ts';

const of = (
  code: string,
  clause: string,
  comment: string,
  certificate: Uint8Array,
  charter = arcadia.charter,
): InvalidCase => ({
  comment,
  in: { certificate: hex(certificate), charter: hex(charter) },
  code,
  clause,
});
/** A certificate for a key of Arcadia with these changes, which its root keys sign. */
const changed = (
  code: string,
  clause: string,
  comment: string,
  usage: Usage,
  ...changes: readonly Change[]
): InvalidCase => of(code, clause, comment, certified(arcadia, usage, arcadia.keys[usage], changes));
const shape = (comment: string, usage: Usage, ...changes: readonly Change[]): InvalidCase =>
  changed('cbor.shape', clauseOf(comment), comment, usage, ...changes);
const scope = (types: Item | undefined, max?: Item): Change => ['scope', record({ types, max })];
const confirmed = (...entries: readonly (readonly [Item, Item])[]): Change => [8, map(...entries)];

const FORM: readonly InvalidCase[] = [
  ...[1, 2, 4, 5, 6, 7, 8, 'use', 'scope'].map((key) =>
    shape(`3.1: without ${key}`, 'log', [key, undefined]),
  ),
  shape('3.1: a member that no certificate has', 'log', ['crl', 'x']),
  shape('3.1: an audience, which CWT has and a certificate has not', 'log', [3, 'x']),
  shape('3.1: an issuer of 63 digits', 'log', [1, arcadia.idText.slice(1)]),
  shape('keys 6.1: an issuer in capitals', 'log', [1, arcadia.idText.toUpperCase()]),
  shape('keys 6.1: an issuer as bytes', 'log', [1, arcadia.id]),
  shape('3.1: an empty subject', 'log', [2, '']),
  shape('3.1: a subject of 321 bytes', 'log', [2, 's'.repeat(321)]),
  shape('3.1: a subject of 322 bytes and 161 characters', 'log', [2, 'é'.repeat(161)]),
  shape('1.3: a subject of two lines', 'log', [2, 'one\ntwo']),
  shape('1.3: a subject that isolates direction', 'log', [2, 'a\u2067b']),
  shape('1.3: a begin before 1970', 'log', [5, -1]),
  shape('1.3: an end in the year 10000', 'log', [4, LAST_SECOND + 1]),
  shape('3.1: an id of 15 bytes', 'log', [7, Buffer.alloc(15, 1)]),
  shape('3.1: an id of 17 bytes', 'log', [7, Buffer.alloc(17, 1)]),
  shape('3.1: an empty confirmation', 'log', confirmed()),
  shape('3.1: a key id as confirmation', 'log', confirmed([3, arcadia.keys.log.keyId])),
  shape(
    '3.1: a key id beside the key',
    'log',
    confirmed([1, coseKey(arcadia.keys.log.publicKey)], [3, arcadia.keys.log.keyId]),
  ),
  shape('3.1: the usage `root`', 'log', ['use', 'root']),
  shape('3.1: the usage in capitals', 'log', ['use', 'Log']),
  shape('3.1: two usages', 'log', ['use', ['log', 'witness']]),
  shape('3.5: a scope of an unknown member', 'record', ['scope', record({ purposes: ['policy-making'] })]),
  shape('3.5: no record types', 'record', scope([])),
  shape('3.5: a record type of 33 characters', 'record', scope(['t'.repeat(33)])),
  shape('3.5: a record type that begins with a digit', 'record', scope(['5g'])),
  shape('3.5: a record type with a dot', 'record', scope(['incident.final'])),
  shape('3.5: 65 record types', 'record', scope(identifiers('type', 65))),
  shape('3.5: a record type in capitals', 'record', scope(['Incident'])),
  shape('3.5: a level as its rank', 'record', scope(undefined, 1)),
  shape('3.6: no addresses', 'transport', ['addrs', []]),
  shape('3.6: 17 addresses', 'transport', ['addrs', addresses(17, 32)]),
  shape('3.6: an address of 257 bytes', 'transport', ['addrs', addresses(1, 257)]),
  shape('3.6: an empty address', 'transport', ['addrs', ['']]),
  shape('3.6: an address of a slash', 'transport', ['addrs', ['/']]),
  shape('3.6: an address that does not begin with a slash', 'transport', ['addrs', ['dns4/a']]),
  shape('3.6: an address that ends with a slash', 'transport', ['addrs', ['/dns4/a/']]),
  shape('3.6: an empty step of an address', 'transport', ['addrs', ['/dns4//a']]),
  shape('3.6: a space in an address', 'transport', ['addrs', ['/dns4/a b']]),
  shape('3.6: a line feed behind an address', 'transport', ['addrs', ['/dns4/a\n']]),
  shape('3.6: a letter that is not ASCII in an address', 'transport', ['addrs', ['/dns4/é']]),
];

const identity = (
  code: string,
  clause: string,
  comment: string,
  usage: Usage,
  ...changes: readonly Change[]
): InvalidCase => changed(`identity.${code}`, clause, comment, usage, ...changes);
const until = (end: number): Change[] => [
  [5, BEGIN_SECONDS],
  [4, end],
];
/** A certificate of Arcadia for this key. */
const forKey = (code: string, clause: string, comment: string, publicKey: Uint8Array): InvalidCase =>
  changed(code, clause, comment, 'log', confirmed([1, coseKey(publicKey)]));

const NEXT = keyPair(0x03);
const nextState = stateWith('XAR', arcadia.rootKeys, ['nextd', [NEXT.keyId]]);

const CONTENT: readonly InvalidCase[] = [
  identity('wrong-issuer', '3.2', 'the issuer is Borealis', 'log', [1, borealis.idText]),
  of(
    'identity.wrong-issuer',
    '3.2',
    'a valid certificate, with the charter of another state',
    arcadia.certificates.log,
    borealis.charter,
  ),
  identity(
    'key-reused',
    '3.3',
    'the first root key',
    'log',
    confirmed([1, coseKey((arcadia.rootKeys[0] as KeyPair).publicKey)]),
  ),
  identity(
    'key-reused',
    '3.3',
    'the second root key',
    'record',
    confirmed([1, coseKey((arcadia.rootKeys[1] as KeyPair).publicKey)]),
  ),
  of(
    'identity.key-reused',
    '3.3',
    'a key that the charter names as a next one',
    certified(nextState, 'log', NEXT),
    nextState.charter,
  ),
  identity('bad-validity', '3.4', 'the end at the begin', 'log', ...until(BEGIN_SECONDS)),
  identity('bad-validity', '3.4', 'the end a second before the begin', 'log', ...until(BEGIN_SECONDS - 1)),
  identity(
    'validity-too-long',
    '3.4',
    '400 days and one second',
    'log',
    ...until(BEGIN_SECONDS + LONGEST_SECONDS + 1),
  ),
  identity('validity-too-long', '3.4', 'from 1970 to 9999', 'log', [5, 0], [4, LAST_SECOND]),
  identity(
    'unknown-level',
    '3.5',
    'a level that the scheme of the charter does not have',
    'record',
    scope(undefined, 'top-secret'),
  ),
  identity('unknown-level', '3.5', 'the portion of a level', 'record', scope(undefined, 's')),
  identity('scope-without-record', '3.5', 'record types of a log key', 'log', scope(['incident'])),
  identity('scope-without-record', '3.5', 'a level of a witness key', 'witness', scope(undefined, 'secret')),
  identity(
    'scope-without-record',
    '3.5',
    'a level of a transport key',
    'transport',
    scope(undefined, 'secret'),
  ),
  identity(
    'duplicate-entry',
    '3.5',
    'a record type twice',
    'record',
    scope(['incident', 'norm', 'incident']),
  ),
  identity('addresses-without-transport', '3.6', 'an address of a record key', 'record', [
    'addrs',
    ['/dns4/a'],
  ]),
  identity('addresses-without-transport', '3.6', 'an address of a log key', 'log', ['addrs', ['/dns4/a']]),
  identity('duplicate-entry', '3.6', 'an address twice', 'transport', ['addrs', ['/dns4/a', '/dns4/a']]),
  forKey(
    'ed25519.public-key-small-order',
    'keys 1.2',
    'the neutral element as key',
    Buffer.from(`01${'00'.repeat(31)}`, 'hex'),
  ),
  forKey(
    'ed25519.public-key-not-canonical',
    'keys 1.2',
    'a key whose y is 2^255 - 16',
    Buffer.from(`f0${'ff'.repeat(30)}7f`, 'hex'),
  ),
  forKey(
    'ed25519.public-key-not-on-curve',
    'keys 1.2',
    'a key whose y is 2',
    Buffer.from(`02${'00'.repeat(31)}`, 'hex'),
  ),
  forKey(
    'ed25519.public-key-mixed-order',
    'keys 1.2',
    'a key that is 5 B and a point of order 8',
    Buffer.from('d0424b701d60255de5df705071059ccd22b8349bb4138202ebbd65e9e0ad211b', 'hex'),
  ),
  forKey('cose.bad-key', 'keys 1.3', 'a key of 33 bytes', Buffer.alloc(33, 7)),
  changed(
    'cose.bad-key',
    'keys 1.3',
    'a key with its key id in it',
    'log',
    confirmed([
      1,
      map([1, 1], [2, arcadia.keys.log.keyId], [3, -19], [-1, 6], [-2, arcadia.keys.log.publicKey]),
    ]),
  ),
];

const file = (name: string, invalid: readonly InvalidCase[]): VectorFile => ({
  topic: 'charter',
  name: `certificates-${name}`,
  op: 'certificate.verify',
  invalid,
});

export const certificatesRefused: readonly VectorFile[] = [file('form', FORM), file('content', CONTENT)];
