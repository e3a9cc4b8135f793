export { type Charter, type Contact, issueCharter, type VerifiedCharter, verifyCharter } from './charter.ts';
export { type AgreedEquivalence, agreedEquivalence, type SchemePair } from './equivalence.ts';
export { fingerprint } from './fingerprint.ts';
export {
  confirmationShape,
  identifierShape,
  lineShape,
  publicKeyFault,
  stateClaimShape,
  timeShape,
} from './form.ts';
export {
  issueKeyCertificate,
  type KeyCertificate,
  type KeyScope,
  type KeyUsage,
  MAX_CERTIFICATE_SECONDS,
  MAX_CERTIFICATES_PER_STATE,
  namedIssuer,
  type VerifiedKeyCertificate,
  verifyKeyCertificate,
} from './key-certificate.ts';
export { KeyDirectory } from './key-directory.ts';
export {
  checkRecognition,
  issueRecognition,
  namedParties,
  type Recognition,
  type VerifiedRecognition,
  verifyRecognition,
} from './recognition.ts';
export {
  decodeStateCard,
  encodeStateCard,
  MAX_CARD_BYTES,
  readStateCard,
  type StateCard,
  type VerifiedStateCard,
} from './state-card.ts';
export { assertValidAt, type Validity } from './validity.ts';
