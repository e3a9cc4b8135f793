import type { Mode, PartDecision, RecordDecision } from '@comity/disclosure';
import { closeUpward, type View } from '@comity/record';
import { NONE_GIVEN } from '../records/stored-view.ts';

/** Parts of a record that one rule, or one limit, lets go to a peer only when officers have approved. */
export interface HeldParts {
  readonly mode: Mode;
  readonly purpose: string;
  /** The officer of the peer whom a letter is for. */
  readonly addressee?: string;
  /** Name of the rule, or of the entry. */
  readonly rule: string;
  readonly reason: string;
  /** Digests of the parts with all that they stand in, ascending: what an approval has to name. */
  readonly digests: readonly string[];
  /** Those of them that wait themselves, and not only as what others stand in: what a rejection names. */
  readonly waiting: readonly string[];
}

/**
 * What of a decision waits, for each rule that it waits for.
 *
 * @param has digests that the peer has given itself, about which nobody is asked
 */
export function heldIn(
  view: View,
  decision: RecordDecision,
  way: Pick<HeldParts, 'mode' | 'purpose' | 'addressee'>,
  has: ReadonlySet<string> = NONE_GIVEN,
): HeldParts[] {
  if (decision.held.size === 0) return [];
  const byRule = new Map<string, { reason: string; digests: Set<string> }>();
  for (const { digest, asked } of askedAbout(view, decision)) {
    const { rule, reason, missing } = asked;
    if (rule === undefined || missing === undefined || has.has(digest)) continue;
    const known = byRule.get(rule) ?? { reason, digests: new Set() };
    known.digests.add(digest);
    byRule.set(rule, known);
  }
  return [...byRule].map(([rule, { reason, digests }]) => ({
    ...way,
    rule,
    reason,
    digests: [...closeUpward(view, digests)].sort(),
    waiting: [...digests].sort(),
  }));
}

/**
 * Each part that is held, with the decision that says for what: its own; where nothing else keeps it but that the envelope
 * waits, the envelope's. What is held with what it stands in, or with what stands in it, goes or stays with that.
 */
function* askedAbout(
  { parts }: View,
  { envelope, parts: decided }: RecordDecision,
): Generator<{ readonly digest: string; readonly asked: PartDecision }, void, undefined> {
  const ancestorsOf = new Map(parts.map(({ digest, ancestors }) => [digest, ancestors]));
  const held = decided.filter(({ outcome }) => outcome === 'hold');
  const asking = new Set(held.filter(({ missing }) => missing !== undefined).map(({ digest }) => digest));
  for (const part of held) {
    const { digest } = part;
    if (asking.has(digest)) yield { digest, asked: part };
    else if (ancestorsOf.get(digest)?.some((ancestor) => asking.has(ancestor)) !== true)
      yield { digest, asked: envelope };
  }
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
