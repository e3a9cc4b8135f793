import type { StateId } from '@comity/label';
import { type Act, isConsent } from './act.ts';
import type { NormTerms } from './norm.ts';

const DAY_SECONDS = 86_400;

/** Where a state stands: the last that fits. */
export type Standing = 'none' | 'endorsed' | 'signed' | 'withdrawn' | 'consented' | 'bound';

/** From an act of consent until a withdrawal takes effect; without end where none has. */
export interface ConsentPeriod {
  readonly sinceSeconds: number;
  readonly untilSeconds: number | undefined;
}

/** The times during which a state consents, from its acts in effect, in order (record-types.md 8.12). */
export function consentPeriodsOf(acts: readonly Act[]): readonly ConsentPeriod[] {
  const consents: ConsentPeriod[] = [];
  for (const act of acts) {
    const last = consents.at(-1);
    const isOpen = last !== undefined && last.untilSeconds === undefined;
    if (isConsent(act) && !isOpen) consents.push({ sinceSeconds: act.fromSeconds, untilSeconds: undefined });
    if (act.act === 'withdraw' && isOpen) {
      consents[consents.length - 1] = { ...last, untilSeconds: act.fromSeconds };
    }
  }
  return consents;
}

/**
 * From when a treaty is in force, also where that is still to come; undefined where the threshold has not been reached by
 * `atSeconds` (record-types.md 8.13).
 */
export function entryIntoForce(
  { threshold, delayDays, header }: NormTerms,
  consents: readonly ConsentPeriod[],
  atSeconds: number,
): number | undefined {
  if (threshold === undefined) return undefined;
  const reached = threshold === 0 ? header.issuedAtSeconds : timeOfConsents(threshold, consents);
  return reached === undefined || reached > atSeconds ? undefined : reached + delayDays * DAY_SECONDS;
}

/** The first time at which so many states consent, after everything that happens at that time. */
function timeOfConsents(count: number, consents: readonly ConsentPeriod[]): number | undefined {
  const changes = new Map<number, number>();
  const change = (atSeconds: number, by: number): void => {
    changes.set(atSeconds, (changes.get(atSeconds) ?? 0) + by);
  };
  for (const { sinceSeconds, untilSeconds } of consents) {
    change(sinceSeconds, 1);
    if (untilSeconds !== undefined) change(untilSeconds, -1);
  }
  let consenting = 0;
  for (const [atSeconds, by] of [...changes].sort(([a], [b]) => a - b)) {
    consenting += by;
    if (consenting >= count) return atSeconds;
  }
  return undefined;
}

/** A state and what it stands on. */
export interface StandingSince {
  readonly standing: Standing;
  readonly sinceSeconds?: number;
}

/** By acts in effect on a voluntary norm, in order (record-types.md 8.11). */
export function voluntaryStanding(acts: readonly Act[]): StandingSince {
  const endorsement = acts.find(({ act }) => act === 'endorse');
  return endorsement === undefined
    ? { standing: 'none' }
    : { standing: 'endorsed', sinceSeconds: endorsement.fromSeconds };
}

/** By acts in effect on a treaty, in order (record-types.md 8.12, 8.14). `inForceSeconds`: since when it is in force. */
export function treatyStanding(acts: readonly Act[], inForceSeconds: number | undefined): StandingSince {
  const consent = consentPeriodsOf(acts).at(-1);
  if (consent === undefined) {
    const signature = acts.find(({ act }) => act === 'sign');
    return signature === undefined
      ? { standing: 'none' }
      : { standing: 'signed', sinceSeconds: signature.fromSeconds };
  }
  if (consent.untilSeconds !== undefined)
    return { standing: 'withdrawn', sinceSeconds: consent.untilSeconds };
  if (inForceSeconds === undefined) return { standing: 'consented', sinceSeconds: consent.sinceSeconds };
  return { standing: 'bound', sinceSeconds: Math.max(consent.sinceSeconds, inForceSeconds) };
}

/** Acts by the state that made them. */
export function byState(acts: readonly Act[]): ReadonlyMap<StateId, readonly Act[]> {
  const grouped = new Map<StateId, Act[]>();
  for (const act of acts) grouped.set(act.issuer, [...(grouped.get(act.issuer) ?? []), act]);
  return grouped;
}
