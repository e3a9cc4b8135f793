import type { Part, View } from '@comity/record';

import type { Asked, Judgement, Outcome, PartDecision, RecordDecision, Verdict } from './decision.ts';
import { type Anchors, firstToEnd } from './embargo.ts';

const NO_WAY: Judgement = { outcome: 'withhold', reason: 'no-permit' };
const WAY_INSIDE_HELD: Judgement = { outcome: 'hold', reason: 'ancestor-held' };
const NOTHING: ReadonlySet<string> = new Set();

/** What is needed of a view to spell a verdict out for it. */
export interface SpeltView {
  readonly parts: View['parts'];
  /** Asked for where an embargo keeps anything back. */
  readonly anchors: () => Anchors | undefined;
}

/**
 * A verdict, spelt out for the view that it is about. All that can fail is worked out as it is made, where whoever decides
 * sees it fail. What is said of each part is only put together, when first asked for.
 */
export class Decision implements RecordDecision {
  readonly outcome: Outcome;
  readonly policy: string;
  readonly released: ReadonlySet<string>;
  readonly held: ReadonlySet<string>;
  readonly #described: View['parts'];
  readonly #envelope: Judgement;
  /** The judgement about each group of parts, with no way left open, and the group of each part. */
  readonly #groups: readonly Judgement[];
  readonly #groupOf: readonly number[];
  /** Of a record of which an embargo keeps anything back. */
  readonly #anchors: Anchors | undefined;
  #parts: readonly PartDecision[] | undefined;
  #places: ReadonlyMap<string, number> | undefined;

  /**
   * @param groupOf group of each part of the view
   * @throws whatever a view throws that is none
   */
  constructor(view: SpeltView, verdict: Verdict, groupOf: readonly number[], policy: string) {
    const { outcome, envelope, groups, hasWays, mayHold, isEmbargoed } = verdict;
    this.outcome = outcome;
    this.policy = policy;
    this.#described = view.parts;
    this.#envelope = envelope;
    this.#groupOf = groupOf;
    this.#groups = groups;
    if (hasWays) {
      // Of two parts of one group one may lead to something that is released.
      this.#groupOf = groupOf.map((_, index) => index);
      this.#groups = settleWays(
        view.parts,
        groupOf.map((group) => groups[group] as Judgement),
      );
    }
    this.#anchors = isEmbargoed ? view.anchors() : undefined;
    this.released = outcome === 'release' ? this.#digestsOf('release') : NOTHING;
    this.held = outcome !== 'withhold' && mayHold ? this.#digestsOf('hold') : NOTHING;
  }

  get envelope(): PartDecision {
    return describe('envelope', '', this.#envelope, this.#anchors);
  }

  get parts(): readonly PartDecision[] {
    this.#parts ??= this.#described.map(({ pathText, digest }, index) =>
      describe(pathText, digest, this.#judgementAt(index), this.#anchors),
    );
    return this.#parts;
  }

  askedAbout(digest: string): Asked | undefined {
    if (digest === '') return this.#envelope.asked?.();
    this.#places ??= new Map(this.#described.map((part, index) => [part.digest, index]));
    const place = this.#places.get(digest);
    return place === undefined ? undefined : this.#judgementAt(place).asked?.();
  }

  toJSON(): Omit<RecordDecision, 'released' | 'held' | 'askedAbout'> & {
    readonly released: readonly string[];
    readonly held: readonly string[];
  } {
    const { outcome, envelope, parts, released, held, policy } = this;
    return { outcome, envelope, parts, released: [...released], held: [...held], policy };
  }

  #judgementAt(index: number): Judgement {
    return this.#groups[this.#groupOf[index] as number] as Judgement;
  }

  #digestsOf(outcome: Outcome): ReadonlySet<string> {
    const digests = new Set<string>();
    for (let index = 0; index < this.#described.length; index += 1)
      if (this.#judgementAt(index).outcome === outcome) digests.add((this.#described[index] as Part).digest);
    return digests;
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

/** A settled judgement in full. @param anchors those of the record; needed where an embargo keeps anything of it back */
export function describe(
  path: string,
  digest: string,
  judgement: Judgement,
  anchors: Anchors | undefined,
): PartDecision {
  const { outcome, reason, check, missing, embargoed } = judgement;
  const first = embargoed && anchors && firstToEnd(embargoed, anchors);
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
