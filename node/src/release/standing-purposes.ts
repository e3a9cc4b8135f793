import { type Policy, pushPurposes } from '@comity/disclosure';

/** The purpose under which a rule without purposes is tried first: what the federation is for. */
export const MAIN_PURPOSE = 'incident-response';

/**
 * Purposes under which a policy hands over records of a type in a mode, the main one first. What answers a request for a consent
 * needs no rule (disclosure.md 4.15), so that it has a purpose also where no rule names any.
 */
export function standingPurposes(
  policy: Policy,
  mode: 'push' | 'relay' | 'query',
  type?: string,
): readonly string[] {
  const purposes = pushPurposes(policy, mode);
  if (purposes.length === 0 && type === 'release-grant') return [MAIN_PURPOSE];
  return purposes.includes(MAIN_PURPOSE)
    ? [MAIN_PURPOSE, ...purposes.filter((purpose) => purpose !== MAIN_PURPOSE)]
    : purposes;
}
