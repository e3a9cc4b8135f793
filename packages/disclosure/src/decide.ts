import { Fault } from '@comity/fault';
import type { View } from '@comity/record';

import type { CompiledPolicy } from './compile.ts';
import { Decision, type Judgement, type RecordDecision, type Verdict } from './decision.ts';
import { examineExercise } from './mandatory.ts';
import type { Judgements } from './memory.ts';
import type { Outline } from './outline.ts';
import { MODES, type Recipient, type Situation } from './situation.ts';

/**
 * Decides which parts of a record may be handed to a recipient. Pure: the same record, recipient, situation and policy
 * give the same decision on any machine. Total: it never throws. An exception inside withholds the whole record with the
 * reason `decision-error` and is reported to the policy's `onDecisionError`.
 *
 * For the envelope and for each part: mandatory layer first (mandatory.ts, DISCLOSURE §1), then the state's own rules
 * (discretionary.ts, §2). What can be said once for many records is remembered (memory.ts).
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
    requireSituation(situation);
    const { exercise, issuer } = view.header;
    // M1 stands before everything else and concerns the whole record.
    if (!examineExercise(exercise, situation.exercise, recipient).passed) {
      return new Decision(view, refuse(view, NOT_THIS_EXERCISE, ANCESTOR_WITHHELD), digest);
    }
    const outline = policy.memory.outline(view, situation.atSeconds);
    const judgements = policy.memory.judgements(outline.facts, issuer, recipient, situation);
    return new Decision(view, decideInward(outline, judgements), digest);
  } catch (error) {
    policy.alarm({ error, recipient, mode: situation.mode, purpose: situation.purpose });
    return new Decision(view, refuse(view, FAILED, FAILED), digest);
  }
}

const NOT_THIS_EXERCISE: Judgement = { outcome: 'withhold', reason: 'exercise', check: 'M1' };
const ANCESTOR_WITHHELD: Judgement = { outcome: 'withhold', reason: 'ancestor-withheld' };
const FAILED: Judgement = { outcome: 'withhold', reason: 'decision-error' };

/** @throws Fault `disclosure.unknown-mode`, `disclosure.bad-time` */
export function requireSituation({ mode, atSeconds }: Situation): void {
  // A caller without types could ask for a mode that no rule restricts.
  if (!MODES.includes(mode))
    throw new Fault('disclosure.unknown-mode', `expected one of ${MODES.join(', ')}`);
  if (!Number.isSafeInteger(atSeconds) || atSeconds < 0) {
    throw new Fault('disclosure.bad-time', 'expected whole UTC seconds from 0 on');
  }
}

/** From the envelope inward: nothing inside a withheld part is released, whatever its own label. */
function decideInward({ envelope, groups, groupOf }: Outline, judgements: Judgements): Verdict {
  const outer = judgements.ofEnvelope(envelope);
  const inner: Judgement[] = [];
  let hasReleases = false;
  let hasWays = false;
  for (const group of groups) {
    const around = group.parent < 0 ? outer : (inner[group.parent] as Judgement);
    const own = around.outcome === 'withhold' ? ANCESTOR_WITHHELD : judgements.ofPart(group.class);
    hasReleases ||= own.outcome === 'release';
    hasWays ||= own.outcome === 'way';
    inner.push(own);
  }
  return { outcome: hasReleases ? 'release' : 'withhold', envelope: outer, groups: inner, groupOf, hasWays };
}

/** The same judgement on every part, without a look at any. */
function refuse(view: View, envelope: Judgement, parts: Judgement): Verdict {
  return { outcome: 'withhold', envelope, groups: [parts], groupOf: view.parts.map(() => 0), hasWays: false };
}
