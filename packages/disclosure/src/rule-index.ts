import type { StateId } from '@comity/label';
import { pathsOf, type RulePaths, stepsOf } from './coverage.ts';
import { conditionHolds, type Facts } from './facts.ts';
import type { PolicyRule } from './policy.ts';
import type { Situation } from './situation.ts';

/** A rule with its paths split. */
export interface CompiledRule {
  readonly rule: PolicyRule;
  readonly paths: RulePaths;
}

/** The rules that apply to one record, one recipient, one mode and one purpose. */
export interface MatchingRules {
  readonly permits: readonly CompiledRule[];
  readonly forbids: readonly CompiledRule[];
}

/** The discretionary layer, sorted out so that a decision looks at the rules that can matter and no others. */
export class RuleIndex {
  /** In the order of names: what a decision cites must not depend on the order in the file. */
  readonly rules: readonly CompiledRule[];
  /** Paths strictly above one that a rule names: only there it matters whether a part is a frame. */
  readonly above: ReadonlySet<string>;

  readonly #byRecipient = new Map<StateId, CompiledRule[]>();

  constructor(rules: readonly PolicyRule[]) {
    this.rules = rules
      .map((rule) => ({ rule, paths: pathsOf(rule) }))
      .sort((a, b) => (a.rule.name < b.rule.name ? -1 : 1));
    this.above = new Set(rules.flatMap(namedPaths).flatMap(pathsAbove));
    for (const compiled of this.rules) {
      for (const state of compiled.rule.states) {
        const known = this.#byRecipient.get(state);
        if (known === undefined) this.#byRecipient.set(state, [compiled]);
        else known.push(compiled);
      }
    }
  }

  /** Rules for a recipient, mode and purpose, whatever the record. */
  candidates(
    recipient: StateId,
    { mode, purpose }: Pick<Situation, 'mode' | 'purpose'>,
  ): readonly CompiledRule[] {
    return (this.#byRecipient.get(recipient) ?? []).filter(
      ({ rule }) => rule.modes?.includes(mode) !== false && rule.purposes?.includes(purpose) !== false,
    );
  }
}

/**
 * Which of the candidates match a record. What is not known matches no permit and every forbid. A type that this version
 * does not understand matches no permit either (ARCHITECTURE §1, rule 2): nobody here can tell what its fields hold.
 */
export function matching(candidates: readonly CompiledRule[], facts: Facts): MatchingRules {
  const permits: CompiledRule[] = [];
  const forbids: CompiledRule[] = [];
  for (const compiled of candidates) {
    const holds = conditionHolds(compiled.rule.when, facts);
    if (compiled.rule.effect === 'forbid') {
      if (holds !== 'no') forbids.push(compiled);
    } else if (holds === 'yes' && facts.typeKnown) permits.push(compiled);
  }
  return { permits, forbids };
}

function namedPaths({ parts, profile }: PolicyRule): readonly string[] {
  return [...(parts ?? []), ...(profile?.keep ?? []), ...(profile?.drop ?? [])];
}

function pathsAbove(path: string): string[] {
  const steps = stepsOf(path);
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('.'));
}
