export { assertAgreed } from './agreement.ts';
export { type Charter, type Contact, issueCharter, type VerifiedCharter, verifyCharter } from './charter.ts';
export {
  assertFollows,
  chartersOf,
  issueLaterCharter,
  longerChain,
  namedPlace,
  verifyCharterChain,
  verifyCharters,
  verifyLaterCharter,
} from './charter-chain.ts';
export {
  type Contradiction,
  contradictionBetween,
  encodeContradiction,
  MAX_CONTRADICTION_BYTES,
  verifyContradiction,
} from './contradiction.ts';
export { delegatorsOf, MAX_DELEGATED_SECONDS, MAX_DELEGATION_DEPTH } from './delegation.ts';
export {
  combineSignatures,
  type Draft,
  type DraftContent,
  type DraftKind,
  draftOf,
  readDraft,
  signDraft,
} from './draft.ts';
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
  type CertifiedUsage,
  issueDelegatedCertificate,
  issueKeyCertificate,
  type KeyCertificate,
  type KeyScope,
  type KeyUsage,
  keyCertificateFaults,
  MAX_CERTIFICATE_SECONDS,
  MAX_CERTIFICATES_PER_STATE,
  namedIssuer,
  namedKey,
  type VerifiedKeyCertificate,
  verifyKeyCertificate,
} from './key-certificate.ts';
export { KeyDirectory, type KeyNews } from './key-directory.ts';
export {
  type EndedLog,
  issueKeyState,
  KEY_STATE_REASONS,
  type KeyState,
  type KeyStateReason,
  keyStateAge,
  keyStateFaults,
  LOG_END_REASONS,
  type LogEnd,
  type LogEndReason,
  MAX_KEY_STATE_SECONDS,
  MIN_KEY_STATE_SECONDS,
  namedCharter,
  type RevokedKey,
  type SupersededKey,
  type VerifiedKeyState,
  verifyKeyState,
} from './key-state.ts';
export { newerKeyState, takesBack } from './newer-key-state.ts';
export {
  checkRecognition,
  issueRecognition,
  namedParties,
  type Recognition,
  type VerifiedRecognition,
  verifyRecognition,
} from './recognition.ts';
export type { Standing } from './standing.ts';
export {
  cardOf,
  decodeStateCard,
  encodeStateCard,
  MAX_CARD_BYTES,
  readStateCard,
  type StateCard,
  type VerifiedStateCard,
} from './state-card.ts';
export { assertValidAt, type Validity } from './validity.ts';
