import type { Mode, PartDecision, RecordDecision } from '@comity/disclosure';
import { closeUpward, type View } from '@comity/record';

/** Parts of a record that one rule, or one limit, lets go to a peer only when officers have approved. */
export interface HeldParts {
  readonly mode: Mode;
  readonly purpose: string;
  /** Name of the rule, or of the entry. */
  readonly rule: string;
  readonly reason: string;
  /** Digests of the parts with all that they stand in, ascending: what an approval has to name. */
  readonly digests: readonly string[];
}

/** What of a decision waits, for each rule that it waits for. A held envelope holds up every part that could go with it. */
export function heldIn(view: View, decision: RecordDecision, mode: Mode, purpose: string): HeldParts[] {
  const byRule = new Map<string, { reason: string; digests: Set<string> }>();
  const add = (digest: string, { rule, reason, missing }: PartDecision): void => {
    // What is held without a rule of its own waits for what it stands in, or for what stands in it.
    if (rule === undefined || missing === undefined) return;
    const known = byRule.get(rule) ?? { reason, digests: new Set() };
    known.digests.add(digest);
    byRule.set(rule, known);
  };
  const { envelope, parts } = decision;
  for (const part of parts) {
    if (part.outcome !== 'hold') continue;
    add(part.digest, part);
    if (envelope.outcome === 'hold') add(part.digest, envelope);
  }
  return [...byRule].map(([rule, { reason, digests }]) => ({
    mode,
    purpose,
    rule,
    reason,
    digests: [...closeUpward(view, digests)].sort(),
  }));
}

/**
 * What still waits, each part once for each rule: a rule without purposes would have officers asked the same thing for
 * every purpose that is registered.
 *
 * @param given digests that the peer has, or gets now
 */
export function waiting(held: readonly HeldParts[], given: ReadonlySet<string>): HeldParts[] {
  const asked = new Map<string, Set<string>>();
  return held.filter(({ rule, digests }) => {
    const known = asked.get(rule) ?? new Set(given);
    const isNew = digests.some((digest) => !known.has(digest));
    for (const digest of digests) known.add(digest);
    asked.set(rule, known);
    return isNew;
  });
}
