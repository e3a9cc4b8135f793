// Vectors of charter.md §7: state cards.

import { cbor, hex, type Item, map, sha256 } from '../cbor-text.ts';
import { clauseOf } from '../clause.ts';
import { keyStateOf } from '../key-state/forms.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, certificatePayload, type State } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { addresses, LONGEST_SECONDS } from './certificates.ts';
import { SECOND_CHARTER } from './chain-forms.ts';
import {
  type Change,
  certified,
  charterWith,
  keyNamed,
  keysNamed,
  LAST_SECOND,
  member,
  nested,
  rooted,
  signedAs,
  stateWith,
} from './forms.ts';
import { charterOfBytes } from './sizes.ts';

const cardOf = (charter: Item, certificates: Item): Buffer => cbor(map([1, charter], [2, certificates]));

/** Certificates of a state for so many transport keys, and their ids. */
function transports(count: number, state: State = arcadia, changes: readonly Change[] = []): Buffer[] {
  return keysNamed('transport key', count).map((key) => certified(state, 'transport', key, changes));
}
const transportIds = (count: number): string[] =>
  keysNamed('transport key', count).map((key) =>
    hex(member(certificatePayload(arcadia.idText, 'transport', key), 7) as Uint8Array),
  );

/** A certificate of Arcadia that has exactly so many bytes, about 4000: padded with addresses and its subject. */
function certificateOfBytes(key: KeyPair, length: number): Buffer {
  const sized = (subject: number, last: number): Buffer =>
    certified(arcadia, 'transport', key, [
      [2, 's'.repeat(subject)],
      ['addrs', [...addresses(13, 256), `/${'l'.repeat(last - 1)}`]],
    ]);
  const missing = length - sized(24, 24).length;
  const subject = Math.min(231, missing);
  return sized(24 + subject, 24 + missing - subject);
}

/** A card of Arcadia with 64 certificates that has exactly so many bytes. */
function cardOfBytes(length: number): Buffer {
  const keys = keysNamed('transport key', 64);
  const empty = cardOf(arcadia.charter, []).length + 1 + keys.length * 3;
  const each = Math.floor((length - empty) / keys.length);
  const last = length - empty - each * (keys.length - 1);
  return cardOf(
    arcadia.charter,
    keys.map((key, index) => certificateOfBytes(key, index === keys.length - 1 ? last : each)),
  );
}

const valid = (
  comment: string,
  card: Uint8Array,
  certificateIds: readonly string[],
  state = arcadia.idText,
  more: { readonly [name: string]: number } = {},
): ValidCase => ({
  comment,
  in: { card: hex(card) },
  out: { state, certificateIds, ...more },
});
const idOf = (payloadKey: KeyPair, usage: 'record' | 'log' | 'witness' | 'transport', state: State): string =>
  hex(member(certificatePayload(state.idText, usage, payloadKey), 7) as Uint8Array);
const USAGES = ['record', 'log', 'witness', 'transport'] as const;
const four = USAGES.map((usage) => arcadia.certificates[usage]);
const fourIds = USAGES.map((usage) => idOf(arcadia.keys[usage], usage, arcadia));
const renewal: Change[] = [
  [5, BEGIN_SECONDS + 1],
  [4, BEGIN_SECONDS + LONGEST_SECONDS + 1],
  [7, Buffer.alloc(16, 7)],
];
const large = charterOfBytes(65_536);

const VALID: readonly ValidCase[] = [
  valid(
    'the card of Borealis of charter.md §0, without certificates',
    cardOf(borealis.charter, []),
    [],
    borealis.idText,
  ),
  valid('a key of each usage', cardOf(arcadia.charter, four), fourIds),
  valid('certificates in any order', cardOf(arcadia.charter, [...four].reverse()), [...fourIds].reverse()),
  valid('6.4: one certificate twice', cardOf(arcadia.charter, [four[0] as Buffer, four[0] as Buffer]), [
    fourIds[0],
    fourIds[0],
  ] as string[]),
  valid(
    '6.3: one key with two certificates of one usage',
    cardOf(arcadia.charter, [arcadia.certificates.log, certified(arcadia, 'log', arcadia.keys.log, renewal)]),
    [fourIds[1] as string, '07'.repeat(16)],
  ),
  valid(
    'no time is compared with a clock: a certificate of the year 9999',
    cardOf(arcadia.charter, [
      certified(arcadia, 'log', arcadia.keys.log, [
        [5, LAST_SECOND - 1],
        [4, LAST_SECOND],
      ]),
    ]),
    [fourIds[1] as string],
  ),
  valid('7.1: a charter of 65536 bytes', cardOf(large.message, []), [], hex(sha256(cbor(large.payload)))),
  valid('7.1: 256 certificates', cardOf(arcadia.charter, transports(256)), transportIds(256)),
  valid(
    '7.1: a key state',
    cbor(map([1, arcadia.charter], [2, four], [3, keyStateOf(arcadia).message])),
    fourIds,
    arcadia.idText,
    { keyStateVersion: 1 },
  ),
  valid(
    '7.1, 2.12: a later charter, a key state under it, and certificates under the first',
    cbor(
      map(
        [1, arcadia.charter],
        [2, four],
        [3, keyStateOf(arcadia, SECOND_CHARTER).message],
        [4, [SECOND_CHARTER.message]],
      ),
    ),
    fourIds,
    arcadia.idText,
    { keyStateVersion: 1, charterVersion: 2 },
  ),
  valid('7.1: a card of 262144 bytes', cardOfBytes(262_144), transportIds(64)),
];

