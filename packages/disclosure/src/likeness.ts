import type { View } from '@comity/record';

import type { CompiledPolicy } from './compile.ts';
import { anchorsOf, embargoEnd } from './embargo.ts';

/** What a policy can tell of a view. */
export interface Likeness {
  /**
   * The same object for views that it cannot tell apart. It decides the same about them, kind of part by kind of part, for
   * whomever and in whatever situation, but for what the situation says of single records: account, approvals, consents.
   */
  readonly shape: object;
  /** How many parts there are of each kind. */
  readonly partCounts: readonly number[];
}

/**
 * What a policy can tell of a view at a time, for whoever looks at many records of which few differ. The originator is no part
 * of it.
 *
 * @param atSeconds UTC seconds
 * @throws Fault `label.succession-not-later`, `label.succession-too-long`, `disclosure.orphan-part`
 */
export function likenessOf(view: View, policy: CompiledPolicy, atSeconds: number): Likeness {
  const { shape, groupOf } = policy.memory.outline(view, atSeconds);
  const partCounts = new Array<number>(shape.groups.length).fill(0);
  for (const group of groupOf) partCounts[group] = (partCounts[group] as number) + 1;
  return { shape, partCounts };
}

/**
 * The second from which no embargo of a policy keeps anything of a view back any more; undefined where none runs.
 *
 * @param atSeconds UTC seconds
 */
export function lastEmbargoEnd(view: View, policy: CompiledPolicy, atSeconds: number): number | undefined {
  const { embargoes } = policy.rules;
  if (embargoes.length === 0) return undefined;
  const anchors = anchorsOf(view);
  const ends = embargoes
    .map((embargo) => embargoEnd(embargo, anchors))
    .filter((end) => typeof end === 'number' && end > atSeconds);
  return ends.length === 0 ? undefined : Math.max(...(ends as number[]));
}
