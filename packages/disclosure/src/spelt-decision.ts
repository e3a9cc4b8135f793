import type { Part, View } from '@comity/record';

import type { Judgement, Outcome, PartDecision, RecordDecision, Verdict } from './decision.ts';
import { anchorsOf, firstToEnd } from './embargo.ts';

const NO_WAY: Judgement = { outcome: 'withhold', reason: 'no-permit' };
const WAY_INSIDE_HELD: Judgement = { outcome: 'hold', reason: 'ancestor-held' };
const NOTHING: ReadonlySet<string> = new Set();

/** A verdict, spelt out for the view that it is about. What is said of each part is put together when first asked for. */
export class Decision implements RecordDecision {
  readonly outcome: Outcome;
  readonly policy: string;
  readonly #view: View;
  readonly #verdict: Verdict;
  /** Group of each part of the view. */
  readonly #groupOf: readonly number[];
  #judgements: readonly Judgement[] | undefined;
  #parts: readonly PartDecision[] | undefined;
  #released: ReadonlySet<string> | undefined;
  #held: ReadonlySet<string> | undefined;

  constructor(view: View, verdict: Verdict, groupOf: readonly number[], policy: string) {
    this.outcome = verdict.outcome;
    this.policy = policy;
    this.#view = view;
    this.#verdict = verdict;
    this.#groupOf = groupOf;
  }

  get envelope(): PartDecision {
    return describe('envelope', '', this.#verdict.envelope, this.#view);
  }

  get parts(): readonly PartDecision[] {
    const judgements = this.#settled();
    this.#parts ??= this.#view.parts.map(({ pathText, digest }, index) =>
      describe(pathText, digest, judgements[index] as Judgement, this.#view),
    );
    return this.#parts;
  }

  get released(): ReadonlySet<string> {
    this.#released ??= this.outcome === 'release' ? this.#digestsOf('release') : NOTHING;
    return this.#released;
  }

  get held(): ReadonlySet<string> {
    this.#held ??= this.outcome === 'withhold' ? NOTHING : this.#digestsOf('hold');
    return this.#held;
  }

  toJSON(): Omit<RecordDecision, 'released' | 'held'> & {
    readonly released: readonly string[];
    readonly held: readonly string[];
  } {
    const { outcome, envelope, parts, released, held, policy } = this;
    return { outcome, envelope, parts, released: [...released], held: [...held], policy };
  }

  #digestsOf(outcome: Outcome): ReadonlySet<string> {
    const { parts } = this.#view;
    const { groups, hasWays } = this.#verdict;
    // Where there are no ways, what is said of a group is said of each of its parts.
    const judgements = hasWays ? this.#settled() : undefined;
    const digests = new Set<string>();
    for (let index = 0; index < parts.length; index += 1) {
      const judgement = judgements?.[index] ?? groups[this.#groupOf[index] as number];
      if (judgement?.outcome === outcome) digests.add((parts[index] as Part).digest);
    }
    return digests;
  }

  /** The judgement about each part, with no way left open. */
  #settled(): readonly Judgement[] {
    const { groups, hasWays } = this.#verdict;
    if (this.#judgements === undefined) {
      const judgements = this.#groupOf.map((group) => groups[group] as Judgement);
      this.#judgements = hasWays ? settleWays(this.#view.parts, judgements) : judgements;
    }
    return this.#judgements;
  }
}

/**
 * A way goes with a released part inside it. Without one it waits by its own rules, or with what waits inside it; else it is
 * what its own rules say, or leads nowhere. From the innermost, so that what becomes of a way counts for the one around it.
 */
export function settleWays(parts: readonly Part[], judgements: readonly Judgement[]): readonly Judgement[] {
  const settled = [...judgements];
  const around = { release: new Set<string>(), hold: new Set<string>() };
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const { digest, ancestors } = parts[index] as Part;
    let judgement = settled[index] as Judgement;
    if (judgement.outcome === 'way') {
      judgement = settledWay(judgement, around.release.has(digest), around.hold.has(digest));
      settled[index] = judgement;
    } else if (judgement.isWay === true && !around.hold.has(digest)) {
      judgement = NO_WAY;
      settled[index] = judgement;
    }
    const { outcome } = judgement;
    if (outcome === 'release' || outcome === 'hold')
      for (const ancestor of ancestors) around[outcome].add(ancestor);
  }
  return settled;
}

function settledWay(way: Judgement, leadsToReleased: boolean, leadsToHeld: boolean): Judgement {
  const { reason, rule, otherwise } = way;
  if (leadsToReleased) return { outcome: 'release', reason, ...(rule !== undefined && { rule }) };
  // What is held never stands in what is withheld.
  if (otherwise?.outcome === 'hold' || !leadsToHeld) return otherwise ?? NO_WAY;
  if (reason === 'ancestor-held') return WAY_INSIDE_HELD;
  return { outcome: 'hold', reason: 'part-held', ...(rule !== undefined && { rule }) };
}

/** A settled judgement in full. */
export function describe(path: string, digest: string, judgement: Judgement, view: View): PartDecision {
  const { outcome, reason, check, missing, embargoed } = judgement;
  const first = embargoed && firstToEnd(embargoed, anchorsOf(view));
  const rule = first?.rule.name ?? judgement.rule;
  return {
    path,
    digest,
    // Ways are settled before.
    outcome: outcome === 'way' ? 'withhold' : outcome,
    reason,
    ...(rule !== undefined && { rule }),
    ...(check !== undefined && { check }),
    ...(missing !== undefined && { missing }),
    ...(first !== undefined && { fromSeconds: first.endSeconds }),
  };
}
