import type { View } from '@comity/record';

import { windowOf } from './outline.ts';

/**
 * The next time at which a decision about this view could change by itself: the earliest succession of a label that is
 * still to come. Undefined where there is none. A review date changes nothing and is not counted.
 *
 * @param atSeconds UTC seconds
 * @throws Fault `label.succession-not-later`, `label.succession-too-long`
 */
export function earliestChange(view: View, atSeconds: number): number | undefined {
  const labels = new Set([view.header.label, ...view.parts.map(({ label }) => label)]);
  const next = Math.min(...[...labels].map((label) => windowOf(label, atSeconds).untilSeconds));
  return Number.isFinite(next) ? next : undefined;
}
