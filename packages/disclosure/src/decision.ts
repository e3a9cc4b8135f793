import type { FaultCode } from '@comity/fault';
import { type CodeEntry, explainCode } from '@comity/fault';
import type { Part, View } from '@comity/record';

import type { CheckId, MandatoryReason } from './mandatory.ts';

/** Why a part is released or withheld. */
export type ReasonCode =
  | MandatoryReason
  | 'permit'
  | 'no-permit'
  | 'forbid'
  | 'ancestor-withheld'
  | 'decision-error';

/** The code of each reason to withhold; M6 refuses nothing in this version (disclosure.md §3.6). */
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
  'ancestor-withheld': 'disclosure.ancestor-withheld',
  'decision-error': 'disclosure.decision-error',
};

/** The decision about one part, or about the envelope. */
export interface PartDecision {
  /** Path of the part as text; `envelope` for the envelope. */
  readonly path: string;
  /** Digest of the part; empty for the envelope. */
  readonly digest: string;
  readonly outcome: 'release' | 'withhold';
  readonly reason: ReasonCode;
  /** Name of the rule that permits or forbids. */
  readonly rule?: string;
  /** Row of the mandatory layer that withholds. */
  readonly check?: CheckId;
}

/** The decision about one record and one recipient. */
export interface RecordDecision {
  /** `release`: the envelope passes and at least one part is released. Otherwise nothing at all is handed over. */
  readonly outcome: 'release' | 'withhold';
  /** The envelope governs that the record exists, and what is in the clear. */
  readonly envelope: PartDecision;
  /** One for each part of the view, in its order. */
  readonly parts: readonly PartDecision[];
  /** Digests of the parts to hand over: with each part, all that it stands in. Empty where the outcome is `withhold`. */
  readonly released: ReadonlySet<string>;
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

  toJSON(): Omit<RecordDecision, 'released'> & { readonly released: readonly string[] } {
    const { outcome, envelope, parts, released, policy } = this;
    return { outcome, envelope, parts, released: [...released], policy };
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
