// Invalid vectors of charter.md §2: charters that fit the grammar and contradict themselves, and such as are too large.

import { hex, type Item, map, Raw, record } from '../cbor-text.ts';
import { level, named, scheme } from '../label/forms.ts';
import { coseKey, type KeyPair } from '../signing.ts';
import { arcadia } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { type Change, charterWith, contact, keyNamed, nested, rooted, signedAs } from './forms.ts';
import { charterOfBytes, charterOfItems } from './sizes.ts';

const of = (code: string, clause: string, comment: string, charter: Uint8Array): InvalidCase => ({
  comment,
  in: { charter: hex(charter) },
  code,
  clause,
});
/** A charter of Arcadia with these changes, which its root keys sign. */
const changed = (code: string, clause: string, comment: string, ...changes: readonly Change[]): InvalidCase =>
  of(code, clause, comment, signedAs('charter', charterWith(...changes)));
const identity = (
  code: string,
  clause: string,
  comment: string,
  ...changes: readonly Change[]
): InvalidCase => changed(`identity.${code}`, clause, comment, ...changes);

const [ROOT_1, ROOT_2] = arcadia.rootKeys as [KeyPair, KeyPair];
const NEXT = keyNamed('next root key');
const languages = (...tags: readonly Item[]): Change => ['contacts', [contact('technical', 'tel:+1', tags)]];
/** The second root key replaced by these bytes, or by another COSE_Key. */
const secondKey = (key: Item | Uint8Array): Change => [
  'keys',
  [coseKey(ROOT_1.publicKey), key instanceof Uint8Array ? coseKey(key) : key],
];
const ofScheme = (document: Item): Change => ['scheme', document];

const CONTENT: readonly InvalidCase[] = [
  identity('charter-version', '2.2', 'version 2', ['v', 2]),
  identity('charter-version', '2.2', 'version 0', ['v', 0]),
  identity(
    'charter-version',
    '2.2',
    'version 2 with the digest of version 1',
    ['v', 2],
    ['prev', arcadia.id],
  ),
  identity('bad-threshold', '2.1', 'a threshold of 0', ['k', 0]),
  identity('bad-threshold', '2.1', 'a threshold of 3 for two root keys', ['k', 3]),
  identity('bad-threshold', '2.1', 'a threshold of 0 for the next keys', ['nextk', 0]),
  identity('bad-threshold', '2.1', 'a threshold of 2 for one next key', ['nextk', 2]),
  of(
    'identity.duplicate-key',
    '2.3',
    'one root key twice, so that one signature would be half of them',
    signedAs('charter', charterWith(...rooted([ROOT_1, ROOT_1, ROOT_2], 2))),
  ),
  identity('duplicate-key', '2.3', 'one next key id twice', ['nextd', [NEXT.keyId, NEXT.keyId]]),
  identity('next-key-in-use', '2.3', 'the id of a root key among the next ones', [
    'nextd',
    [NEXT.keyId, ROOT_2.keyId],
  ]),
  identity('unsupported-algorithm', '2.4', 'algorithm -8, which leaves the curve open', ['algs', [-8]]),
  identity('unsupported-algorithm', '2.4', 'algorithms -19 and -7', ['algs', [-19, -7]]),
  identity('unsupported-algorithm', '2.4', 'algorithm -19 twice', ['algs', [-19, -19]]),
  identity('duplicate-entry', '2.5', 'a legal profile twice', ['legal', ['nis2', 'dora', 'nis2']]),
  identity('duplicate-entry', '2.5', 'a language of a contact twice', languages('en', 'fr', 'en')),
  identity('bad-validity', '2.1', 'an end at the time of issue', [4, 1_795_428_000]),
  identity('bad-validity', '2.1', 'an end before the time of issue', [4, 1_795_427_999]),
  changed(
    'ed25519.public-key-small-order',
    'keys 1.2',
    'a root key of small order',
    secondKey(Buffer.alloc(32)),
  ),
  changed(
    'ed25519.public-key-not-canonical',
    'keys 1.2',
    'a root key whose y is 2^255 - 16',
    secondKey(Buffer.from(`f0${'ff'.repeat(30)}7f`, 'hex')),
  ),
  changed(
    'ed25519.public-key-not-on-curve',
    'keys 1.2',
    'a root key whose y is 2, which is no point',
    secondKey(Buffer.from(`02${'00'.repeat(31)}`, 'hex')),
  ),
  changed(
    'ed25519.public-key-mixed-order',
    'keys 1.2',
    'a root key that is 5 B and a point of order 8',
    secondKey(Buffer.from('d0424b701d60255de5df705071059ccd22b8349bb4138202ebbd65e9e0ad211b', 'hex')),
  ),
  changed('cose.bad-key', 'keys 1.3', 'a root key of 31 bytes', secondKey(Buffer.alloc(31, 7))),
  changed(
    'cose.bad-key',
    'keys 1.3',
    'a root key as bytes',
    secondKey(new Raw(`5820${hex(ROOT_2.publicKey)}`)),
  ),
  changed(
    'cose.bad-key',
    'keys 1.3',
    'a root key with its private key',
    secondKey(map([1, 1], [3, -19], [-1, 6], [-2, ROOT_2.publicKey], [-4, Buffer.alloc(32, 2)])),
  ),
  changed('label.bad-text', 'label 1.3', 'a name of 161 characters', ['names', named('n'.repeat(161))]),
  changed('label.bad-text', 'label 1.3', 'a name with a right-to-left mark', [
    'names',
    record({ en: 'Arcadia\u200f' }),
  ]),
  changed(
    'label.bad-rank',
    'label 1.5',
    'a scheme that begins with rank 1',
    ofScheme(scheme('s', [level('a', 1)])),
  ),
  changed(
    'label.duplicate',
    'label 1.7',
    'a scheme with two levels of one id',
    ofScheme(scheme('s', [level('a', 0), level('a', 1)])),
  ),
  of('cbor.too-many-bytes', '1.1', 'a charter of 65537 bytes', charterOfBytes(65_537).message),
  of('cbor.too-many-items', '1.1', 'a charter whose payload has 4097 items', charterOfItems(4097).message),
  changed('cbor.too-deep', '1.1', 'a charter whose payload has depth 17', ['legal', nested(16)]),
];

export const chartersRefused: VectorFile = {
  topic: 'charter',
  name: 'charters-content',
  op: 'charter.verify',
  invalid: CONTENT,
};
