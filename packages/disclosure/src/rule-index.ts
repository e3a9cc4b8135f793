import type { StateId } from '@comity/label';
import { recordTypeOf } from '@comity/record';

import { pathsOf, type RulePaths, stepsOf } from './coverage.ts';
import type { EmbargoState } from './embargo.ts';
import { conditionHolds, type Facts } from './facts.ts';
import { entriesFor } from './hold-entries.ts';
import {
  addresses,
  type Embargo,
  type Limit,
  type Period,
  type Policy,
  type PolicyRule,
  type Reciprocity,
} from './policy.ts';
import type { Mode, Situation } from './situation.ts';

/** A rule with its paths split. */
export interface CompiledRule {
  readonly rule: PolicyRule;
  readonly paths: RulePaths;
  /** Place of its embargo in {@link RuleIndex.embargoes}; -1 without one. */
  readonly embargoPlace: number;
}

/** A rule that permits, of one record. */
export interface MatchingPermit extends CompiledRule {
  readonly isEmbargoed: boolean;
}

/** The rules that apply to one record, one recipient, one mode and one purpose. */
export interface MatchingRules {
  readonly permits: readonly MatchingPermit[];
  readonly forbids: readonly CompiledRule[];
  /** The record is a release-grant for the recipient, or answers it. */
  readonly goesAlong: boolean;
}

/** What of a record a rule looks at. */
export interface MatchedFacts {
  readonly facts: Facts;
  /** By place in {@link RuleIndex.embargoes}. */
  readonly embargoes: readonly EmbargoState[];
}

/** Rules and entries for a recipient, and the time for which they are these. */
export interface Addressed extends Period {
  readonly rules: readonly CompiledRule[];
  readonly entries: readonly (Limit | Reciprocity)[];
}

/** The discretionary layer, sorted out so that a decision looks at the rules that can matter and no others. */
export class RuleIndex {
  readonly policy: Policy;
  /** In the order of names: what a decision cites must not depend on the order in the file. */
  readonly rules: readonly CompiledRule[];
  /** Paths strictly above one that a rule names: only there it matters whether a part is a frame. */
  readonly above: ReadonlySet<string>;
  /** Each different embargo once. */
  readonly embargoes: readonly Embargo[];

  readonly #byRecipient = new Map<StateId, CompiledRule[]>();

  constructor(policy: Policy) {
    this.policy = policy;
    const embargoes = new Map<string, Embargo>();
    for (const { embargo } of policy.rules) if (embargo !== undefined) embargoes.set(keyOf(embargo), embargo);
    this.embargoes = [...embargoes.values()];
    const places = new Map([...embargoes.keys()].map((key, place) => [key, place]));
    this.rules = policy.rules
      .map((rule) => {
        const embargoPlace = rule.embargo === undefined ? -1 : (places.get(keyOf(rule.embargo)) as number);
        return { rule, paths: pathsOf(rule), embargoPlace };
      })
      .sort((a, b) => (a.rule.name < b.rule.name ? -1 : 1));
    this.above = new Set(policy.rules.flatMap(namedPaths).flatMap(pathsAbove));
    for (const compiled of this.rules) {
      for (const state of compiled.rule.states.keys()) {
        const known = this.#byRecipient.get(state);
        if (known === undefined) this.#byRecipient.set(state, [compiled]);
        else known.push(compiled);
      }
    }
  }

  /** Rules for a recipient, mode and purpose at any time, whatever the record. */
  candidates(
    recipient: StateId,
    { mode, purpose }: Pick<Situation, 'mode' | 'purpose'>,
  ): readonly CompiledRule[] {
    return (this.#byRecipient.get(recipient) ?? []).filter(
      ({ rule }) => isOfMode(rule, mode) && rule.purposes?.includes(purpose) !== false,
    );
  }

  /** Rules and entries for a recipient, mode and purpose at a time, whatever the record. */
  addressed(recipient: StateId, situation: Pick<Situation, 'mode' | 'purpose' | 'atSeconds'>): Addressed {
    const { atSeconds } = situation;
    const rules = this.candidates(recipient, situation).filter(({ rule }) =>
      addresses(rule, recipient, atSeconds),
    );
    return {
      rules,
      entries: entriesFor(this.policy, recipient, atSeconds),
      ...this.#unchangedAround(recipient, atSeconds),
    };
  }

