export {
  type Checkpoint,
  type CheckpointTrust,
  type Cosignature,
  formatCheckpoint,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint.ts';
export { cosign, verifyCosignature } from './cosignature.ts';
export { type EquivocationEvidence, equivocation } from './equivocation.ts';
export { ledgerLogName, MAX_NAME_BYTES, originLogName, witnessName } from './key-name.ts';
export {
  decodeLedgerEntry,
  encodeLedgerEntry,
  type LedgerEntry,
  type LetterEntry,
  MAX_ENTRY_DISCLOSURES,
  MAX_ORDER_BYTES,
  type OrderEntry,
  type ReleaseEntry,
  type ReleaseMode,
  type ReportEntry,
  type ReportOutcome,
} from './ledger-entry.ts';
export {
  addSignatureLine,
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  type NoteSignature,
  type OpenedNote,
  openNote,
  type SplitNote,
  signNote,
  splitNote,
} from './note.ts';
export {
  formatProof,
  type LogProof,
  MAX_EXTRA_BYTES,
  parseProof,
  type VerifiedProof,
  verifyProof,
} from './proof.ts';
export { LINE_START, type SignatureLine, verifyLine } from './signature-line.ts';
export { formatVkey, type NoteKeyType, type NoteVerifier, noteVerifier, parseVkey } from './verifier.ts';
