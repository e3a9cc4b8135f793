import type { Label } from '@comity/label';
import type { View } from '@comity/record';

import type { CompiledPolicy } from './compile.ts';
import { type Coverage, forbidCovers, type PartShape, permitCoverage, stepsOf } from './coverage.ts';
import { requireSituation } from './decide.ts';
import type { Outcome, PartDecision } from './decision.ts';
import { forbidCoversEnvelope, permitCoversEnvelope } from './discretionary.ts';
import { conditionHolds, type Facts, factsOf } from './facts.ts';
import {
  type CheckId,
  examineExercise,
  type Finding,
  LABEL_CHECKS,
  labelInForce,
  type MandatoryReason,
} from './mandatory.ts';
import { childCounts, clearFields, isFrame, windowOf, withoutPositions } from './outline.ts';
import type { CompiledRule } from './rule-index.ts';
import type { Recipient, Situation } from './situation.ts';

/** What one row of the mandatory layer found. `why` is a word of its own, such as `above-ceiling`. */
export interface CheckTrace extends Finding {
  readonly check: CheckId;
  readonly name: MandatoryReason;
}

/** Why a rule says something about a part, or does not. `leads-to-part`: permitted as the way to a part inside. */
export type RuleWhy =
  | 'other-recipient'
  | 'other-mode'
  | 'other-purpose'
  | 'unknown-record-type'
  | 'condition-not-met'
  | 'condition-unknown'
  | 'other-parts'
  | 'leads-to-part'
  | 'covers';

/** What one rule of the policy says about a part. */
export interface RuleTrace {
  readonly rule: string;
  readonly effect: 'permit' | 'forbid';
  readonly matched: boolean;
  readonly why: RuleWhy;
}

/** The full trace of one decision: every check in order, every rule in the order of names. */
export interface PartTrace extends PartDecision {
  readonly checks: readonly CheckTrace[];
  readonly rules: readonly RuleTrace[];
}

/** The full trace about a record and a recipient. */
export interface RecordTrace {
  readonly outcome: Outcome;
  /** Digest of the policy. */
  readonly policy: string;
  /** What the rules could look at; undefined where the decision failed. */
  readonly facts: Facts | undefined;
  readonly envelope: PartTrace;
  readonly parts: readonly PartTrace[];
}

/**
 * The trace behind `decideRecord`, worked out part by part without its memory. Outcomes, reasons, rules and checks are
 * those of `decideRecord`. Never throws; a decision that fails is traced as `decision-error`, without checks and rules.
 */
export function explainRecord(
  view: View,
  recipient: Recipient,
  situation: Situation,
  policy: CompiledPolicy,
): RecordTrace {
  const { digest } = policy.policy;
  try {
    requireSituation(situation);
    const facts = factsOf(view);
    const question = { view, recipient, situation, rules: policy.rules.rules, facts };
    const envelope = explainEnvelope(question);
    const parts = explainParts(question, envelope);
    const outcome = parts.some((part) => part.outcome === 'release') ? 'release' : 'withhold';
    return { outcome, policy: digest, facts, envelope, parts };
  } catch (error) {
    policy.alarm({ error, recipient, mode: situation.mode, purpose: situation.purpose });
    const failed = { outcome: 'withhold', reason: 'decision-error', checks: [], rules: [] } as const;
    const parts = view.parts.map((part) => ({ path: part.pathText, digest: part.digest, ...failed }));
    const envelope = { path: 'envelope', digest: '', ...failed };
    return { outcome: 'withhold', policy: digest, facts: undefined, envelope, parts };
  }
}

/** The trace about one part, by its digest; the empty digest stands for the envelope. Undefined for a part not held. */
export function explainPart(
  view: View,
  digest: string,
  recipient: Recipient,
  situation: Situation,
  policy: CompiledPolicy,
): PartTrace | undefined {
  const { envelope, parts } = explainRecord(view, recipient, situation, policy);
  return digest === '' ? envelope : parts.find((part) => part.digest === digest);
}

interface Question {
  readonly view: View;
  readonly recipient: Recipient;
  readonly situation: Situation;
  readonly rules: readonly CompiledRule[];
  readonly facts: Facts;
}

function explainEnvelope(question: Question): PartTrace {
  const clear = clearFields(question.view).map((name): PartShape => ({ steps: [name], frame: false }));
  const checks = traceChecks(question.view.header.label, question);
  const rules = traceRules(question, ({ rule, paths }) => {
    const covers =
      rule.effect === 'forbid' ? forbidCoversEnvelope(clear, paths) : permitCoversEnvelope(clear, paths);
    return covers ? 'whole' : 'none';
  });
  return { path: 'envelope', digest: '', ...conclude(checks, rules), checks, rules };
}

