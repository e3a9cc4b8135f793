import {
  type Fact,
  type RecordFacts,
  recordTypeOf,
  severityOrdinal,
  factsOf as statedFacts,
  type View,
} from '@comity/record';

import type { Condition, SeverityFloor } from './policy.ts';

/** What rules may look at, as far as the holder's view shows it. */
export interface Facts extends Pick<RecordFacts, 'sectors' | 'severity' | 'thirdParty' | 'holder'> {
  readonly type: string;
  /** Whether this version understands the type. Of other types nothing but the type is known. */
  readonly typeKnown: boolean;
}

/** Whether a condition holds. `unknown` counts against release: it matches a forbid and no permit. */
export type Holds = 'yes' | 'no' | 'unknown';

/** The facts of a record that a rule may depend on. */
export function factsOf(view: View): Facts {
  const { type } = view.header;
  const { sectors, severity, thirdParty, holder } = statedFacts(view);
  return { type, typeKnown: recordTypeOf(type) !== undefined, sectors, severity, thirdParty, holder };
}

/** Whether a condition holds of a record. */
export function conditionHolds(when: Condition | undefined, facts: Facts): Holds {
  if (when === undefined) return 'yes';
  const { type, sector, severity } = when;
  const findings: Holds[] = [];
  if (type !== undefined) findings.push(type.includes(facts.type) ? 'yes' : 'no');
  if (sector !== undefined) findings.push(holdsOf(facts.sectors, (stated) => sectorHolds(sector, stated)));
  if (severity !== undefined)
    findings.push(holdsOf(facts.severity, (stated) => severityHolds(severity, stated)));
  if (findings.includes('no')) return 'no';
  return findings.includes('unknown') ? 'unknown' : 'yes';
}

function holdsOf<T>(fact: Fact<T>, holds: (value: T) => Holds): Holds {
  if (fact.status === 'known') return holds(fact.value);
  return fact.status === 'absent' ? 'no' : 'unknown';
}

/** A sector covers its sub-sectors. A record that names only the sector may concern any of its sub-sectors. */
function sectorHolds(wanted: readonly string[], stated: readonly string[]): Holds {
  const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}/`);
  if (wanted.some((sector) => stated.some((own) => within(own, sector)))) return 'yes';
  return wanted.some((sector) => stated.some((own) => within(sector, own))) ? 'unknown' : 'no';
}

/** A value of another scale cannot be compared (domain.md §2.6), so it is as good as unknown. */
function severityHolds(
  { scale, atLeast }: SeverityFloor,
  stated: { readonly scale: string; readonly ordinal: number },
): Holds {
  const least = severityOrdinal(scale, atLeast);
  if (least === undefined || stated.scale !== scale) return 'unknown';
  return stated.ordinal >= least ? 'yes' : 'no';
}
