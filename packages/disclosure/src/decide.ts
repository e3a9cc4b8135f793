import { Fault } from '@comity/fault';
import type { Part, View } from '@comity/record';

import type { CompiledPolicy } from './compile.ts';
import { consentsFor } from './consent.ts';
import type { RecordDecision, Verdict } from './decision.ts';
import { anchorsOf } from './embargo.ts';
import { accountFor, type HoldingEntry, holdingEntries } from './hold-entries.ts';
import { EXERCISE_VERDICT, FAILED_VERDICT, judgeInward, type Place } from './inward.ts';
import { type Circumstances, judgeClosely } from './judge.ts';
import { examineExercise } from './mandatory.ts';
import type { RememberedGround } from './memory.ts';
import type { Outline } from './outline.ts';
import { isLimited } from './rule-index.ts';
import { MODES, type Recipient, type Situation } from './situation.ts';
import { Decision } from './spelt-decision.ts';
import { Statements } from './statements.ts';

/**
 * Decides which parts of a record may be handed to a recipient. Pure: the same record, recipient, situation and policy
 * give the same decision on any machine. Total: it never throws. An exception inside withholds the whole record with the
 * reason `decision-error` and is reported to the policy's `onDecisionError`.
 *
 * For the envelope and for each part: mandatory layer first (mandatory.ts, DISCLOSURE §1), then the state's own rules
 * (discretionary.ts, §2), what officers said to them (statements.ts), and limits and reciprocity (hold-entries.ts). What can
 * be said once for many records is remembered (memory.ts).
 *
 * @example
 * const decision = decideRecord(view, recipient, situation, compilePolicy(parsePolicy(value, context)));
 * if (decision.outcome === 'release') send(disclosuresFor(view, decision.released));
 */
export function decideRecord(
  view: View,
  recipient: Recipient,
  situation: Situation,
  policy: CompiledPolicy,
): RecordDecision {
  const { digest } = policy.policy;
  try {
    const spelt = { parts: view.parts, anchors: () => anchorsOf(view) };
    const { verdict, groupOf } = decideGroups(view, recipient, situation, policy);
    return new Decision(spelt, verdict, groupOf, digest);
  } catch (error) {
    policy.alarm({ error, recipient, mode: situation.mode, purpose: situation.purpose });
    const parts = partsOf(view);
    return new Decision({ parts, anchors: () => undefined }, FAILED_VERDICT, alike(parts), digest);
  }
}

/** A verdict about groups of parts, and the group of each part of the view. */
interface GroupVerdict {
  readonly verdict: Verdict;
  readonly groupOf: readonly number[];
}

function decideGroups(
  view: View,
  recipient: Recipient,
  situation: Situation,
  { memory }: CompiledPolicy,
): GroupVerdict {
  requireSituation(situation);
  const { exercise, issuer } = view.header;
  if (exercise !== undefined && !examineExercise(exercise, situation.exercise, recipient).passed)
    return { verdict: EXERCISE_VERDICT, groupOf: alike(view.parts) };
  const { atSeconds } = situation;
  const outline = memory.outline(view, atSeconds);
  const ground = memory.ground(issuer, recipient, situation);
  const account = accountFor(ground.entries, situation);
  // Whatever becomes of the record: an account that is none fails each decision, and not those alone that need it.
  const { facts } = outline.shape.facts;
  const holding =
    account !== undefined && isLimited(facts, recipient.state, situation.mode)
      ? holdingEntries(ground.entries, account, situation)
      : NO_ENTRIES;
  const verdict = ground.verdict(outline.shape);
  const circumstances = circumstancesOf(view, verdict, ground, situation, holding);
  if (circumstances === undefined) return { verdict, groupOf: outline.groupOf };
  return {
    verdict: decideClosely(view, outline, ground, circumstances),
    groupOf: view.parts.map((_, index) => index),
  };
}

/** One group for all parts. */
function alike(parts: View['parts']): readonly number[] {
  return parts.map(() => 0);
}

/** The parts of a view that may itself be what a decision fails for. */
export function partsOf(view: View): View['parts'] {
  try {
    return [...view.parts];
  } catch {
    // Of no part can be said that it stays here; that nothing goes is said of the whole.
    return [];
  }
}

/** @throws Fault `disclosure.unknown-mode`, `disclosure.bad-time` */
export function requireSituation({ mode, atSeconds }: Situation): void {
  // A caller without types could ask for a mode that no rule restricts.
  if (!MODES.includes(mode))
    throw new Fault('disclosure.unknown-mode', `expected one of ${MODES.join(', ')}`);
  if (!Number.isSafeInteger(atSeconds) || atSeconds < 0) {
    throw new Fault('disclosure.bad-time', 'expected whole UTC seconds from 0 on');
  }
}

/**
 * What has to be looked at part by part; undefined where it cannot change the verdict.
 *
 * @param entries that are reached or have held something before
 */
function circumstancesOf(
  { header: { id: recordId, issuer: originator } }: View,
  verdict: Verdict,
  { ground }: RememberedGround,
  situation: Situation,
  entries: readonly HoldingEntry[],
): Circumstances | undefined {
  const handingOn = { recordId, originator, recipient: ground.recipient.state };
  const consents = consentsFor(handingOn, situation);
  const { approvals = [] } = situation;
  const isRejected = approvals.some(({ decision }) => decision === 'reject');
  const isAsked = isRejected || (verdict.byStatement && approvals.length > 0);
  // Entries hold what would go or waits already; where all is withheld and stays so, they say nothing.
  const mayGo = verdict.outcome !== 'withhold' || isAsked || consents.length > 0;
  const holding = mayGo ? entries : NO_ENTRIES;
  if (consents.length === 0 && !isAsked && holding.length === 0) return undefined;
  const already = situation.account?.already ?? NOTHING;
  return {
    ground,
    consents,
    statements: new Statements(situation, originator, ground.recipient.officer),
    holding,
    already,
  };
}

const NO_ENTRIES: readonly HoldingEntry[] = [];
const NOTHING: ReadonlySet<string> = new Set();

/** The same verdict, each part looked at for itself. */
function decideClosely(
  { parts }: View,
  { shape, groupOf }: Outline,
  ground: RememberedGround,
  circumstances: Circumstances,
): Verdict {
  const opinions = ground.opinions(shape.facts);
  const indexes = new Map(parts.map(({ digest }, index) => [digest, index]));
  const places = parts.map(({ ancestors }): Place => ({ parent: indexes.get(ancestors.at(-1) ?? '') ?? -1 }));
  const { envelope } = shape;
  const outer = judgeClosely('', envelope.label, opinions.ofEnvelope(envelope), circumstances);
  return judgeInward(places, outer, (index) => {
    const { class: partClass } = shape.groups[groupOf[index] as number] as Outline['shape']['groups'][number];
    const { digest } = parts[index] as Part;
    return judgeClosely(digest, partClass.label, opinions.ofPart(partClass), circumstances);
  });
}
