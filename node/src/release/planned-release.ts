import type { Mode, RecordDecision } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { ReleaseEntry, ReleaseMode } from '@comity/log';
import type { RecordId } from '@comity/record';
import type { Grounds } from './grounds.ts';
import type { HeldParts } from './held-parts.ts';
import type { ReleasedBy } from './released-by.ts';

/** What is to be handed to one peer of one record: an entry for its release ledger. */
export interface PlannedRelease {
  readonly peer: StateId;
  readonly recordId: RecordId;
  readonly entry: ReleaseEntry;
  /** Leaf data of the ledger. */
  readonly leaf: Uint8Array;
  /** Under which revision of policy and recognitions it was decided, and until when that decision can stand unexamined. */
  readonly note: ReleaseNote;
  /** What it went by, for the audit log. */
  readonly by: ReleasedBy;
}

/** Kept beside a ledger entry, unsigned: lets the door serve it again without deciding again while nothing has changed. */
export interface ReleaseNote {
  readonly revision: number;
  readonly untilSeconds: number | null;
}

/** What is to be handed to one peer of one record unasked, and what waits for a person. */
export interface Plan {
  readonly releases: readonly PlannedRelease[];
  readonly held: readonly HeldParts[];
}

/** What was asked for, by a question or by whoever writes a letter: what is handed over unasked is nobody's question. */
export interface AskedFor {
  readonly mode: Mode;
  readonly purpose: string;
  /** The officer of the peer whom a letter is for. */
  readonly addressee?: string;
}

/** What is decided about a record and a peer for one of the purposes for which records are handed over unasked. */
export interface Standing {
  readonly purpose: string;
  readonly decision: RecordDecision;
  /** Digests that are released and that the peer does not have, nor gets for a purpose before. */
  readonly fresh: readonly string[];
  /** On what is decided after their release. */
  readonly after: Grounds;
}

/** What was decided, as far as an entry says it. */
export interface Release {
  readonly digests: readonly string[];
  readonly mode: ReleaseMode;
  readonly purpose: string;
  readonly grounds: Grounds;
  readonly decision: Pick<RecordDecision, 'parts'>;
}
