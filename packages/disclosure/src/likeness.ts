import type { View } from '@comity/record';

import type { CompiledPolicy } from './compile.ts';
import { anchorsOf, embargoEnd } from './embargo.ts';
import { type EnvelopeClass, OutlineBook, type PartClass } from './outline.ts';
import type { Embargo } from './policy.ts';
import type { MatchedFacts } from './rule-index.ts';

/** Something that policies cannot tell from others of its likeness. */
export interface Likened {
  /** Counts up from 0 in one book. */
  readonly number: number;
  /** Equal for the same in any book of the same policies. */
  readonly text: string;
}

/** What policies can tell of a view. */
export interface Likeness {
  /** Facts, envelope and exercise. */
  readonly context: Likened;
  /** Each part that stands in no other, in the order of the view, with all parts inside it. */
  readonly roots: readonly Likened[];
}

/**
 * What some policies can tell of views, for whoever looks at many of which few differ. In likened contexts each of them decides
 * the same about likened parts and all parts inside them, whatever else stands beside them, for whomever and in whatever
 * situation, but for what the situation says of single records: account, approvals, author, consents. The originator is no part of a
 * likeness.
 */
export class LikenessBook {
  readonly #outlines: OutlineBook;
  readonly #contexts = new Map<string, Likened>();
  readonly #trees = new Map<string, Likened>();
  readonly #numbers = new Map<MatchedFacts | EnvelopeClass | PartClass, number>();
  readonly #classTexts: string[] = [];
  #next = 0;

  constructor(policies: readonly CompiledPolicy[]) {
    this.#outlines = new OutlineBook({
      above: new Set(policies.flatMap(({ rules }) => [...rules.above])),
      embargoes: policies.flatMap(({ rules }) => rules.embargoes),
    });
  }

  /** How much is remembered: for the owner, who starts a new book when it grows too large. */
  get size(): number {
    return this.#contexts.size + this.#trees.size + this.#numbers.size + this.#outlines.size;
  }

  /**
   * @param atSeconds UTC seconds
   * @throws Fault `label.succession-not-later`, `label.succession-too-long`, `disclosure.orphan-part`
   */
  of(view: View, atSeconds: number): Likeness {
    const { shape, groupOf } = this.#outlines.read(view, atSeconds);
    const { facts, envelope, groups } = shape;
    const classes = groupOf.map((group) => this.#numberOf((groups[group] as { class: PartClass }).class));
    return {
      context: this.#contextOf(facts, envelope, view.header.exercise),
      roots: rootsOf(view, classes).map((tree) => this.#treeOf(tree)),
    };
  }

  #contextOf(facts: MatchedFacts, envelope: EnvelopeClass, exercise: string | undefined): Likened {
    const key = `${this.#numberOf(facts)} ${this.#numberOf(envelope)} ${exercise ?? ''}`;
    return this.#likened(this.#contexts, key, () =>
      JSON.stringify([
        facts.facts,
        facts.embargoes,
        envelope.label,
        envelope.clear.map(({ steps }) => steps),
        exercise ?? '',
      ]),
    );
  }

  #treeOf(tree: string): Likened {
    return this.#likened(this.#trees, tree, () =>
      tree.replaceAll(/\d+/g, (number) => this.#classTexts[Number(number)] ?? ''),
    );
  }

  #likened(known: Map<string, Likened>, key: string, text: () => string): Likened {
    let likened = known.get(key);
    if (likened === undefined) {
      likened = { number: this.#next++, text: text() };
      known.set(key, likened);
    }
    return likened;
  }

  #numberOf(known: MatchedFacts | EnvelopeClass | PartClass): number {
    let number = this.#numbers.get(known);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(known, number);
      if ('steps' in known)
        this.#classTexts[number] = JSON.stringify([known.steps, known.frame, known.label]);
    }
    return number;
  }
}

/** Of each part that stands in no other, its class and in brackets what is inside, in one order whatever the digests. */
export function rootsOf({ parts }: View, classes: readonly number[]): string[] {
  const inside = new Map<string, string[]>();
  const roots: string[] = [];
  // From the innermost: each part comes after those that it stands in.
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const { digest, ancestors } = parts[index] as View['parts'][number];
    const children = inside.get(digest);
    const tree = `${classes[index]}${children === undefined ? '' : `(${children.sort().join(' ')})`}`;
    const parent = ancestors.at(-1);
    if (parent === undefined) roots.push(tree);
    else if (inside.get(parent)?.push(tree) === undefined) inside.set(parent, [tree]);
  }
  return roots.reverse();
}

/**
 * The embargoes of a policy that keep something of a view back, with the seconds at which they end, from the first to the last.
 *
 * @param atSeconds UTC seconds
 */
export function runningEmbargoes(
  view: View,
  policy: CompiledPolicy,
  atSeconds: number,
): { readonly embargo: Embargo; readonly endSeconds: number }[] {
  const { embargoes } = policy.rules;
  if (embargoes.length === 0) return [];
  const anchors = anchorsOf(view);
  return embargoes
    .map((embargo) => ({ embargo, endSeconds: Number(embargoEnd(embargo, anchors)) }))
    .filter(({ endSeconds }) => endSeconds > atSeconds)
    .sort((a, b) => a.endSeconds - b.endSeconds);
}