function explainParts(question: Question, envelope: PartTrace): PartTrace[] {
  const { parts } = question.view;
  const children = childCounts(parts);
  const withheld = new Set<string>();
  const traces = parts.map((part): PartTrace => {
    const frame = isFrame(part, children.get(part.digest) ?? 0);
    const shape: PartShape = { steps: stepsOf(withoutPositions(part.pathText)), frame };
    const checks = traceChecks(part.label, question);
    const rules = traceRules(question, ({ rule, paths }) => {
      if (rule.effect === 'permit') return permitCoverage(shape, paths);
      return forbidCovers(shape, paths) ? 'whole' : 'none';
    });
    const inside =
      envelope.outcome === 'withhold' || part.ancestors.some((ancestor) => withheld.has(ancestor));
    const own = inside
      ? ({ outcome: 'withhold', reason: 'ancestor-withheld' } as const)
      : conclude(checks, rules);
    if (own.outcome === 'withhold') withheld.add(part.digest);
    return { path: part.pathText, digest: part.digest, ...own, checks, rules };
  });
  return withoutUnusedWays(question.view, traces);
}

/** A part that is permitted only as the way to others is withheld where none of them is released. */
function withoutUnusedWays(view: View, traces: readonly PartTrace[]): PartTrace[] {
  const isWay = ({ outcome, rules }: PartTrace): boolean =>
    outcome === 'release' && !rules.some(({ effect, why }) => effect === 'permit' && why === 'covers');
  const used = new Set<string>();
  for (const [index, trace] of traces.entries()) {
    if (trace.outcome === 'withhold' || isWay(trace)) continue;
    for (const ancestor of view.parts[index]?.ancestors ?? []) used.add(ancestor);
  }
  return traces.map((trace) => {
    if (!isWay(trace) || used.has(trace.digest)) return trace;
    const { path, digest, checks, rules } = trace;
    return { path, digest, outcome: 'withhold', reason: 'no-permit', checks, rules };
  });
}

function traceChecks(marked: Label, { view, recipient, situation }: Question): CheckTrace[] {
  const originator = view.header.issuer;
  const { holder, exercise, atSeconds } = situation;
  const label = labelInForce(marked, atSeconds);
  const inbound = holder === originator ? undefined : situation.inboundOf(originator);
  const m1 = examineExercise(view.header.exercise, exercise, recipient);
  return [
    { check: 'M1', name: 'exercise', ...m1 },
    ...LABEL_CHECKS.map(({ id, reason, examine }): CheckTrace => {
      const finding = examine({ originator, label, recipient, setting: situation, inbound });
      return {
        check: id,
        name: reason,
        ...finding,
        ...(id === 'M6' && { why: whyInForce(marked, atSeconds) }),
      };
    }),
  ];
}

function whyInForce(marked: Label, atSeconds: number): string {
  if (windowOf(marked, atSeconds).fromSeconds > 0) return 'succession-in-force';
  const { reviewAtSeconds } = marked;
  return reviewAtSeconds !== undefined && reviewAtSeconds <= atSeconds ? 'review-date-passed' : 'as-marked';
}

function traceRules(
  { recipient, situation, rules, facts }: Question,
  coverageOf: (compiled: CompiledRule) => Coverage,
): RuleTrace[] {
  return rules.map((compiled) => {
    const { name, effect, states, modes, purposes, when } = compiled.rule;
    const trace = (matched: boolean, why: RuleWhy): RuleTrace => ({ rule: name, effect, matched, why });
    if (!states.has(recipient.state)) return trace(false, 'other-recipient');
    if (modes !== undefined && !modes.includes(situation.mode)) return trace(false, 'other-mode');
    if (purposes !== undefined && !purposes.includes(situation.purpose)) return trace(false, 'other-purpose');
    if (effect === 'permit' && !facts.typeKnown) return trace(false, 'unknown-record-type');
    const holds = conditionHolds(when, facts);
    if (holds === 'no') return trace(false, 'condition-not-met');
    if (holds === 'unknown' && effect === 'permit') return trace(false, 'condition-unknown');
    const coverage = coverageOf(compiled);
    if (coverage === 'none') return trace(false, 'other-parts');
    if (coverage === 'way') return trace(true, 'leads-to-part');
    return trace(true, holds === 'unknown' ? 'condition-unknown' : 'covers');
  });
}

/** The first failing check, else the first forbidding rule, else the first that permits the whole, else the way. */
function conclude(
  checks: readonly CheckTrace[],
  rules: readonly RuleTrace[],
): Omit<PartDecision, 'path' | 'digest'> {
  const failed = checks.find(({ passed }) => !passed);
  if (failed !== undefined) return { outcome: 'withhold', reason: failed.name, check: failed.check };
  const matched = rules.filter((rule) => rule.matched);
  const forbid = matched.find(({ effect }) => effect === 'forbid');
  if (forbid !== undefined) return { outcome: 'withhold', reason: 'forbid', rule: forbid.rule };
  const permit = matched.find(({ why }) => why === 'covers') ?? matched[0];
  if (permit === undefined) return { outcome: 'withhold', reason: 'no-permit' };
  return { outcome: 'release', reason: 'permit', rule: permit.rule };
}
