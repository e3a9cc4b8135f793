import { Fault } from '@comity/fault';

import { checkLabel } from './check-label.ts';
import { DIMENSIONS } from './dimensions.ts';
import { effectiveLabel, successionsOf } from './effective.ts';
import { type Label, MAX_SUCCESSIONS, type Succession } from './label.ts';
import type { ClassificationScheme } from './scheme.ts';

/** The label of a whole, or the reason why a person has to set it. */
export type Combination = { readonly label: Label } | { readonly undecided: Fault };

/**
 * The label of material that carries all these labels: highest classification, TLP and PAP; every restrictive category
 * and handling rule; only the recipients, permissive categories and purposes that all have in common (ADatP-4774.1 §4.4,
 * rules 1-9, with an absent releasability read as "originating state only"). It dominates each of them, now and at each
 * date on which one of them changes. The order of the labels does not matter, nor does combining in several steps
 * wherever each step is decided.
 *
 * The result is a new label: it has no creation date, the earliest review date, and a privacy mark only if all share it.
 *
 * Undecided, for a person: `label.nothing-to-combine`, `label.mixed-schemes`, `label.no-common-release`,
 * `label.no-common-display`, `label.no-common-category`, `label.no-common-purpose`, `label.succession-too-long`,
 * `label.invalid-combination`, and for a label that is not valid itself the code of `checkLabel`.
 */
export function combine(labels: readonly Label[], scheme: ClassificationScheme): Combination {
  const distinct = [...new Set(labels)];
  const refusal = refusalOf(distinct, scheme);
  if (refusal !== undefined) return { undecided: refusal };

  const dates = new Set(distinct.flatMap((label) => successionsOf(label).map(({ atSeconds }) => atSeconds)));
  if (dates.size > MAX_SUCCESSIONS) {
    const message = `the labels change on ${dates.size} dates, more than the ${MAX_SUCCESSIONS} that one label can hold`;
    return { undecided: new Fault('label.succession-too-long', message) };
  }

  let succession: Succession | undefined;
  for (const atSeconds of [...dates].sort((a, b) => b - a)) {
    const label = combineAt(atSeconds, distinct, scheme, succession);
    if (label instanceof Fault) return { undecided: label };
    succession = { atSeconds, label };
  }
  const label = combineAt(Number.NEGATIVE_INFINITY, distinct, scheme, succession);
  if (label instanceof Fault) return { undecided: label };

  // Rule 9: what comes out is checked like any other label.
  const [fault] = checkLabel(label, scheme);
  if (fault === undefined) return { label };
  return {
    undecided: new Fault('label.invalid-combination', fault.message, { fields: { code: fault.code } }),
  };
}

/** Rules 1 and 2: one scheme, every label valid in it. */
function refusalOf(labels: readonly Label[], scheme: ClassificationScheme): Fault | undefined {
  if (labels.length === 0) return new Fault('label.nothing-to-combine', 'expected one label or more');
  if (labels.some((label) => label.scheme !== scheme.id)) {
    return new Fault('label.mixed-schemes', `expected every label in the scheme ${scheme.id}`);
  }
  for (const label of labels) {
    const [fault] = checkLabel(label, scheme);
    if (fault !== undefined) return new Fault(fault.code, fault.message, { fields: { path: fault.path } });
  }
  return undefined;
}

function combineAt(
  atSeconds: number,
  labels: readonly Label[],
  scheme: ClassificationScheme,
  succession: Succession | undefined,
): Label | Fault {
  const effective = labels.map((label) => effectiveLabel(label, atSeconds));
  let combined: Partial<Label> = {};
  for (const dimension of DIMENSIONS) {
    const part = dimension.combine(effective, scheme);
    if (part instanceof Fault) return part;
    combined = { ...combined, ...part };
  }
  const mark = effective[0]?.privacyMark;
  const reviews = effective.map((label) => label.reviewAtSeconds).filter((review) => review !== undefined);
  return {
    ...combined,
    scheme: scheme.id,
    classification: combined.classification as string,
    ...(mark !== undefined &&
      effective.every(({ privacyMark }) => privacyMark === mark) && { privacyMark: mark }),
    ...(reviews.length > 0 && { reviewAtSeconds: Math.min(...reviews) }),
    ...(succession !== undefined && { succession }),
  };
}
