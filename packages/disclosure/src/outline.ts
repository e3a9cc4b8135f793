import { Fault } from '@comity/fault';
import { type Label, successionsOf } from '@comity/label';
import type { Part, View } from '@comity/record';

import { type PartShape, stepsOf } from './coverage.ts';
import { anchorsOf, type EmbargoState, embargoEnd } from './embargo.ts';
import { factsOf } from './facts.ts';
import { type LabelInForce, labelInForce } from './mandatory.ts';
import { ALWAYS, type Embargo, type Period } from './policy.ts';
import type { MatchedFacts } from './rule-index.ts';
import { childCounts, clearFields, isFrame, withoutPositions } from './shape.ts';

/** Parts that no check and no rule can tell apart: same kind of place, same label in force. */
export interface PartClass extends PartShape {
  /** Counts up from 0 in one book. */
  readonly id: number;
  readonly label: LabelInForce;
}

/** Envelopes that no check and no rule can tell apart. */
export interface EnvelopeClass {
  readonly id: number;
  readonly label: LabelInForce;
  /** Fields in the clear: whoever gets the envelope gets them. */
  readonly clear: readonly PartShape[];
}

/** Parts of one view that share class and surroundings: one decision about them is a decision about all. */
export interface PartGroup {
  readonly class: PartClass;
  /** Position of the group of the parts they stand in; -1 at the root. */
  readonly parent: number;
}

/** Everything about a record that a decision can depend on, without content and without digests. */
export interface Shape {
  /** The same object for records with the same facts. */
  readonly facts: MatchedFacts;
  readonly envelope: EnvelopeClass;
  /** Each after its parent. */
  readonly groups: readonly PartGroup[];
}

/** How a view looks to a decision, and for how long: until an embargo ends or a succession takes effect. */
export interface Outline extends Period {
  /** The same object for views that no check and no rule can tell apart. */
  readonly shape: Shape;
  /** Group of each part, by its position in `view.parts`. */
  readonly groupOf: readonly number[];
}

interface KnownLabel extends Period {
  readonly id: number;
  readonly label: LabelInForce;
}

interface KnownFacts extends MatchedFacts {
  readonly id: number;
}

/** Shapes that are given to further views before starting anew: many records have one of their own. */
const MAX_SHAPES = 65_536;

/**
 * Outlines views, and gives what looks the same to every check and rule the same object, so that a judgement about one is
 * a judgement about all.
 */
export class OutlineBook {
  /** Paths at which it matters whether a part is a frame. */
  readonly #above: ReadonlySet<string>;
  readonly #embargoes: readonly Embargo[];
  readonly #views = new WeakMap<View, Outline>();
  readonly #marked = new WeakMap<Label, KnownLabel>();
  readonly #labels = new Map<string, { readonly id: number; readonly label: LabelInForce }>();
  readonly #classes = new Map<string, PartClass>();
  readonly #envelopes = new Map<string, EnvelopeClass>();
  readonly #facts = new Map<string, KnownFacts>();
  readonly #shapes = new Map<string, Shape>();
  #last: { readonly view: View; readonly outline: Outline } | undefined;

  constructor({
    above,
    embargoes,
  }: { readonly above: ReadonlySet<string>; readonly embargoes: readonly Embargo[] }) {
    this.#above = above;
    this.#embargoes = embargoes;
  }

  /** How much is remembered for good, which is all but shapes; the owner starts a new book when it grows too large. */
  get size(): number {
    return this.#labels.size + this.#classes.size + this.#envelopes.size + this.#facts.size;
  }

