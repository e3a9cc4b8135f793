import type { Label } from '@comity/label';
import type { Part, View } from '@comity/record';

import type { CompiledPolicy } from './compile.ts';
import { consentsFor } from './consent.ts';
import { forbidCovers, type PartShape, permitCoverage, stepsOf } from './coverage.ts';
import { partsOf, requireSituation } from './decide.ts';
import type { Judgement, Outcome, PartDecision } from './decision.ts';
import { forbidCoversEnvelope, permitCoversEnvelope } from './discretionary.ts';
import { type Anchors, anchorsOf } from './embargo.ts';
import { type Facts, factsOf } from './facts.ts';
import { accountFor, entriesFor, heldBefore, isReached } from './hold-entries.ts';
import { judgeInward } from './inward.ts';
import { examineExercise } from './mandatory.ts';
import type { PolicyRule } from './policy.ts';
import { isLimited } from './rule-index.ts';
import { childCounts, clearFields, isFrame, withoutPositions } from './shape.ts';
import type { Recipient, Situation } from './situation.ts';
import { describe, settleWays } from './spelt-decision.ts';
import { Statements } from './statements.ts';
import {
  type CheckTrace,
  type EntryTrace,
  type Question,
  type RuleTrace,
  traceChecks,
  traceEntries,
  traceRules,
} from './trace.ts';

/** What was found out about a part, or about the envelope. */
interface Findings {
  readonly checks: readonly CheckTrace[];
  readonly rules: readonly RuleTrace[];
  /** Entries of `limits` and `reciprocity` about the recipient; none of the envelope, which goes with its parts. */
  readonly entries: readonly EntryTrace[];
  /** The rule that an officer named when he rejected the part; only where that keeps it here. */
  readonly rejectedBy?: string;
}

/** The full trace of one decision: every check in order, every rule in the order of names, every entry. */
export interface PartTrace extends PartDecision, Findings {}

