import { Fault } from '@comity/fault';

import type { Label, LabelCategories } from './label.ts';
import { papRank } from './pap.ts';
import { type CategorySet, type ClassificationScheme, rankOf } from './scheme.ts';
import { intersection, isSubset, union } from './sets.ts';
import type { StateId } from './state-id.ts';
import { tlpRank } from './tlp.ts';

/**
 * One way in which a label restricts. Each dimension is an order and the least upper bound in it, side by side: what
 * `combine` gives has to dominate everything it was made from.
 */
export interface Dimension {
  /** Whether `a` restricts at least as much as `b`. Something the scheme does not know dominates nothing. */
  readonly dominates: (a: Label, b: Label, scheme: ClassificationScheme) => boolean;
  /** The least restriction that dominates all, or why a person has to decide. */
  readonly combine: (labels: readonly Label[], scheme: ClassificationScheme) => Partial<Label> | Fault;
}

/** Rule 3: the highest classification by the scheme's ranks, never by names. */
const classification: Dimension = {
  dominates: (a, b, scheme) => {
    const high = rankOf(scheme, a.classification);
    const low = rankOf(scheme, b.classification);
    return high !== undefined && low !== undefined && high >= low;
  },
  combine: (labels, scheme) => ({
    classification: highest(labels, (label) => rankOf(scheme, label.classification) ?? -1).classification,
  }),
};

const tlp: Dimension = {
  dominates: (a, b) => tlpRank(a.tlp) >= tlpRank(b.tlp),
  combine: (labels) => {
    const { tlp } = highest(labels, (label) => tlpRank(label.tlp));
    return tlp === undefined ? {} : { tlp };
  },
};

const pap: Dimension = {
  dominates: (a, b) => papRank(a.pap) >= papRank(b.pap),
  combine: (labels) => {
    const { pap } = highest(labels, (label) => papRank(label.pap));
    return pap === undefined ? {} : { pap };
  },
};

/**
 * To whom it may be handed, and to whom it may be shown. An absent list grants nothing: here the usual reading of rules
 * 5 and 6, in which an absent list means no check, would widen access (domain.md §1.4, caution). Whoever may be handed
 * something may also be shown it.
 */
const releasability: Dimension = {
  dominates: (a, b) => isSubset(released(a), released(b)) && isSubset(shown(a), shown(b)),
  combine: (labels) => {
    const releasableTo = intersection(labels.map(released));
    if (releasableTo.length === 0 && labels.every((label) => released(label).length > 0)) {
      return new Fault('label.no-common-release', 'the labels have no recipient in common');
    }
    const common = intersection(labels.map(shown));
    if (common.length === 0 && labels.every((label) => shown(label).length > 0)) {
      return new Fault('label.no-common-display', 'the labels have no reader in common');
    }
    const displayOnlyTo = common.filter((state) => !releasableTo.includes(state));
    return {
      ...(releasableTo.length > 0 && { releasableTo }),
      ...(displayOnlyTo.length > 0 && { displayOnlyTo }),
    };
  },
};

/** Rules 4 to 8. Without categories of a permissive set a label is not limited by that set. */
const categories: Dimension = {
  dominates: (a, b, scheme) =>
    setsAreKnown(a, scheme) &&
    setsAreKnown(b, scheme) &&
    scheme.categorySets.every((set) => {
      const own = valuesOf(a, set);
      const other = valuesOf(b, set);
      if (set.type === 'restrictive') return isSubset(other ?? [], own ?? []);
      if (set.type === 'permissive')
        return other === undefined || (own !== undefined && isSubset(own, other));
      return true;
    }),
  combine: (labels, scheme) => {
    const combined: LabelCategories[] = [];
    for (const set of scheme.categorySets) {
      const lists = labels.map((label) => valuesOf(label, set)).filter((values) => values !== undefined);
      if (lists.length === 0) continue;
      const values = set.type === 'permissive' ? intersection(lists) : union(lists);
      if (values.length === 0) {
        const message = 'the labels have no category of a permissive set in common';
        return new Fault('label.no-common-category', message, { fields: { set: set.id } });
      }
      combined.push({ set: set.id, values });
    }
    return combined.length === 0 ? {} : { categories: combined };
  },
};

/** A limited set of purposes is narrower than none stated. */
const purposes: Dimension = {
  dominates: (a, b) =>
    b.purposes === undefined || (a.purposes !== undefined && isSubset(a.purposes, b.purposes)),
  combine: (labels) => {
    const lists = labels.map((label) => label.purposes).filter((list) => list !== undefined);
    if (lists.length === 0) return {};
    const common = intersection(lists);
    if (common.length === 0)
      return new Fault('label.no-common-purpose', 'the labels have no purpose in common');
    return { purposes: common };
  },
};

const handling: Dimension = {
  dominates: (a, b) => isSubset(b.handling ?? [], a.handling ?? []),
  combine: (labels) => {
    const all = union(labels.map((label) => label.handling ?? []));
    return all.length === 0 ? {} : { handling: all };
  },
};

/** Every dimension of a label. What is not here (privacy mark, creation, review) never decides. */
export const DIMENSIONS: readonly Dimension[] = [
  classification,
  tlp,
  pap,
  releasability,
  categories,
  purposes,
  handling,
];

function released(label: Label): readonly StateId[] {
  return label.releasableTo ?? [];
}

function shown(label: Label): readonly StateId[] {
  return label.displayOnlyTo === undefined ? released(label) : [...released(label), ...label.displayOnlyTo];
}

function setsAreKnown(label: Label, scheme: ClassificationScheme): boolean {
  return (label.categories ?? []).every(({ set }) => scheme.categorySets.some(({ id }) => id === set));
}

function valuesOf(label: Label, set: CategorySet): readonly string[] | undefined {
  return label.categories?.find((entry) => entry.set === set.id)?.values;
}

function highest(labels: readonly Label[], rank: (label: Label) => number): Label {
  return labels.reduce((best, label) => (rank(label) > rank(best) ? label : best));
}