  /** @throws Fault `label.succession-not-later`, `label.succession-too-long`, `disclosure.orphan-part` */
  outline(view: View, atSeconds: number): Outline {
    // One record for several recipients in turn is the usual case.
    const known = this.#last?.view === view ? this.#last.outline : this.#views.get(view);
    const stands = known !== undefined && known.fromSeconds <= atSeconds && atSeconds < known.untilSeconds;
    const outline = stands ? known : this.read(view, atSeconds);
    if (!stands) this.#views.set(view, outline);
    if (this.#last?.view !== view || !stands) this.#last = { view, outline };
    return outline;
  }

  /** As `outline`, for whoever asks once about each view: nothing is kept for when it is asked again. */
  read(view: View, atSeconds: number): Outline {
    const marked = this.#inForce(view.header.label, atSeconds);
    const { facts, period } = this.#factsOf(view, atSeconds);
    let fromSeconds = Math.max(marked.fromSeconds, period.fromSeconds);
    let untilSeconds = Math.min(marked.untilSeconds, period.untilSeconds);
    const groups: PartGroup[] = [];
    const known = new Map<string, number>();
    const groupOfDigest = new Map<string, number>();
    const children = this.#above.size === 0 ? NO_CHILDREN : childCounts(view.parts);
    const groupOf = view.parts.map((part) => {
      const label = this.#inForce(part.label, atSeconds);
      fromSeconds = Math.max(fromSeconds, label.fromSeconds);
      untilSeconds = Math.min(untilSeconds, label.untilSeconds);
      const path = withoutPositions(part.pathText);
      const frame = this.#above.has(path) && isFrame(part, children.get(part.digest) ?? 0);
      const own = this.#classOf(path, frame, label);
      const parent = parentGroup(part, groupOfDigest);
      const key = `${own.id} ${parent}`;
      let group = known.get(key);
      if (group === undefined) {
        group = groups.push({ class: own, parent }) - 1;
        known.set(key, group);
      }
      groupOfDigest.set(part.digest, group);
      return group;
    });
    const envelope = this.#envelopeOf(marked, clearFields(view));
    const { ordered, placeOf } = inOrder(groups);
    const places = ordered.map(({ class: { id }, parent }) => `${id} ${parent}`);
    const key = `${facts.id} ${envelope.id} ${places.join()}`;
    // Views keep the shapes that they have; only what comes later is given others.
    if (this.#shapes.size >= MAX_SHAPES) this.#shapes.clear();
    const shape = interned(this.#shapes, key, () => ({ facts, envelope, groups: ordered }));
    return { shape, groupOf: groupOf.map((group) => placeOf[group] as number), fromSeconds, untilSeconds };
  }

  #factsOf(view: View, atSeconds: number): { readonly facts: KnownFacts; readonly period: Period } {
    const facts = factsOf(view);
    const { embargoes, period } = this.#embargoes.length === 0 ? UNEMBARGOED : this.#wait(view, atSeconds);
    const key = JSON.stringify([facts, embargoes]);
    return { facts: interned(this.#facts, key, (id) => ({ id, facts, embargoes })), period };
  }

  /** How each embargo of the policy stands, and for how long. */
  #wait(view: View, atSeconds: number): { readonly embargoes: EmbargoState[]; readonly period: Period } {
    const anchors = anchorsOf(view);
    let { fromSeconds, untilSeconds } = ALWAYS;
    const embargoes = this.#embargoes.map((embargo) => {
      const endSeconds = embargoEnd(embargo, anchors);
      if (typeof endSeconds !== 'number') return endSeconds;
      if (endSeconds <= atSeconds) {
        fromSeconds = Math.max(fromSeconds, endSeconds);
        return 'over';
      }
      untilSeconds = Math.min(untilSeconds, endSeconds);
      return 'running';
    });
    return { embargoes, period: { fromSeconds, untilSeconds } };
  }

  #inForce(marked: Label, atSeconds: number): KnownLabel {
    const known = this.#marked.get(marked);
    if (known !== undefined && known.fromSeconds <= atSeconds && atSeconds < known.untilSeconds) return known;
    const label = labelInForce(marked, atSeconds);
    // The key holds every field that a check can read, because a LabelInForce has no other.
    const same = interned(this.#labels, JSON.stringify(label), (id) => ({ id, label }));
    const fresh = { ...same, ...windowOf(marked, atSeconds) };
    this.#marked.set(marked, fresh);
    return fresh;
  }

  #classOf(path: string, frame: boolean, { id: labelId, label }: KnownLabel): PartClass {
    const key = `${path} ${labelId}${frame ? ' frame' : ''}`;
    return interned(this.#classes, key, (id) => ({ id, steps: stepsOf(path), frame, label }));
  }

  #envelopeOf({ id: labelId, label }: KnownLabel, fields: readonly string[]): EnvelopeClass {
    return interned(this.#envelopes, `${labelId} ${fields.join(' ')}`, (id) => {
      return { id, label, clear: fields.map((name) => ({ steps: [name], frame: false })) };
    });
  }
}

function interned<T>(known: Map<string, T>, key: string, make: (id: number) => T): T {
  let value = known.get(key);
  if (value === undefined) {
    value = make(known.size);
    known.set(key, value);
  }
  return value;
}

/**
 * Groups by depth, then by their parent, then by class. Parts stand in the order of their digests, which salts make a
 * different one in each record: views that look the same must not differ by that.
 */
function inOrder(groups: readonly PartGroup[]): {
  readonly ordered: readonly PartGroup[];
  /** Place in `ordered` of each of the groups. */
  readonly placeOf: readonly number[];
} {
  const levels: number[][] = [];
  const depths: number[] = [];
  for (const [index, { parent }] of groups.entries()) {
    const depth = parent < 0 ? 0 : (depths[parent] as number) + 1;
    depths.push(depth);
    levels[depth] ??= [];
    levels[depth].push(index);
  }
  const ordered: PartGroup[] = [];
  const placeOf: number[] = [];
  for (const level of levels) {
    const found = level.map((index) => {
      const group = groups[index] as PartGroup;
      return { index, class: group.class, parent: group.parent < 0 ? -1 : (placeOf[group.parent] as number) };
    });
    found.sort((a, b) => a.parent - b.parent || a.class.id - b.class.id);
    for (const { index, class: own, parent } of found)
      placeOf[index] = ordered.push({ class: own, parent }) - 1;
  }
  return { ordered, placeOf };
}

const UNEMBARGOED = { embargoes: [], period: ALWAYS };
const NO_CHILDREN: ReadonlyMap<string, number> = new Map();

function parentGroup({ ancestors }: Part, groupOfDigest: ReadonlyMap<string, number>): number {
  const innermost = ancestors.at(-1);
  if (innermost === undefined) return -1;
  const parent = groupOfDigest.get(innermost);
  if (parent === undefined)
    throw new Fault('disclosure.orphan-part', 'a part stands in one that the view does not hold');
  return parent;
}

/** How long the label in force at a time stays so: from its succession (0: from ever) to the next one. */
export function windowOf(label: Label, atSeconds: number): Period {
  let fromSeconds = 0;
  for (const succession of successionsOf(label)) {
    if (succession.atSeconds > atSeconds) return { fromSeconds, untilSeconds: succession.atSeconds };
    fromSeconds = succession.atSeconds;
  }
  return { fromSeconds, untilSeconds: Number.POSITIVE_INFINITY };
}
