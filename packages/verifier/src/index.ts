// What a dossier proves, for people: one report, the same on the command line and in the page, and the words for it in five
// languages. Pure: whom to trust and what time it is are given by the verifier.

export { safeText } from './safe-text.ts';
export { readTrust, type Trusted, trustId } from './trust.ts';
export {
  type Asked,
  formatReport,
  type ShownPart,
  timeText,
  type Verification,
  type VerifiedRecordReport,
  verifyFile,
} from './verification.ts';
export {
  codeText,
  type DossierCode,
  fill,
  type StepWording,
  type Term,
  WORDINGS,
  type Wording,
  wordingFor,
} from './wording.ts';
