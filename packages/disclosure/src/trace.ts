import type { Label, LevelMap } from '@comity/label';
import type { View } from '@comity/record';

import { CONSENT_GOES_ALONG, consentTo } from './consent.ts';
import type { Coverage } from './coverage.ts';
import type { MissingApproval } from './decision.ts';
import { type Anchors, embargoEnd } from './embargo.ts';
import { conditionHolds, type Facts } from './facts.ts';
import { type HoldReason, holdReasonOf } from './hold-entries.ts';
import {
  type CheckId,
  examineExercise,
  type Finding,
  LABEL_CHECKS,
  labelInForce,
  type MandatoryReason,
} from './mandatory.ts';
import { windowOf } from './outline.ts';
import { DEFAULT_NEED } from './parse-need.ts';
import { addresses, type Limit, type Reciprocity } from './policy.ts';
import { type CompiledRule, goesAlong, isOfMode } from './rule-index.ts';
import type { Account, Consent, Recipient, Situation } from './situation.ts';
import type { Asking, Standing, Statements } from './statements.ts';

/** What one row of the mandatory layer found. `why` is a word of its own, such as `above-ceiling`. */
export interface CheckTrace extends Finding {
  readonly check: CheckId;
  readonly name: MandatoryReason;
  /** Id of the release-grant that lets it pass; only with `consent`. */
  readonly grant?: string;
}

/**
 * Why a rule says something about a part, or does not. `outside-window`: the recipient is in the group named at another
 * time. The words from `embargo` on match: `embargo` and `approval-needed` would permit, and do not now;
 * `leads-to-part` permits as the way to a part inside.
 */
export type RuleWhy =
  | 'other-recipient'
  | 'outside-window'
  | 'other-mode'
  | 'other-purpose'
  | 'unknown-record-type'
  | 'condition-not-met'
  | 'condition-unknown'
  | 'other-parts'
  | 'embargo'
  | 'approval-needed'
  | 'leads-to-part'
  | 'covers';

/** What one rule of the policy says about a part. */
export interface RuleTrace {
  readonly rule: string;
  readonly effect: 'permit' | 'forbid';
  readonly matched: boolean;
  readonly why: RuleWhy;
  /** How far a rule that matches and permits reaches the part: all of it, or as the way to others. */
  readonly coverage?: 'whole' | 'way';
  /** UTC seconds at which its embargo ends; only with `embargo`. */
  readonly fromSeconds?: number;
  /** What it asks for, and how many approve; only where it needs approval and no embargo runs. */
  readonly approval?: MissingApproval;
}

/** What one entry of `limits` or `reciprocity` about the recipient says about a part. */
export interface EntryTrace {
  readonly entry: string;
  readonly reason: HoldReason;
  /** `already-released`: an entry holds what is new only. */
  readonly why: 'not-reached' | 'already-released' | 'approved' | 'approval-needed';
  /** What it asks for, and how many approve; only where it is reached or has held the part before, and the part new. */
  readonly approval?: MissingApproval;
}

/** An entry about the recipient. */
interface TracedEntry {
  readonly entry: Limit | Reciprocity;
  readonly isReached: boolean;
  /** Digests of the parts that it has held before. */
  readonly held: ReadonlySet<string>;
}

/** Everything that a trace is made from. */
export interface Question {
  readonly view: View;
  readonly recipient: Recipient;
  readonly situation: Situation;
  readonly facts: Facts;
  readonly anchors: Anchors;
  /** All rules of the policy, in the order of names. */
  readonly rules: readonly CompiledRule[];
  /** Entries about the recipient; none where M1 withholds, or the record takes a consent back from it. */
  readonly entries: readonly TracedEntry[];
  readonly account: Account | undefined;
  readonly inbound: LevelMap | undefined;
  readonly isBarred: boolean;
  readonly consents: readonly Consent[];
  readonly statements: Statements;
}

/** Every check, in order, also those after one that failed. The empty digest is the envelope. */
export function traceChecks(marked: Label, digest: string, question: Question): CheckTrace[] {
  const { view, recipient, situation, inbound, isBarred, consents } = question;
  const originator = view.header.issuer;
  const { exercise, atSeconds } = situation;
  const label = labelInForce(marked, atSeconds);
  const consent = consentTo(consents, digest);
  const examined = { originator, label, recipient, setting: situation, inbound, isBarred, consent };
  const m1 = examineExercise(view.header.exercise, exercise, recipient);
  return [
    { check: 'M1', name: 'exercise', ...m1 },
    ...LABEL_CHECKS.map(({ id, reason, examine }): CheckTrace => {
      const finding = examine(examined);
      return {
        check: id,
        name: reason,
        ...finding,
        ...(id === 'M6' && { why: whyInForce(marked, atSeconds) }),
        ...(finding.why === 'consent' && consent !== undefined && { grant: consent.grant }),
      };
    }),
  ];
}

