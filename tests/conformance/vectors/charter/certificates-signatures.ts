// Invalid vectors of charter.md §1: certificates that are not signed as they must be.

import { cbor, hex, type Item, map } from '../cbor-text.ts';
import { type KeyPair, signMany } from '../signing.ts';
import { arcadia, borealis, certificatePayload, typ } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { charterWith, framed, signatureBy, signedAs } from './forms.ts';

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

const PAYLOAD = certificatePayload(arcadia.idText, 'log', arcadia.keys.log);
const [ROOT_1, ROOT_2] = arcadia.rootKeys as [KeyPair, KeyPair];
const TYP = typ('key-certificate');
const inOrder = [...arcadia.rootKeys].sort((a, b) => Buffer.compare(a.keyId, b.keyId));
const signatures = (payload: Uint8Array): Item[] => inOrder.map((key) => signatureBy(key, TYP, payload));
const renamed = cbor(certificatePayload(arcadia.idText, 'log', arcadia.keys.log, [[2, 'somebody else']]));

const SIGNATURES: readonly InvalidCase[] = [
  of(
    'identity.wrong-document',
    '1.1',
    'the typ of a charter',
    signMany(arcadia.rootKeys, cbor(PAYLOAD), typ('charter')),
  ),
  of('identity.wrong-document', '1.1', 'the charter in place of the certificate', arcadia.charter),
  of(
    'identity.wrong-document',
    '1.1',
    'a key id in the body beside the typ',
    signMany(
      arcadia.rootKeys,
      cbor(PAYLOAD),
      map([4, ROOT_1.keyId], [16, 'application/comity-key-certificate+cose']),
    ),
  ),
  of(
    'identity.forged',
    '1.2',
    'another subject than the one that was signed',
    framed(TYP, renamed, signatures(cbor(PAYLOAD))),
  ),
  of(
    'identity.forged',
    '1.2',
    'one of two signatures is of another payload',
    framed(TYP, renamed, [signatures(renamed)[0] as Item, signatures(cbor(PAYLOAD))[1] as Item]),
  ),
  of(
    'cose.below-threshold',
    'keys 5.5',
    '1.2: signed by one root key of two',
    signedAs('key-certificate', PAYLOAD, [ROOT_2]),
  ),
  of(
    'cose.unknown-signer',
    'keys 5.5',
    '1.2: signed by the certified key itself',
    signedAs('key-certificate', PAYLOAD, [arcadia.keys.log]),
  ),
  of(
    'cose.unknown-signer',
    'keys 5.5',
    '1.2: signed by the root key of another state',
    signedAs('key-certificate', PAYLOAD, borealis.rootKeys),
  ),
  of(
    'cose.unknown-signer',
    'keys 5.5',
    '1.2: signed by a certified record key',
    signedAs('key-certificate', PAYLOAD, [arcadia.keys.record]),
  ),
  of(
    'cose.below-threshold',
    'keys 5.5',
    'the charter is not of the threshold that it names',
    arcadia.certificates.log,
    signedAs('charter', charterWith(), [ROOT_1]),
  ),
];

export const certificateSignatures: VectorFile = {
  topic: 'charter',
  name: 'certificates-signatures',
  op: 'certificate.verify',
  invalid: SIGNATURES,
};
