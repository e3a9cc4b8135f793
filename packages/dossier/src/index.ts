// One file in which records stand with the keys and proofs that they are verified with, and what follows from it
// (protocol/dossier.md). Pure: whom to trust and what time it is are given by the caller.

export {
  type Dossier,
  type DossierRecord,
  decodeDossier,
  encodeDossier,
  MAX_DOSSIER_BYTES,
  type Notification,
} from './dossier.ts';
export { type InspectedRecord, type Inspection, inspectDossier } from './inspect.ts';
export { type LogReceipt, MAX_RECEIPT_BYTES, signReceipt, verifyReceipt } from './log-receipt.ts';
export {
  type PlainNotification,
  type PlainRecord,
  type PlainReport,
  type PlainStep,
  plainReport,
} from './plain-report.ts';
export type {
  CosignedBy,
  DocumentReport,
  DossierReport,
  NotificationReport,
  RecordReport,
  Remark,
  Verdict,
} from './report.ts';
export type { NotDone, NotificationStep, RecordStep, Step } from './steps.ts';
export { type Anchor, MAX_POLICY_BYTES, type VerifierInput, verifyDossier } from './verify.ts';