function whyInForce(marked: Label, atSeconds: number): string {
  if (windowOf(marked, atSeconds).fromSeconds > 0) return 'succession-in-force';
  const { reviewAtSeconds } = marked;
  return reviewAtSeconds !== undefined && reviewAtSeconds <= atSeconds ? 'review-date-passed' : 'as-marked';
}

/** Every rule, in the order of names; after them that a consent goes along, where it does. */
export function traceRules(
  digest: string,
  question: Question,
  coverageOf: (compiled: CompiledRule) => Coverage,
): RuleTrace[] {
  const traces = question.rules.map((compiled) => traceRule(compiled, digest, question, coverageOf));
  if (goesAlong(question.facts, question.recipient.state, question.situation.mode)) {
    const covers = { matched: true, why: 'covers', coverage: 'whole' } as const;
    traces.push({ rule: CONSENT_GOES_ALONG, effect: 'permit', ...covers });
  }
  return traces;
}

function traceRule(
  compiled: CompiledRule,
  digest: string,
  question: Question,
  coverageOf: (compiled: CompiledRule) => Coverage,
): RuleTrace {
  const { name: rule, effect } = compiled.rule;
  const unmatched = whyUnmatched(compiled, question);
  const coverage = unmatched === undefined ? coverageOf(compiled) : 'none';
  if (coverage === 'none') return { rule, effect, matched: false, why: unmatched ?? 'other-parts' };
  if (effect === 'forbid') {
    const isUnknown = conditionHolds(compiled.rule.when, question.facts) === 'unknown';
    return { rule, effect, matched: true, why: isUnknown ? 'condition-unknown' : 'covers' };
  }
  return { rule, effect, matched: true, coverage, ...traceConditions(compiled, digest, coverage, question) };
}

function whyUnmatched({ rule }: CompiledRule, question: Question): RuleWhy | undefined {
  const { recipient, situation, facts, anchors } = question;
  const { effect, states, purposes, when, embargo } = rule;
  if (!states.has(recipient.state)) return 'other-recipient';
  if (!addresses(rule, recipient.state, situation.atSeconds)) return 'outside-window';
  if (!isOfMode(rule, situation.mode)) return 'other-mode';
  if (purposes !== undefined && !purposes.includes(situation.purpose)) return 'other-purpose';
  if (effect === 'permit' && !facts.typeKnown) return 'unknown-record-type';
  const holds = conditionHolds(when, facts);
  if (holds === 'no') return 'condition-not-met';
  if (effect === 'forbid') return undefined;
  const ends = embargo && embargoEnd(embargo, anchors);
  if (ends === 'absent') return 'condition-not-met';
  return holds === 'unknown' || ends === 'unknown' ? 'condition-unknown' : undefined;
}

/** Whether a rule that permits lets a part go now. */
function traceConditions(
  { rule: { name, digest: ruleDigest, embargo, approve: written } }: CompiledRule,
  digest: string,
  coverage: 'whole' | 'way',
  { anchors, situation, statements }: Question,
): Pick<RuleTrace, 'why' | 'fromSeconds' | 'approval'> {
  const ends = embargo && embargoEnd(embargo, anchors);
  if (typeof ends === 'number' && situation.atSeconds < ends) return { why: 'embargo', fromSeconds: ends };
  const why = coverage === 'whole' ? 'covers' : 'leads-to-part';
  const approve = written ?? (statements.wasRejected(digest) ? DEFAULT_NEED : undefined);
  if (approve === undefined) return { why };
  const asking = { name, digest: ruleDigest, approve };
  const standing = statements.about(asking, digest);
  return { why: whyOf(standing, why), approval: approvalOf(asking, standing) };
}

/** What each entry about the recipient says about a part. */
export function traceEntries(digest: string, { entries, account, statements }: Question): EntryTrace[] {
  return entries.map(({ entry, isReached, held }): EntryTrace => {
    const named = { entry: entry.name, reason: holdReasonOf(entry) };
    if (!isReached && !held.has(digest)) return { ...named, why: 'not-reached' };
    if (account?.already.has(digest) === true) return { ...named, why: 'already-released' };
    const standing = statements.about(entry, digest);
    return { ...named, why: whyOf(standing, 'approved'), approval: approvalOf(entry, standing) };
  });
}

function whyOf<Approved extends string>(
  { isApproved }: Standing,
  approved: Approved,
): Approved | 'approval-needed' {
  return isApproved ? approved : 'approval-needed';
}

function approvalOf({ approve: { by } }: Asking, { persons, have }: Standing): MissingApproval {
  return { role: by, persons, have };
}
