import { PURPOSES } from '@comity/label';
import { severityOrdinal } from '@comity/record';

import type { Condition, PartPath, Period, PolicyRule } from './policy.ts';
import { MODES, type Mode } from './situation.ts';

/** Whether one path begins with the other, or is the same. */
export function isUnder(path: PartPath, prefix: PartPath): boolean {
  return path === prefix || path.startsWith(`${prefix}.`);
}

/** The modes that a rule looks at (disclosure.md 4.1). */
export function modesOf({ modes, effect }: Pick<PolicyRule, 'modes' | 'effect'>): readonly Mode[] {
  return modes ?? MODES.filter((mode) => effect === 'forbid' || mode !== 'letter');
}

/** The periods of a rule that are not over. */
export function periodsLeft(periods: readonly Period[], atSeconds: number): Period[] {
  return periods.filter(({ untilSeconds }) => untilSeconds > atSeconds);
}

/**
 * Whether a rule is looked at, from now on, for everything that another is looked at for, and matches whenever that does. What
 * cannot be told is no.
 */
export function isWider(wide: PolicyRule, narrow: PolicyRule, atSeconds: number): boolean {
  return (
    modesOf(narrow).every((mode) => modesOf(wide).includes(mode)) &&
    purposesOf(narrow).every((purpose) => purposesOf(wide).includes(purpose)) &&
    addressesAll(wide, narrow, atSeconds) &&
    holdsWhenever(wide.when, narrow.when)
  );
}

/** Whether there may be something that both rules are looked at for. */
export function mayMeet(a: PolicyRule, b: PolicyRule, atSeconds: number): boolean {
  const types = a.when?.type;
  return (
    modesOf(a).some((mode) => modesOf(b).includes(mode)) &&
    purposesOf(a).some((purpose) => purposesOf(b).includes(purpose)) &&
    [...a.states].some(
      ([state, periods]) =>
        periodsLeft(periods, atSeconds).length > 0 &&
        periodsLeft(b.states.get(state) ?? [], atSeconds).length > 0,
    ) &&
    (types === undefined || b.when?.type?.some((type) => types.includes(type)) !== false)
  );
}

function purposesOf({ purposes }: PolicyRule): readonly string[] {
  return purposes ?? [...PURPOSES.keys()];
}

function addressesAll(wide: PolicyRule, narrow: PolicyRule, atSeconds: number): boolean {
  return [...narrow.states].every(([state, periods]) =>
    periodsLeft(periods, atSeconds).every(({ fromSeconds, untilSeconds }) =>
      wide.states
        .get(state)
        ?.some(
          (period) =>
            period.fromSeconds <= Math.max(fromSeconds, atSeconds) && period.untilSeconds >= untilSeconds,
        ),
    ),
  );
}

/** Whether a condition holds of every record of which the other does. */
function holdsWhenever(wide: Condition | undefined, narrow: Condition | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  const { type, sector, severity } = wide;
  if (type !== undefined && narrow.type?.every((each) => type.includes(each)) !== true) return false;
  const isWithin = (inner: string): boolean =>
    sector?.some((outer) => inner === outer || inner.startsWith(`${outer}/`)) === true;
  if (sector !== undefined && narrow.sector?.every(isWithin) !== true) return false;
  if (severity === undefined) return true;
  if (narrow.severity?.scale !== severity.scale) return false;
  const least = (value: string): number => severityOrdinal(severity.scale, value) ?? Number.NaN;
  return least(narrow.severity.atLeast) >= least(severity.atLeast);
}

/** Whether a rule that forbids keeps every part that a rule that permits would let go. */
export function forbidsAllOf({ parts: forbidden }: PolicyRule, { parts, profile }: PolicyRule): boolean {
  return forbidden === undefined || areUnder(parts, forbidden) || areUnder(profile?.keep, forbidden);
}

/** Whether a rule that permits lets go every part that another would. */
export function permitsAllOf(wide: PolicyRule, narrow: PolicyRule): boolean {
  const isNamed = (paths: readonly PartPath[] | undefined): boolean =>
    paths === undefined || areUnder(narrow.parts, paths) || areUnder(narrow.profile?.keep, paths);
  const isKept = (dropped: PartPath): boolean =>
    narrow.profile?.drop?.some((path) => isUnder(dropped, path)) === true ||
    narrow.parts?.every((path) => !isUnder(path, dropped) && !isUnder(dropped, path)) === true;
  return isNamed(wide.parts) && isNamed(wide.profile?.keep) && (wide.profile?.drop ?? []).every(isKept);
}

function areUnder(paths: readonly PartPath[] | undefined, prefixes: readonly PartPath[]): boolean {
  return paths?.every((path) => prefixes.some((prefix) => isUnder(path, prefix))) === true;
}
