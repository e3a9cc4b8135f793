import { type CompiledPolicy, lastEmbargoEnd, likenessOf } from '@comity/disclosure';
import { isFault } from '@comity/fault';
import type { View } from '@comity/record';

/** Shapes that were met, each with a number of its own. */
const numbers = new WeakMap<object, number>();
let nextNumber = 0;

/**
 * What several policies can tell of a record at a time: of records of one kind each of them decides the same about the same
 * parts, for whomever, unless something is known of one of them beside what it says itself (statements of officers, consents,
 * orders, what was handed over of it). Kinds are the same within one thread only.
 *
 * @param atSeconds UTC seconds
 * @returns null for a record that is to be decided about for itself
 */
export function kindOf(view: View, policies: readonly CompiledPolicy[], atSeconds: number): string | null {
  const { issuer, retracts } = view.header;
  // Whom a retraction concerns depends on the ledgers.
  if (retracts !== undefined) return null;
  try {
    return [issuer, ...policies.map((policy) => textOf(view, policy, atSeconds))].join('|');
  } catch (error) {
    // A label that cannot be followed in time: the decision says so.
    if (isFault(error)) return null;
    throw error;
  }
}

/** As it is now and, where an embargo runs, when the last one is over: that too is told of. */
function textOf(view: View, policy: CompiledPolicy, atSeconds: number): string {
  const laterSeconds = lastEmbargoEnd(view, policy, atSeconds);
  const times = laterSeconds === undefined ? [atSeconds] : [atSeconds, laterSeconds];
  return times.map((time) => likenessText(view, policy, time)).join('>');
}

function likenessText(view: View, policy: CompiledPolicy, atSeconds: number): string {
  const { shape, partCounts } = likenessOf(view, policy, atSeconds);
  const number = numbers.get(shape) ?? nextNumber++;
  numbers.set(shape, number);
  return `${number} ${partCounts.join()}`;
}
