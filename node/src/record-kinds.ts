import { type CompiledPolicy, likenessOf } from '@comity/disclosure';
import { isFault } from '@comity/fault';
import type { View } from '@comity/record';

/**
 * What several policies can tell of a record at a time: of records of one kind each of them decides the same about the same
 * parts, for whomever, unless something is known of one of them beside what it says itself (statements of officers, consents,
 * orders, what was handed over of it).
 *
 * @param atSeconds UTC seconds
 * @returns null for a record that is to be decided about for itself
 */
export function kindOf(view: View, policies: readonly CompiledPolicy[], atSeconds: number): string | null {
  const { issuer, retracts } = view.header;
  // Whom a retraction concerns depends on the ledgers.
  if (retracts !== undefined) return null;
  try {
    return [issuer, ...policies.map((policy) => likenessOf(view, policy, atSeconds))].join('|');
  } catch (error) {
    // A label that cannot be followed in time: the decision says so.
    if (isFault(error)) return null;
    throw error;
  }
}
