export type { AuditEntry, AuditTip, NewAuditEntry } from './audit/audit-chain.ts';
export type { AppendOutcome, CommitOutcome } from './commit-plan.ts';
export type {
  Engine,
  EngineEntry,
  EngineOp,
  EngineRange,
  EngineReader,
  EngineSnapshot,
} from './engine/engine.ts';
export { FaultyEngine, type WriteFailure, type WriteFault } from './engine/faulty-engine.ts';
export { GuardedEngine } from './engine/guarded-engine.ts';
export { type LevelEngineOptions, openLevelEngine } from './engine/level-engine.ts';
export { MemoryEngine, MemoryMedium } from './engine/memory-engine.ts';
export type { Finding } from './fsck/findings.ts';
export type { FsckOptions, FsckProgress, FsckReport, FsckStep } from './fsck/fsck.ts';
export type { AuditHead } from './home/audit-head.ts';
export { erasureJournalOf } from './home/home-paths.ts';
export { listPreOpen, type RestoreReport, restorePreOpen } from './home/pre-open.ts';
export { type JournalFile, MemoryJournalFile } from './keys/journal-file.ts';
export { type KeyFile, MemoryKeyFile } from './keys/key-file.ts';
export type { LogName } from './layout/key-fields.ts';
export {
  type KeyspaceName,
  keyspaceNameOf,
  type LeadingValues,
  parseKey,
  REALMS,
  type Realm,
} from './layout/keyspace.ts';
export { openRow, type SealedRow, sealRow } from './layout/row-seal.ts';
export type { RowValue } from './layout/row-value.ts';
export type { LogEntry, LogHead, StoredCheckpoint, StoredCosignature } from './log/log-reader.ts';
export { LogReader } from './log/log-reader.ts';
export type { EntryNote, NewLogEntry } from './log/log-state.ts';
export type { RebuildReport } from './rebuild.ts';
export type { PutOutcome } from './record-plan.ts';
export type { MergeGuard } from './records/merge-guard.ts';
export { RECORD_CURSOR, type RecordPage, type RecordQuery, recordCursor } from './records/record-listing.ts';
export { type NotedRecord, RecordReader } from './records/record-reader.ts';
export {
  type IndexedHeader,
  type NewRecord,
  type NoteKind,
  type RecordSource,
  realmOf,
  type StoredRecord,
} from './records/record-row.ts';
export type { ReleasedDigests } from './released.ts';
export { Store, type StoreOptions } from './store.ts';
export type { StoreReader } from './store-reader.ts';
export type { TableListing, TableRow } from './table-reader.ts';
export {
  type ApprovalRow,
  type BareRow,
  type CheckpointRow,
  type CosignatureRow,
  type DocumentRow,
  type EquivocationRow,
  type Erasure,
  type HoldRow,
  type KeyProofRow,
  type LetterRow,
  type LogAlarmKind,
  type LogAlarmRow,
  type MissingRow,
  type OfficerRow,
  type OrderRow,
  type PeerRow,
  type PolicyRow,
  type QuarantineRow,
  type QueryRow,
  type SealedLetterRow,
  type SeenRow,
  type SentLetterRow,
  TABLES,
  type Table,
  type TombstoneRow,
  type WitnessedRow,
} from './tables.ts';
export { type NewCheckpoint, WriteSet } from './write-set.ts';
