// Vectors of key-state.md §1: key states.

import { cbor, hex, type Item, map } from '../cbor-text.ts';
import { type ChainLink, FIRST_CHARTER, SECOND_CHARTER, THIRD_KEYS } from '../charter/chain-forms.ts';
import {
  type Change,
  DAY_SECONDS,
  framed,
  keysNamed,
  LAST_SECOND,
  signatureBy,
  signedAs,
} from '../charter/forms.ts';
import { clauseOf } from '../clause.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, borealis, typ } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import {
  after,
  ended,
  entry,
  ISSUED_SECONDS,
  idsOf,
  type KeyStateDocument,
  keyStateOf,
  keyStateOut,
} from './forms.ts';

const { record, log } = arcadia.keys;
const [ROOT_1, ROOT_2] = arcadia.rootKeys as [KeyPair, KeyPair];
const FIRST = keyStateOf(arcadia);
/** The worked example of the chapter: the record key was stolen three days before. */
export const EXAMPLE: KeyStateDocument = keyStateOf(arcadia, SECOND_CHARTER, [
  ...ended(record, 'revoked', entry(record, ISSUED_SECONDS - 3 * DAY_SECONDS, 'compromised')),
  ['superseded', [entry(keysNamed('former log key', 1)[0] as KeyPair, ISSUED_SECONDS + DAY_SECONDS)]],
]);

const inOf = (charters: readonly ChainLink[], message: Uint8Array): ValidCase['in'] => ({
  keyState: hex(message),
  charters: charters.map((each) => hex(each.message)),
});

function valid(
  comment: string,
  document: KeyStateDocument,
  charters: readonly ChainLink[] = [FIRST_CHARTER],
): ValidCase {
  return { comment, in: inOf(charters, document.message), out: keyStateOut(document) };
}
const first = (comment: string, ...changes: readonly Change[]): ValidCase =>
  valid(comment, keyStateOf(arcadia, FIRST_CHARTER, changes));

const ROOT = Buffer.alloc(32, 7);
const many = keysNamed('key', 512);
const ends = (keys: readonly KeyPair[], from: number, ...reason: readonly Item[]): Item[] =>
  idsOf(keys).map((kid): Item => [kid, from, ...reason]);

const VALID: readonly ValidCase[] = [
  valid('the key state of key-state.md §0', EXAMPLE, [FIRST_CHARTER, SECOND_CHARTER]),
  valid('four live keys', FIRST),
  valid('1.2: the second version', after(FIRST, [])),
  first('1.2: no key at all', ['live', []]),
  first('1.2: 512 live keys', ['live', idsOf(many)]),
  first('1.2: 512 superseded keys', ['live', []], ['superseded', ends(many, 0)]),
  first('1.2: 512 revoked keys', ['live', []], ['revoked', ends(many, ISSUED_SECONDS, 'withdrawn')]),
  ...(['compromised', 'lost', 'misissued', 'withdrawn'] as const).map((reason) =>
    first(`1.8: the reason ${reason}`, ...ended(log, 'revoked', entry(log, 0, reason))),
  ),
  first(
    '1.7: superseded from a time that has not come',
    ...ended(log, 'superseded', entry(log, LAST_SECOND)),
  ),
  first(
    '1.7: revoked from the second of the issue',
    ...ended(log, 'revoked', entry(log, ISSUED_SECONDS, 'lost')),
  ),
  first('1.9: a log that has ended', ['logs', [[[5, ROOT], ISSUED_SECONDS, 'compromised']]]),
  first('1.9: a log of which nothing stands', ['logs', [[null, 0, 'lost']]]),
  first('1.9: 8 logs that have ended', [
    'logs',
    Array.from({ length: 8 }, (): Item => [[1, ROOT], 7, 'lost']),
  ]),
  first('1.9: an ended log of the largest size', ['logs', [[[Number.MAX_SAFE_INTEGER, ROOT], 0, 'lost']]]),
  first('1.4: 7 days', [4, ISSUED_SECONDS + 7 * DAY_SECONDS]),
  first('1.4: 30 days', [4, ISSUED_SECONDS + 30 * DAY_SECONDS]),
  valid(
    '1.2: the last version',
    keyStateOf(arcadia, FIRST_CHARTER, [
      ['v', 4_294_967_295],
      ['prev', FIRST.digest],
    ]),
  ),
];

