import { PURPOSES } from '@comity/label';

import type { Policy } from './policy.ts';
import type { Mode } from './situation.ts';

/**
 * The purposes for which a policy hands records over in a mode: those that its permitting rules for the mode name, in
 * alphabetical order. A decision is for one purpose, so whoever pushes decides once for each. A rule without purpose
 * matches any, so with one all registered purposes come.
 *
 * @param mode `push` for own records, unasked; `relay` for those of others
 */
export function pushPurposes(policy: Policy, mode: Exclude<Mode, 'letter'> = 'push'): readonly string[] {
  const found = known.get(policy) ?? {};
  known.set(policy, found);
  found[mode] ??= namedPurposes(policy, mode);
  return found[mode];
}

/** It is asked for each record and peer, and a policy never changes. */
const known = new WeakMap<Policy, Partial<Record<Mode, readonly string[]>>>();

function namedPurposes({ rules }: Policy, mode: Mode): readonly string[] {
  const pushing = rules.filter(({ effect, modes }) => effect === 'permit' && modes?.includes(mode) !== false);
  const named = pushing.flatMap(({ purposes }) => purposes ?? [...PURPOSES.keys()]);
  return [...new Set(named)].sort();
}
