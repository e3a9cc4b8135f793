import type { FaultCode } from '@comity/fault';
import type { CertifiedUsage, VerifiedCharter } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { ReleaseMode } from '@comity/log';
import type { RecordHeader, RecordId, View } from '@comity/record';
import type { NotDone, NotificationStep, RecordStep, Step } from './steps.ts';

/** dossier.md §4. */
export type Verdict = 'VALID' | 'INVALID' | 'INDETERMINATE';

/** A charter, key certificate or key state of the file, and whether it counts. */
export interface DocumentReport {
  readonly document: 'charter' | 'certificate' | 'key-state';
  readonly status: 'done' | 'failed' | 'not-done';
  readonly code?: FaultCode;
  readonly cause?: FaultCode;
  readonly why?: NotDone;
  /** The state that signed it, where it could be verified. */
  readonly state?: StateId;
  /** Of a certificate that could be verified. */
  readonly usage?: CertifiedUsage;
}

/** A cosignature that counts: by another state than the one whose log it is. */
export interface CosignedBy {
  readonly state: StateId;
  /** The cosigner's own word. */
  readonly atSeconds: number;
}

/** What a reader has to be told of a record beside its verdict (dossier.md 4.8), in the order in which it is told. */
export type Remark =
  | 'retracted'
  | 'superseded'
  | 'redacted'
  | 'delegated'
  | 'key-superseded'
  | 'revoked-later'
  | 'stale-key-state';

export interface RecordReport {
  readonly id: RecordId;
  readonly verdict: Verdict;
  readonly steps: readonly Step<RecordStep>[];
  /** Where the step `form` is done. Until `authority` is done it is what somebody says. */
  readonly header?: RecordHeader;
  /** Where the step `parts` is done. */
  readonly view?: View;
  /** Place in the log of what the issuer has issued and size of that log; where the step `checkpoint` is done. */
  readonly logged?: { readonly index: number; readonly size: number };
  /** When the record was there by the word of a quorum, UTC seconds; where the step `quorum` is done. */
  readonly trustedSeconds?: number;
  /** The key state of the issuer that the record is judged by, where there is one. */
  readonly keyState?: { readonly version: number; readonly ageSeconds: number; readonly isStale: boolean };
  readonly remarks: readonly Remark[];
  /** In ascending order of states. */
  readonly cosignatures: readonly CosignedBy[];
  /** Authorised records of the same issuer and exercise in this file that withdraw this one. */
  readonly retractedBy: readonly RecordId[];
  /** Authorised records of the same issuer and exercise in this file that take its place. */
  readonly supersededBy: readonly RecordId[];
}

export interface NotificationReport {
  readonly sender: StateId;
  readonly recipient: StateId;
  readonly verdict: Verdict;
  readonly steps: readonly Step<NotificationStep>[];
  /** What the entry says; where the step `entry` is done. */
  readonly released?: {
    readonly recordId: RecordId;
    readonly digests: readonly string[];
    /** Which of the digests this file shows what they stand for. */
    readonly told: readonly { readonly digest: string; readonly shown: boolean }[];
    /** The sender's own word. */
    readonly atSeconds: number;
    readonly mode: ReleaseMode;
    readonly purpose: string;
  };
  /** Time in the receipt, the recipient's own word; where the step `receipt` is done. */
  readonly receivedAtSeconds?: number;
}

export interface DossierReport {
  readonly verdict: Verdict;
  /** As the file says: unless the verifier was given it, it is the word of whoever made the file. */
  readonly federation: string;
  /** Charters, then certificates, then key states, in the order of the file. */
  readonly documents: readonly DocumentReport[];
  /** Whether the documents that count can be known together (charter.md §6). */
  readonly known: {
    readonly status: 'done' | 'failed';
    readonly code?: FaultCode;
    readonly cause?: FaultCode;
  };
  readonly records: readonly RecordReport[];
  readonly notifications: readonly NotificationReport[];
  /** Charters that count, by the states whose they are: what a label is read with. Empty where 4.3 has failed. */
  readonly charters: ReadonlyMap<StateId, VerifiedCharter>;
}
