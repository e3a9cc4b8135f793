import { type Fact, factOf, type View } from '@comity/record';

import type { Anchor, Embargo } from './policy.ts';

/** When that happened from which embargoes run, in UTC seconds, as far as the holder's view shows it. */
export type Anchors = Readonly<Record<Anchor, Fact<number>>>;

/** The anchors of a record. */
export function anchorsOf(view: View): Anchors {
  const stated = (field: string): Fact<number> => factOf(view, field, (value) => value as number);
  return {
    issued: { status: 'known', value: view.header.issuedAtSeconds },
    occurred: stated('occurredAt'),
    detected: stated('detectedAt'),
    aware: stated('awareAt'),
  };
}

/** How an embargo stands. `absent`, `unknown`: there is nothing from which it could run, and its rule does not match. */
export type EmbargoState = 'over' | 'running' | 'absent' | 'unknown';

/** The second at which an embargo ends. */
export function embargoEnd(
  { anchor, afterSeconds }: Embargo,
  anchors: Anchors,
): number | 'absent' | 'unknown' {
  const fact = anchors[anchor];
  return fact.status === 'known' ? fact.value + afterSeconds : fact.status;
}

/** Of rules with an embargo that runs, the one whose embargo ends first, then by name. */
export function firstToEnd<R extends { readonly name: string; readonly embargo?: Embargo }>(
  rules: readonly R[],
  anchors: Anchors,
): { readonly rule: R; readonly endSeconds: number } | undefined {
  let first: { readonly rule: R; readonly endSeconds: number } | undefined;
  for (const rule of rules) {
    const endSeconds = rule.embargo && embargoEnd(rule.embargo, anchors);
    if (typeof endSeconds !== 'number') continue;
    if (
      first === undefined ||
      endSeconds < first.endSeconds ||
      (endSeconds === first.endSeconds && rule.name < first.rule.name)
    ) {
      first = { rule, endSeconds };
    }
  }
  return first;
}
