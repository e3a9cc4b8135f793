import type { FaultCode } from '@comity/fault';
import { type CodeEntry, explainCode } from '@comity/fault';

import type { CheckId, MandatoryReason } from './mandatory.ts';
import type { PolicyRule } from './policy.ts';

/**
 * What becomes of a record or a part. `hold`: a person has to act first. `withhold`: it stays here, for ever or until a
 * date (an embargo, a succession of labels).
 */
export type Outcome = 'release' | 'hold' | 'withhold';

/** Why a part is released, held or withheld. */
export type ReasonCode =
  | MandatoryReason
  | 'permit'
  | 'no-permit'
  | 'forbid'
  | 'embargo'
  | 'approval-needed'
  | 'rejected'
  | 'limit'
  | 'reciprocity'
  | 'ancestor-held'
  | 'part-held'
  | 'ancestor-withheld'
  | 'decision-error';

/** The code of each reason to hold or withhold; M6 refuses nothing in this version (disclosure.md §3.6). */
const CODES: Readonly<Record<Exclude<ReasonCode, 'permit'>, FaultCode>> = {
  exercise: 'disclosure.exercise',
  'originator-control': 'disclosure.originator-control',
  classification: 'disclosure.classification',
  tlp: 'disclosure.tlp',
  categories: 'disclosure.categories',
  'effective-label': 'disclosure.effective-label',
  purpose: 'disclosure.purpose',
  'no-permit': 'disclosure.no-permit',
  forbid: 'disclosure.forbid',
  embargo: 'disclosure.embargo',
  'approval-needed': 'disclosure.approval-needed',
  rejected: 'disclosure.rejected',
  limit: 'disclosure.limit',
  reciprocity: 'disclosure.reciprocity',
  'ancestor-held': 'disclosure.ancestor-held',
  'part-held': 'disclosure.part-held',
  'ancestor-withheld': 'disclosure.ancestor-withheld',
  'decision-error': 'disclosure.decision-error',
};

/** Whose statements a held part waits for. */
export interface MissingApproval {
  /** Identifier of protocol/registries/officer-roles.json. */
  readonly role: string;
  /** How many officers have to approve … */
  readonly persons: number;
  /** … and how many have. */
  readonly have: number;
}

/** Officers that one rule or entry asks for. */
export interface AskedOfficers extends MissingApproval {
  readonly reason: 'approval-needed' | 'limit' | 'reciprocity';
  /** How long after it was signed a statement counts. */
  readonly withinSeconds: number;
}

/** All that a held part waits for: one of several rules has to be approved, or each of several entries. */
export interface Asked {
  readonly needs: 'one' | 'all';
  /** At least one. */
  readonly of: readonly AskedOfficers[];
}

/** The decision about one part, or about the envelope. */
export interface PartDecision {
  /** Path of the part as text; `envelope` for the envelope. */
  readonly path: string;
  /** Digest of the part; empty for the envelope. */
  readonly digest: string;
  readonly outcome: Outcome;
  readonly reason: ReasonCode;
  /** Name of the rule that permits, forbids or holds, or the entry that holds (`limits[0]`, `reciprocity[2]`). */
  readonly rule?: string;
  /** Row of the mandatory layer that withholds. */
  readonly check?: CheckId;
  /** What a part waits for that is held by a rule or an entry. */
  readonly missing?: MissingApproval;
  /** UTC seconds at which the embargo of the rule ends; only for the reason `embargo`. */
  readonly fromSeconds?: number;
}

/** The decision about one record and one recipient. */
export interface RecordDecision {
  /**
   * `release`: the envelope passes and at least one part is released. Otherwise nothing at all is handed over: `hold` where
   * a part waits for a person, else `withhold`.
   */
  readonly outcome: Outcome;
  /** The envelope governs that the record exists, and what is in the clear. */
  readonly envelope: PartDecision;
  /** One for each part of the view, in its order. */
  readonly parts: readonly PartDecision[];
  /** Digests of the parts to hand over: with each part, all that it stands in. Empty unless the outcome is `release`. */
  readonly released: ReadonlySet<string>;
  /** Digests of the parts that are held, also of a record that is released. */
  readonly held: ReadonlySet<string>;
  /** Digest of the policy that decided. */
  readonly policy: string;
  /**
   * What a part waits for, with all rules or entries that say so and not only the one that is cited; undefined where it is not
   * held by any for itself.
   *
   * @param digest of the part; empty for the envelope
   */
  askedAbout(digest: string): Asked | undefined;
}

/** What people are told about a reason: exit code of the command line, what it means, what can be done. */
export function explainReason(
  reason: Exclude<ReasonCode, 'permit'>,
): CodeEntry & { readonly code: FaultCode } {
  return explainCode(CODES[reason]);
}

/** The judgement about a group of parts, or about an envelope. `way`: released only where a part inside it is. */
export interface Judgement {
  readonly outcome: Outcome | 'way';
  readonly reason: ReasonCode;
  readonly rule?: string;
  readonly check?: CheckId;
  readonly missing?: MissingApproval;
  /** The same with what else says so. Worked out when asked for: most never are. */
  readonly asked?: () => Asked;
  /** The rules of which an embargo runs; only for the reason `embargo`. Which ends first differs from record to record. */
  readonly embargoed?: readonly PolicyRule[];
  /** What becomes of a way that leads to nothing that is released. */
  readonly otherwise?: Judgement;
  /** It is held as a way alone, so only where something inside it is held: else nothing waits for the officers. */
  readonly isWay?: boolean;
  /** Another one could come out of what officers say. */
  readonly byStatement?: boolean;
}

/** The judgement about a record, for one recipient. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly envelope: Judgement;
  /** By group of parts. */
  readonly groups: readonly Judgement[];
  /** Whether any group is released only as a way. */
  readonly hasWays: boolean;
  /** Whether any group is held, or would be were it no way. */
  readonly mayHold: boolean;
  /** Whether an embargo keeps any of it back. */
  readonly isEmbargoed: boolean;
  /** Whether another one could come out of what officers say. */
  readonly byStatement: boolean;
}
