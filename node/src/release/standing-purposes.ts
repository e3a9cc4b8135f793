import { type Policy, pushPurposes } from '@comity/disclosure';

/** The purpose under which a rule without purposes is tried first: what the federation is for. */
export const MAIN_PURPOSE = 'incident-response';

/** Purposes under which a policy hands over in a mode, the main one first. */
export function standingPurposes(policy: Policy, mode: 'push' | 'relay' | 'query'): readonly string[] {
  const purposes = pushPurposes(policy, mode);
  return purposes.includes(MAIN_PURPOSE)
    ? [MAIN_PURPOSE, ...purposes.filter((purpose) => purpose !== MAIN_PURPOSE)]
    : purposes;
}