const refused = (
  code: string,
  clause: string,
  comment: string,
  message: Uint8Array,
  charters: readonly ChainLink[] = [FIRST_CHARTER],
): InvalidCase => ({ comment, in: inOf(charters, message), code, clause });
const bad = (code: string, clause: string, comment: string, ...changes: readonly Change[]): InvalidCase =>
  refused(code, clause, comment, keyStateOf(arcadia, FIRST_CHARTER, changes).message);
const shape = (comment: string, ...changes: readonly Change[]): InvalidCase =>
  bad('cbor.shape', clauseOf(comment), comment, ...changes);

const live = idsOf(Object.values(arcadia.keys));
const TYP = typ('key-state');
const overOther = [...arcadia.rootKeys]
  .sort((a, b) => Buffer.compare(a.keyId, b.keyId))
  .map((key) => signatureBy(key, TYP, cbor(after(FIRST, []).payload)));

const REFUSED: readonly InvalidCase[] = [
  ...[1, 4, 6, 'v', 'live', 'prev', 'charter', 'revoked', 'superseded'].map((key) =>
    shape(`1.2: without ${key}`, [key, undefined]),
  ),
  shape('1.2: a member that no key state has', ['note', 'x']),
  shape('1.2: version 0', ['v', 0], ['prev', FIRST.digest]),
  shape('1.2: a version of more than four bytes', ['v', 4_294_967_296], ['prev', FIRST.digest]),
  shape('1.2: version 2 without a digest', ['v', 2]),
  shape('1.2: version 1 with a digest', ['prev', FIRST.digest]),
  shape('1.2: a digest of 31 bytes', ['v', 2], ['prev', Buffer.alloc(31)]),
  shape('1.2: 513 live keys', ['live', idsOf(keysNamed('key', 513))]),
  shape('1.2: a key instead of its id', ['live', [Buffer.alloc(33)]]),
  shape('1.2: a revoked key without a reason', ['live', []], ['revoked', [entry(log, 0)]]),
  shape('1.2: a superseded key with a reason', ['live', []], ['superseded', [entry(log, 0, 'lost')]]),
  shape('1.8: another reason', ['live', []], ['revoked', [entry(log, 0, 'stolen')]]),
  shape('1.2: a time before 1970', ['live', []], ['superseded', [entry(log, -1)]]),
  refused(
    'identity.wrong-document',
    '1.1',
    'the typ of a charter',
    signedAs('charter', FIRST.payload, arcadia.rootKeys),
  ),
  refused(
    'identity.wrong-charter',
    '1.1',
    'under the first charter, where there is a second',
    FIRST.message,
    [FIRST_CHARTER, SECOND_CHARTER],
  ),
  refused(
    'identity.wrong-charter',
    '1.1',
    'under the second charter, where it is not at hand',
    EXAMPLE.message,
  ),
  bad('identity.wrong-charter', '1.1', 'under a charter that nobody has', ['charter', Buffer.alloc(32)]),
  refused(
    'cose.below-threshold',
    '1.1',
    'signed by one root key of two',
    keyStateOf(arcadia, FIRST_CHARTER, [], [ROOT_1]).message,
  ),
  refused(
    'cose.unknown-signer',
    '1.1',
    'signed by the next root keys too',
    keyStateOf(arcadia, FIRST_CHARTER, [], [ROOT_1, ROOT_2, THIRD_KEYS[0] as KeyPair]).message,
  ),
  refused(
    'cose.unknown-signer',
    '1.1',
    'under the second charter, signed by the root keys of the first',
    keyStateOf(arcadia, SECOND_CHARTER, [], arcadia.rootKeys).message,
    [FIRST_CHARTER, SECOND_CHARTER],
  ),
  refused(
    'identity.forged',
    '1.1',
    'signatures over another version',
    framed(TYP, cbor(FIRST.payload), overOther),
  ),
  bad('identity.wrong-issuer', '1.3', 'of another state', [1, borealis.idText]),
  bad('identity.key-state-term', '1.4', 'a second less than 7 days', [
    4,
    ISSUED_SECONDS + 7 * DAY_SECONDS - 1,
  ]),
  bad('identity.key-state-term', '1.4', 'a second more than 30 days', [
    4,
    ISSUED_SECONDS + 30 * DAY_SECONDS + 1,
  ]),
  bad('identity.key-state-term', '1.4', 'an end before the time of issue', [4, ISSUED_SECONDS - 1]),
  bad('identity.unsorted-keys', '1.5', 'live keys in descending order', ['live', [...live].reverse()]),
  bad('identity.unsorted-keys', '1.5', 'revoked keys in descending order', [
    'revoked',
    ends(many.slice(0, 2), 0, 'lost').reverse(),
  ]),
  bad('identity.unsorted-keys', '1.5', 'superseded keys in descending order', [
    'superseded',
    ends(many.slice(0, 2), 0).reverse(),
  ]),
  bad('identity.duplicate-key', '1.5', 'a live key twice', ['live', [live[0] as Buffer, ...live]]),
  bad('identity.duplicate-key', '1.5', 'a live key that is revoked too', [
    'revoked',
    [entry(log, 0, 'lost')],
  ]),
  bad(
    'identity.duplicate-key',
    '1.5',
    'a revoked key that is superseded too',
    ...ended(log, 'revoked', entry(log, 0, 'lost')),
    ['superseded', [entry(log, 0)]],
  ),
  bad('identity.key-reused', '1.6', 'a root key among the live ones', ['live', idsOf([ROOT_1, log])]),
  bad('identity.key-reused', '1.6', 'a next root key is revoked', [
    'revoked',
    [[SECOND_CHARTER.rootKeys[0]?.keyId as Buffer, 0, 'lost']],
  ]),
  bad(
    'identity.revoked-ahead',
    '1.7',
    'revoked from a second after the issue',
    ...ended(log, 'revoked', entry(log, ISSUED_SECONDS + 1, 'lost')),
  ),
  shape('1.9: an empty list of logs', ['logs', []]),
  shape('1.9: 9 logs', ['logs', Array.from({ length: 9 }, (): Item => [null, 7, 'lost'])]),
  shape('1.9: a log that has ended with no leaf', ['logs', [[[0, ROOT], 7, 'lost']]]),
  shape('1.9: a negative size', ['logs', [[[-1, ROOT], 7, 'lost']]]),
  shape('1.9: a root of 31 bytes', ['logs', [[[5, ROOT.subarray(1)], 7, 'lost']]]),
  shape('1.9: a size without a root', ['logs', [[[5], 7, 'lost']]]),
  shape('1.9: another reason', ['logs', [[null, 7, 'withdrawn']]]),
  shape('1.9: without a time', ['logs', [[null, 'lost']]]),
  bad('identity.log-end-time', '1.9', 'a log that ends a second after the issue', [
    'logs',
    [[null, ISSUED_SECONDS + 1, 'lost']],
  ]),
  bad('identity.log-end-time', '1.9', 'a log that has ended before the one before it', [
    'logs',
    [
      [null, 7, 'lost'],
      [null, 6, 'lost'],
    ],
  ]),
  bad('cbor.shape', '1.2', 'lists as a map', ['live', map()]),
];

export const documentVectors: readonly VectorFile[] = [
  {
    topic: 'key-state',
    name: 'documents',
    op: 'key-state.verify',
    grammar: { keyState: 'key-state' },
    valid: VALID,
  },
  { topic: 'key-state', name: 'documents', op: 'key-state.verify', invalid: REFUSED },
];
