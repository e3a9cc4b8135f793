// Invalid vectors of charter.md §1: recognitions that are not signed as they must be.

import { cbor, hex } from '../cbor-text.ts';
import { type KeyPair, signMany } from '../signing.ts';
import { arcadia, borealis, recognitionPayload, type State, typ } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { framed, recognised, signatureBy, signedAs } from './forms.ts';

const of = (
  code: string,
  clause: string,
  comment: string,
  recognition: Uint8Array,
  issuer: State = arcadia,
  subject?: State,
): InvalidCase => ({
  comment,
  in: {
    recognition: hex(recognition),
    issuer: hex(issuer.charter),
    ...(subject !== undefined && { subject: hex(subject.charter) }),
  },
  code,
  clause,
});
const PAYLOAD = recognitionPayload(arcadia, borealis);
const [ROOT_1, ROOT_2] = arcadia.rootKeys as [KeyPair, KeyPair];
const TYP = typ('recognition');
const signed = [...arcadia.rootKeys]
  .sort((a, b) => Buffer.compare(a.keyId, b.keyId))
  .map((key) => signatureBy(key, TYP, cbor(PAYLOAD)));
const raised = cbor(recognitionPayload(arcadia, borealis, [['ceiling', 'secret']]));

const SIGNATURES: readonly InvalidCase[] = [
  of(
    'identity.wrong-document',
    '1.1',
    'the typ of a charter',
    signMany(arcadia.rootKeys, cbor(PAYLOAD), typ('charter')),
  ),
  of(
    'identity.wrong-document',
    '1.1',
    'a certificate in place of the recognition',
    arcadia.certificates.record,
  ),
  of('identity.forged', '1.2', 'another ceiling than the one that was signed', framed(TYP, raised, signed)),
  of(
    'cose.below-threshold',
    'keys 5.5',
    '1.2: signed by one root key of two',
    signedAs('recognition', PAYLOAD, [ROOT_1]),
  ),
  of(
    'cose.unknown-signer',
    'keys 5.5',
    '1.2: signed by the subject',
    signedAs('recognition', PAYLOAD, borealis.rootKeys),
  ),
  of(
    'cose.unknown-signer',
    'keys 5.5',
    '1.2: signed by the subject too',
    signedAs('recognition', PAYLOAD, [ROOT_1, ROOT_2, ...borealis.rootKeys]),
  ),
  of(
    'cose.below-threshold',
    'keys 5.5',
    'the charter of the subject is not of its own threshold',
    recognised(borealis, arcadia),
    borealis,
    { ...arcadia, charter: signedAs('charter', arcadia.charterPayload, [ROOT_2]) },
  ),
];

export const recognitionSignatures: VectorFile = {
  topic: 'charter',
  name: 'recognitions-signatures',
  op: 'recognition.verify',
  invalid: SIGNATURES,
};
