export {
  type AddCheckpoint,
  formatAddCheckpoint,
  MAX_ADD_CHECKPOINT_UNITS,
  parseAddCheckpoint,
} from './add-checkpoint.ts';
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
export {
  type EquivocationEvidence,
  equivocation,
  type History,
  type SignedCheckpoint,
} from './equivocation.ts';
export { bareNote, formatEvidence, MAX_EVIDENCE_CHARACTERS, verifyEvidence } from './evidence.ts';
export { ledgerLogName, MAX_NAME_BYTES, originGeneration, originLogName, witnessName } from './key-name.ts';
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
export { judgeQuorum, ownWitnessOf, type QuorumVerdict, quorumOf, quorumTime } from './quorum.ts';
export {
  MAX_QUORUM_NAMES,
  MAX_QUORUM_POLICY_BYTES,
  parseQuorumPolicy,
  type QuorumPolicy,
  type QuorumRule,
} from './quorum-policy.ts';
export { isOfVerifier, LINE_START, type SignatureLine, verifyLine } from './signature-line.ts';
export { formatVkey, type NoteKeyType, type NoteVerifier, noteVerifier, parseVkey } from './verifier.ts';
export {
  claimedOrigin,
  judgeAddCheckpoint,
  openedBy,
  type WitnessDecision,
  type WitnessMemory,
  type WitnessRefusal,
} from './witness.ts';