/** The full trace about a record and a recipient. */
export interface RecordTrace {
  readonly outcome: Outcome;
  /** Digest of the policy. */
  readonly policy: string;
  /** What the rules could look at; undefined where the decision failed. */
  readonly facts: Facts | undefined;
  /** What embargoes run from; undefined where the decision failed. */
  readonly anchors: Anchors | undefined;
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
    const question = questionOf(view, recipient, situation, policy);
    const { facts, anchors } = question;
    return { policy: digest, facts, anchors, ...traceRecord(question) };
  } catch (error) {
    policy.alarm({ error, recipient, mode: situation.mode, purpose: situation.purpose });
    const findings: Findings = { checks: [], rules: [], entries: [] };
    const failed = { outcome: 'withhold', reason: 'decision-error', ...findings } as const;
    const parts = partsOf(view).map((part) => ({ path: part.pathText, digest: part.digest, ...failed }));
    const envelope = { path: 'envelope', digest: '', ...failed };
    return { outcome: 'withhold', policy: digest, facts: undefined, anchors: undefined, envelope, parts };
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

function questionOf(
  view: View,
  recipient: Recipient,
  situation: Situation,
  { policy, rules }: CompiledPolicy,
): Question {
  const { id: recordId, issuer: originator, exercise } = view.header;
  const isOwn = situation.holder === originator;
  const { atSeconds } = situation;
  const isPlayed = examineExercise(exercise, situation.exercise, recipient).passed;
  const entries = isPlayed ? entriesFor(policy, recipient.state, atSeconds) : [];
  const account = accountFor(entries, situation);
  const facts = factsOf(view);
  const judging = isLimited(facts, recipient.state, situation.mode) ? entries : [];
  return {
    view,
    recipient,
    situation,
    facts,
    anchors: anchorsOf(view),
    rules: rules.rules,
    entries: judging.map((entry) => ({
      entry,
      isReached: account !== undefined && isReached(entry, account, atSeconds),
      held: account === undefined ? new Set<string>() : heldBefore(entry, account, situation.mode),
    })),
    account,
    inbound: isOwn ? undefined : situation.inboundOf(originator),
    isBarred: !isOwn && situation.barredBy?.(originator).has(recipient.state) === true,
    consents: consentsFor({ recordId, originator, recipient: recipient.state }, situation),
    statements: new Statements(situation, originator, recipient.officer),
  };
}

function traceRecord(question: Question): Pick<RecordTrace, 'outcome' | 'envelope' | 'parts'> {
  const { view, rules, anchors } = question;
  const { parts } = view;
  const named = new Map(rules.map(({ rule }) => [rule.name, rule]));
  const shapes = shapesOf(parts);
  const found = parts.map((part, index) => findingsOf(part, shapes[index] as PartShape, question));
  const ofEnvelope = findingsOfEnvelope(question);
  const indexes = new Map(parts.map(({ digest }, index) => [digest, index]));
  const places = parts.map(({ ancestors }) => ({ parent: indexes.get(ancestors.at(-1) ?? '') ?? -1 }));
  const { outcome, envelope, groups } = judgeInward(places, conclude(ofEnvelope, named), (index) =>
    conclude(found[index] as Findings, named),
  );
  const settled = settleWays(parts, groups);
  return {
    outcome,
    envelope: { ...describe('envelope', '', envelope, anchors), ...ofEnvelope },
    parts: parts.map(({ pathText, digest }, index) => ({
      ...describe(pathText, digest, settled[index] as Judgement, anchors),
      ...(found[index] as Findings),
    })),
  };
}

function shapesOf(parts: readonly Part[]): PartShape[] {
  const children = childCounts(parts);
  return parts.map((part) => {
    const frame = isFrame(part, children.get(part.digest) ?? 0);
    return { steps: stepsOf(withoutPositions(part.pathText)), frame };
  });
}

function findingsOf({ label, digest }: Part, shape: PartShape, question: Question): Findings {
  const rejectedBy = question.statements.rejectionOf(digest);
  return {
    ...checked(label, digest, question),
    rules: traceRules(digest, question, ({ rule, paths }) => {
      if (rule.effect === 'permit') return permitCoverage(shape, paths);
      return forbidCovers(shape, paths) ? 'whole' : 'none';
    }),
    entries: traceEntries(digest, question),
    ...(rejectedBy !== undefined && { rejectedBy }),
  };
}

function findingsOfEnvelope(question: Question): Findings {
  const { view } = question;
  const clear = clearFields(view).map((name): PartShape => ({ steps: [name], frame: false }));
  return {
    ...checked(view.header.label, '', question),
    rules: traceRules('', question, ({ rule, paths }) => {
      const covers =
        rule.effect === 'forbid' ? forbidCoversEnvelope(clear, paths) : permitCoversEnvelope(clear, paths);
      return covers ? 'whole' : 'none';
    }),
    entries: [],
  };
}

function checked(label: Label, digest: string, question: Question): Pick<Findings, 'checks'> {
  return { checks: traceChecks(label, digest, question) };
}

/** What the findings about a part come to, for the part itself. */
function conclude(
  { checks, rules, entries, rejectedBy }: Findings,
  named: ReadonlyMap<string, PolicyRule>,
): Judgement {
  const failed = checks.find(({ passed }) => !passed);
  if (failed !== undefined) return { outcome: 'withhold', reason: failed.name, check: failed.check };
  const matched = rules.filter((rule) => rule.matched);
  const forbid = matched.find(({ effect }) => effect === 'forbid');
  if (forbid !== undefined) return { outcome: 'withhold', reason: 'forbid', rule: forbid.rule };
  if (rejectedBy !== undefined) return { outcome: 'withhold', reason: 'rejected', rule: rejectedBy };
  const permit = matched.find(({ why }) => why === 'covers');
  if (permit !== undefined)
    return concludeEntries(entries) ?? { outcome: 'release', reason: 'permit', rule: permit.rule };
  const refusal = refusalOf(matched, 'whole', named);
  const way = matched.find(({ why }) => why === 'leads-to-part');
  if (way !== undefined)
    return { outcome: 'way', reason: 'permit', rule: way.rule, ...(refusal && { otherwise: refusal }) };
  const wayRefusal = refusal ?? refusalOf(matched, 'way', named);
  if (refusal === undefined && wayRefusal?.outcome === 'hold') return { ...wayRefusal, isWay: true };
  return wayRefusal ?? { outcome: 'withhold', reason: 'no-permit' };
}

function concludeEntries(entries: readonly EntryTrace[]): Judgement | undefined {
  const waiting = entries.find(({ why }) => why === 'approval-needed');
  return waiting && held(waiting.reason, waiting.entry, waiting.approval);
}

function refusalOf(
  matched: readonly RuleTrace[],
  coverage: RuleTrace['coverage'],
  named: ReadonlyMap<string, PolicyRule>,
): Judgement | undefined {
  const reaching = matched.filter((rule) => rule.coverage === coverage);
  const waiting = reaching.find(({ why }) => why === 'approval-needed');
  if (waiting !== undefined) return held('approval-needed', waiting.rule, waiting.approval);
  const embargoed = reaching.flatMap(({ rule }) => named.get(rule) ?? []);
  return embargoed.length > 0 ? { outcome: 'withhold', reason: 'embargo', embargoed } : undefined;
}

function held(reason: Judgement['reason'], rule: string, missing: RuleTrace['approval']): Judgement {
  return { outcome: 'hold', reason, rule, ...(missing && { missing }) };
}
