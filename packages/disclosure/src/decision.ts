import type { FaultCode } from '@comity/fault';
import { type CodeEntry, explainCode } from '@comity/fault';
import type { Part, View } from '@comity/record';

import type { CheckId, MandatoryReason } from './mandatory.ts';

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
}

/** What people are told about a reason: exit code of the command line, what it means, what can be done. */
export function explainReason(
  reason: Exclude<ReasonCode, 'permit'>,
): CodeEntry & { readonly code: FaultCode } {
  return explainCode(CODES[reason]);
}

/** The judgement about a group of parts, or about an envelope. `way`: released only where a part inside it is. */
export interface Judgement {
  readonly outcome: 'release' | 'way' | 'withhold';
  readonly reason: ReasonCode;
  readonly rule?: string;
  readonly check?: CheckId;
}

/** The judgement about a record, for one recipient. */
export interface Verdict {
  readonly outcome: 'release' | 'withhold';
  readonly envelope: Judgement;
  /** By group of parts. */
  readonly groups: readonly Judgement[];
  /** Group of each part. */
  readonly groupOf: readonly number[];
  /** Whether any group is released only as a way. */
  readonly hasWays: boolean;
}

const NO_WAY: Judgement = { outcome: 'withhold', reason: 'no-permit' };
const NOTHING: ReadonlySet<string> = new Set();

/** A verdict, spelt out for the view that it is about. The list of parts is put together when first asked for. */
export class Decision implements RecordDecision {
  readonly outcome: 'release' | 'withhold';
  readonly released: ReadonlySet<string>;
  readonly held: ReadonlySet<string> = NOTHING;
  readonly policy: string;
  readonly #view: View;
  readonly #verdict: Verdict;
  #parts: readonly PartDecision[] | undefined;

  constructor(view: View, verdict: Verdict, policy: string) {
    this.outcome = verdict.outcome;
    this.released = verdict.outcome === 'release' ? releasedParts(view, verdict) : NOTHING;
    this.policy = policy;
    this.#view = view;
    this.#verdict = verdict;
  }

  get envelope(): PartDecision {
    return describe('envelope', '', this.#verdict.envelope);
  }

  get parts(): readonly PartDecision[] {
    const { groups, groupOf } = this.#verdict;
    this.#parts ??= this.#view.parts.map(({ pathText, digest }, index) => {
      const judgement = groups[groupOf[index] as number] as Judgement;
      const unused = judgement.outcome === 'way' && !this.released.has(digest);
      return describe(pathText, digest, unused ? NO_WAY : judgement);
    });
    return this.#parts;
  }

  toJSON(): Omit<RecordDecision, 'released' | 'held'> & {
    readonly released: readonly string[];
    readonly held: readonly string[];
  } {
    const { outcome, envelope, parts, released, held, policy } = this;
    return { outcome, envelope, parts, released: [...released], held: [...held], policy };
  }
}

function releasedParts({ parts }: View, { groups, groupOf, hasWays }: Verdict): ReadonlySet<string> {
  const released = new Set<string>();
  for (let index = 0; index < parts.length; index += 1) {
    if (groups[groupOf[index] as number]?.outcome !== 'release') continue;
    const { digest, ancestors } = parts[index] as Part;
    released.add(digest);
    // Where there are no ways, every ancestor is released for itself: inside a withheld part nothing is.
    if (hasWays) for (const ancestor of ancestors) released.add(ancestor);
  }
  return released;
}

function describe(path: string, digest: string, { outcome, reason, rule, check }: Judgement): PartDecision {
  return {
    path,
    digest,
    outcome: outcome === 'withhold' ? 'withhold' : 'release',
    reason,
    ...(rule !== undefined && { rule }),
    ...(check !== undefined && { check }),
  };
}