const refused = (code: string, clause: string, comment: string, card: Uint8Array): InvalidCase => ({
  comment,
  in: { card: hex(card) },
  code,
  clause,
});
const shape = (comment: string, card: Item): InvalidCase =>
  refused('cbor.shape', clauseOf(comment), comment, cbor(card));
const { charter } = arcadia;
const third = keyNamed('third key');
const tooLong = certified(arcadia, 'log', third, [[4, BEGIN_SECONDS + LONGEST_SECONDS + 1]]);
const oneOfTwo = stateWith('XAR', arcadia.rootKeys, ...rooted(arcadia.rootKeys, 1));
const byOne = (index: number): Buffer =>
  certified(oneOfTwo, 'log', third, [], [arcadia.rootKeys[index] as KeyPair]);

const REFUSED: readonly InvalidCase[] = [
  shape('7.1: no charter', map([2, []])),
  shape('7.1: no certificates', map([1, charter])),
  shape('7.1: a fifth member', map([1, charter], [2, []], [5, []])),
  shape('7.1: an empty key state', map([1, charter], [2, []], [3, Buffer.alloc(0)])),
  shape('7.1: an empty list of later charters', map([1, charter], [2, []], [4, []])),
  shape(
    '7.1: 64 later charters',
    map([1, charter], [2, []], [4, Array.from({ length: 64 }, () => Buffer.from([0]))]),
  ),
  refused(
    'identity.key-state-missing',
    '7.2',
    'a later charter without a key state',
    cbor(map([1, charter], [2, []], [4, [SECOND_CHARTER.message]])),
  ),
  refused(
    'identity.wrong-charter',
    'key-state 1.1',
    '7.2: a key state under the first charter beside a later one',
    cbor(map([1, charter], [2, []], [3, keyStateOf(arcadia).message], [4, [SECOND_CHARTER.message]])),
  ),
  refused(
    'identity.charter-chain',
    '2.8',
    '7.1: the later charter of another state',
    cbor(
      map(
        [1, borealis.charter],
        [2, []],
        [3, keyStateOf(arcadia, SECOND_CHARTER).message],
        [4, [SECOND_CHARTER.message]],
      ),
    ),
  ),
  shape('7.1: an array instead of a map', [charter, []]),
  shape('7.1: the charter itself instead of its bytes', map([1, charterWith()], [2, []])),
  shape('7.1: an empty charter', map([1, Buffer.alloc(0)], [2, []])),
  shape('7.1: a charter of 65537 bytes', map([1, charterOfBytes(65_537).message], [2, []])),
  shape('7.1: an empty certificate', map([1, charter], [2, [Buffer.alloc(0)]])),
  shape('7.1: a certificate of 8193 bytes', map([1, charter], [2, [Buffer.alloc(8193)]])),
  shape('7.1: 257 certificates', map([1, charter], [2, transports(257)])),
  shape('7.1: certificates that are no list', map([1, charter], [2, arcadia.certificates.log])),
  refused('cbor.too-many-bytes', '7.1', 'a card of 262145 bytes', cardOfBytes(262_145)),
  refused('cbor.too-deep', '7.1', 'depth 17 in the place of a certificate', cardOf(charter, nested(16))),
  refused(
    'cbor.too-many-items',
    '7.1',
    '4097 items: a list of empty byte strings as certificates',
    cardOf(
      charter,
      Array.from({ length: 4092 }, () => Buffer.alloc(0)),
    ),
  ),
  refused(
    'cbor.trailing-bytes',
    'cbor 1.1',
    'a byte behind the card',
    Buffer.concat([cardOf(charter, []), Buffer.alloc(1)]),
  ),
  refused(
    'cose.below-threshold',
    'keys 5.5',
    '7.2: the charter is signed by one root key of two',
    cardOf(signedAs('charter', charterWith(), [arcadia.rootKeys[0] as KeyPair]), []),
  ),
  refused(
    'identity.wrong-document',
    '7.2',
    'a certificate in the place of the charter',
    cardOf(arcadia.certificates.log, []),
  ),
  refused('identity.wrong-document', '7.2', 'the charter among the certificates', cardOf(charter, [charter])),
  refused(
    'identity.wrong-issuer',
    '3.2',
    '7.2: one certificate among others is of another state',
    cardOf(charter, [...four, borealis.certificates.log]),
  ),
  refused(
    'identity.validity-too-long',
    '3.4',
    '7.2: one certificate among others is valid for more than 400 days',
    cardOf(charter, [...four, tooLong]),
  ),
  refused(
    'identity.key-reused',
    '6.3',
    'one key with two usages',
    cardOf(charter, [...four, certified(arcadia, 'witness', arcadia.keys.log)]),
  ),
  refused(
    'identity.certificate-id-reused',
    '6.4',
    'one id for two keys',
    cardOf(charter, [
      arcadia.certificates.log,
      certified(arcadia, 'log', third, [[7, Buffer.from(fourIds[1] as string, 'hex')]]),
    ]),
  ),
  refused(
    'identity.certificate-id-reused',
    '6.4',
    'one certificate, signed by two different root keys: two certificates',
    cardOf(oneOfTwo.charter, [byOne(0), byOne(1)]),
  ),
];

export const cardVectors: readonly VectorFile[] = [
  { topic: 'charter', name: 'cards', op: 'card.verify', grammar: { card: 'state-card' }, valid: VALID },
  { topic: 'charter', name: 'cards', op: 'card.verify', invalid: REFUSED },
];