  /** The time around a second in which no group of the policy gains or loses a recipient. */
  #unchangedAround(recipient: StateId, atSeconds: number): Period {
    let [fromSeconds, untilSeconds] = [0, Number.POSITIVE_INFINITY];
    for (const boundary of this.boundaries(recipient)) {
      if (boundary <= atSeconds) fromSeconds = Math.max(fromSeconds, boundary);
      else untilSeconds = Math.min(untilSeconds, boundary);
    }
    return { fromSeconds, untilSeconds };
  }

  /** The seconds at which a recipient, or without one any, begins or ceases to be in a group that something is about. */
  boundaries(recipient: StateId | undefined): ReadonlySet<number> {
    const { limits, reciprocity } = this.policy;
    const rules = recipient === undefined ? this.rules : (this.#byRecipient.get(recipient) ?? []);
    const boundaries = new Set<number>();
    for (const { states } of [...rules.map(({ rule }) => rule), ...limits, ...reciprocity]) {
      const periods = recipient === undefined ? [...states.values()].flat() : (states.get(recipient) ?? []);
      for (const { fromSeconds, untilSeconds } of periods) boundaries.add(fromSeconds).add(untilSeconds);
    }
    return boundaries;
  }
}

/**
 * Which of the candidates match a record. What is not known matches no permit and every forbid. A type that this version
 * does not understand matches no permit either (ARCHITECTURE §1, rule 2): nobody here can tell what its fields hold. An
 * embargo whose anchor the record does not state, or whose anchor is not known, permits at no time.
 */
export function matching(
  candidates: readonly CompiledRule[],
  { facts, embargoes }: MatchedFacts,
  recipient: StateId,
  mode: Mode,
): MatchingRules {
  const permits: MatchingPermit[] = [];
  const forbids: CompiledRule[] = [];
  for (const compiled of candidates) {
    const holds = conditionHolds(compiled.rule.when, facts);
    if (compiled.rule.effect === 'forbid') {
      if (holds !== 'no') forbids.push(compiled);
    } else if (holds === 'yes' && facts.typeKnown) {
      const state = compiled.embargoPlace < 0 ? 'over' : embargoes[compiled.embargoPlace];
      if (state === 'over' || state === 'running')
        permits.push({ ...compiled, isEmbargoed: state === 'running' });
    }
  }
  return { permits, forbids, goesAlong: goesAlong(facts, recipient, mode) };
}

/**
 * Whether a record is a release-grant that names the recipient as third party or as holder, whatever it decides: an officer has
 * signed it for these two. None goes along as a letter by itself.
 */
export function goesAlong(facts: Facts, recipient: StateId, mode: Mode): boolean {
  const { typeKnown, thirdParty, holder } = facts;
  return mode !== 'letter' && typeKnown && (isKnown(thirdParty, recipient) || isKnown(holder, recipient));
}

/**
 * Whether entries of `limits` and `reciprocity` judge a record. They hold up neither what goes along nor a retraction, which goes
 * to nobody but who was handed the record (disclosure.md 8.3): meanwhile he would go on using it. A letter of either they judge,
 * as it goes to whom its writer names.
 */
export function isLimited(facts: Facts, recipient: StateId, mode: Mode): boolean {
  const isRetraction = recordTypeOf(facts.type)?.retracts === true;
  return !goesAlong(facts, recipient, mode) && (mode === 'letter' || !isRetraction);
}

function isKnown(fact: Facts['thirdParty'], state: StateId): boolean {
  return fact.status === 'known' && fact.value === state;
}

/**
 * Whether a rule looks at what goes in a mode. One without modes is about all of them, but that it permits no letters: what
 * is for named persons alone leaves by a rule that says so.
 */
export function isOfMode({ effect, modes }: PolicyRule, mode: Mode): boolean {
  return modes === undefined ? mode !== 'letter' || effect === 'forbid' : modes.includes(mode);
}

function keyOf({ anchor, afterSeconds }: Embargo): string {
  return `${anchor} ${afterSeconds}`;
}

function namedPaths({ parts, profile }: PolicyRule): readonly string[] {
  return [...(parts ?? []), ...(profile?.keep ?? []), ...(profile?.drop ?? [])];
}

function pathsAbove(path: string): string[] {
  const steps = stepsOf(path);
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('.'));
}
