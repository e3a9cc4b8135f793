import type { StateId } from '@comity/label';
import type { View } from '@comity/record';

import type { CompiledPolicy } from './compile.ts';
import { anchorsOf, embargoEnd } from './embargo.ts';
import { windowOf } from './outline.ts';
import { DEFAULT_NEED } from './parse-need.ts';
import type { ApprovalFact, Consent } from './situation.ts';

/** What a decision about a view depends on that changes by itself as time passes, besides the labels. */
export interface Passing {
  readonly policy?: CompiledPolicy;
  /** Absent: whoever the policy is about. */
  readonly recipient?: StateId;
  readonly approvals?: readonly ApprovalFact[];
  readonly consents?: readonly Consent[];
}

/**
 * The next time at which a decision about this view could change by itself: the earliest, still to come, at which a label is
 * succeeded, an embargo ends, a state begins or ceases to be in a group, or a statement or a consent begins or ends. Undefined
 * where there is none. Not counted: a review date, which changes nothing, and that releases fall out of the time of a limit.
 *
 * @param atSeconds UTC seconds
 * @throws Fault `label.succession-not-later`, `label.succession-too-long`
 */
export function earliestChange(view: View, atSeconds: number, passing: Passing = {}): number | undefined {
  const labels = new Set([view.header.label, ...view.parts.map(({ label }) => label)]);
  const times = [
    ...[...labels].map((label) => windowOf(label, atSeconds).untilSeconds),
    ...timesOf(view, passing),
  ];
  let next = Number.POSITIVE_INFINITY;
  for (const time of times) if (time > atSeconds && time < next) next = time;
  return Number.isFinite(next) ? next : undefined;
}

function timesOf(view: View, { policy, recipient, approvals = [], consents = [] }: Passing): number[] {
  const times = [
    ...approvals.flatMap((fact) => [fact.atSeconds, fact.notAfterSeconds, ...expiries(fact, policy)]),
    ...consents.flatMap(({ fromSeconds, untilSeconds }) => [fromSeconds, untilSeconds]),
  ];
  if (policy === undefined) return times;
  const anchors = anchorsOf(view);
  for (const { embargo, states } of policy.policy.rules) {
    if (embargo === undefined || (recipient !== undefined && !states.has(recipient))) continue;
    const endSeconds = embargoEnd(embargo, anchors);
    if (typeof endSeconds === 'number') times.push(endSeconds);
  }
  return [...times, ...policy.rules.boundaries(recipient)];
}

/** When the rule or entry that an approval is about counts it no longer; one that asks for nobody can after a rejection. A rejection counts to its own end. */
function expiries({ rule, atSeconds }: ApprovalFact, policy: CompiledPolicy | undefined): number[] {
  if (policy === undefined) return [];
  const { rules, limits, reciprocity } = policy.policy;
  return [...rules, ...limits, ...reciprocity]
    .filter(({ name }) => name === rule)
    .map(({ approve = DEFAULT_NEED }) => atSeconds + approve.withinSeconds);
}
