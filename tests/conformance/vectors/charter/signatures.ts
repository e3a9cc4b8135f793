// Invalid vectors of charter.md §1: charters that are not signed as they must be.

import { cbor, hex, type Item, map } from '../cbor-text.ts';
import { type KeyPair, sign1, signMany } from '../signing.ts';
import { arcadia, borealis, typ } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { charterWith, framed, keyNamed, keysNamed, rooted, signatureBy, signedAs } from './forms.ts';

const of = (code: string, clause: string, comment: string, charter: Uint8Array): InvalidCase => ({
  comment,
  in: { charter: hex(charter) },
  code,
  clause,
});
const [ROOT_1, ROOT_2] = arcadia.rootKeys as [KeyPair, KeyPair];
const NEXT = keyNamed('next root key');
const PAYLOAD = cbor(arcadia.charterPayload);
const OTHER_PAYLOAD = cbor(charterWith(['legal', []]));
const TYP = typ('charter');
const both = (sign: (key: KeyPair) => Item): Item[] =>
  [...arcadia.rootKeys].sort((a, b) => Buffer.compare(a.keyId, b.keyId)).map(sign);
const signatures = both((key) => signatureBy(key, TYP, PAYLOAD));
const withBody = (body: Item): Buffer =>
  framed(
    body,
    PAYLOAD,
    both((key) => signatureBy(key, body, PAYLOAD)),
  );
const lastByteChanged = Buffer.from(arcadia.charter);
lastByteChanged[lastByteChanged.length - 1] = 0x07;

const wrongDocument = (comment: string, body: Item): InvalidCase =>
  of('identity.wrong-document', '1.1', comment, withBody(body));
const forged = (comment: string, charter: Uint8Array): InvalidCase =>
  of('identity.forged', '1.2', comment, charter);
const by = (...keys: readonly KeyPair[]): Buffer => signMany(keys, PAYLOAD, TYP);
const twoOfThree = charterWith(...rooted([ROOT_1, ROOT_2, NEXT], 2), ['nextd', [borealis.keys.log.keyId]]);

const SIGNATURES: readonly InvalidCase[] = [
  wrongDocument('the typ of a key certificate', typ('key-certificate')),
  wrongDocument('the typ of a recognition', typ('recognition')),
  wrongDocument('the typ of a record', map([16, 'application/comity-record+cose'])),
  wrongDocument('the typ without `application/`', map([16, 'comity-charter+cose'])),
  wrongDocument('the typ as number of a content format', map([16, 98])),
  wrongDocument('no typ, and no other header', map()),
  wrongDocument(
    'a content type beside the typ',
    map([3, 'application/cbor'], [16, 'application/comity-charter+cose']),
  ),
  wrongDocument('an algorithm beside the typ', map([1, -19], [16, 'application/comity-charter+cose'])),
  forged('the last byte of the last signature changed', lastByteChanged),
  forged('another payload than the one that was signed', framed(TYP, OTHER_PAYLOAD, signatures)),
  forged(
    'the typ is another than the one that was signed',
    framed(
      TYP,
      PAYLOAD,
      both((key) => signatureBy(key, typ('recognition'), PAYLOAD)),
    ),
  ),
  forged(
    'signed as a COSE_Sign1 is',
    framed(
      TYP,
      PAYLOAD,
      both((key) => signatureBy(key, TYP, PAYLOAD, 'Signature1')),
    ),
  ),
  forged(
    'the payload itself is signed, without what COSE puts around it',
    framed(
      TYP,
      PAYLOAD,
      both((key) => [cbor(map([1, -19], [4, key.keyId])), map(), key.sign(PAYLOAD)]),
    ),
  ),
  forged(
    'three signatures where two are needed, the third of which is bad',
    framed(
      TYP,
      cbor(twoOfThree),
      [ROOT_1, ROOT_2, NEXT]
        .sort((a, b) => Buffer.compare(a.keyId, b.keyId))
        .map((key) => signatureBy(key, TYP, key === NEXT ? PAYLOAD : cbor(twoOfThree))),
    ),
  ),
  of('cose.below-threshold', '2.6', 'one signature where two are needed', by(ROOT_1)),
  of(
    'cose.below-threshold',
    '2.6',
    '15 signatures where 16 are needed',
    signedAs('charter', charterWith(...rooted(keysNamed('root key', 16))), keysNamed('root key', 15)),
  ),
  of(
    'cose.unknown-signer',
    '2.6',
    'signed by the root key of Borealis too',
    by(ROOT_1, ROOT_2, ...borealis.rootKeys),
  ),
  of(
    'cose.unknown-signer',
    '2.6',
    'signed by a next key instead of a root key',
    signedAs('charter', charterWith(...rooted([ROOT_1, ROOT_2], 1), ['nextd', [NEXT.keyId]]), [NEXT]),
  ),
  of(
    'cose.duplicate-signer',
    'keys 5.3',
    '2.6: one root key signs twice',
    framed(TYP, PAYLOAD, [signatures[0] as Item, signatures[0] as Item]),
  ),
  of(
    'cose.signer-order',
    'keys 5.3',
    '1.1: the signatures in descending order of key id',
    framed(TYP, PAYLOAD, [...signatures].reverse()),
  ),
  of('cose.no-signers', 'keys 5.1', '1.1: no signature', framed(TYP, PAYLOAD, [])),
  of(
    'cose.not-sign',
    'keys 3.6',
    '1.1: a COSE_Sign1 by one of the root keys',
    sign1(ROOT_1, PAYLOAD, [[16, 'application/comity-charter+cose']]).message,
  ),
];

export const charterSignatures: VectorFile = {
  topic: 'charter',
  name: 'charters-signatures',
  op: 'charter.verify',
  invalid: SIGNATURES,
};
