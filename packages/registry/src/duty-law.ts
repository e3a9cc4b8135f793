import { type Calendar, localDate } from './calendar.ts';
import { type DeadlineProfile, deadlineProfileOf } from './deadline-profile.ts';
import type { IncidentAccount } from './incident-account.ts';

/** What a state says about its own law. */
export interface Law {
  /** Ids of deadline profiles; others than the registered ones are shown as unknown. */
  readonly profiles: readonly string[];
  /** ISO 3166-1 alpha-3 or the code of the state: where its law holds. */
  readonly country?: string;
  readonly calendar: Calendar;
}

/** Whether a profile is about an incident (duties.md §4.5 to §4.9). */
export type ProfileStanding =
  | 'applies'
  | 'no-clock'
  | 'pending'
  | 'not-yet'
  | 'ended'
  | 'displaced'
  | 'other-sector'
  | 'other-country'
  | 'unregistered';

export interface ProfileOfIncident {
  readonly profile: string;
  readonly standing: ProfileStanding;
  /** The incident itself names it. */
  readonly named: boolean;
  /** What is taken for so because the incident does not say otherwise. */
  readonly assumed: readonly ('country' | 'sectors')[];
  /** Of `displaced`. */
  readonly by?: string;
}

/** Which profiles an incident falls under, in ascending order of their ids. */
export function profilesOf(account: IncidentAccount, law: Law): readonly ProfileOfIncident[] {
  const named = new Set(account.told<readonly string[]>('legalProfiles').value ?? []);
  const facts = factsOf(account, law);
  const found = [...new Set([...named, ...law.profiles])]
    .sort()
    .map((id) => standingOf(id, named.has(id), facts));
  return found.map((each) => displacedBy(each, found, facts.sectors));
}

/** Whether one of the sectors is one of the listed ones, or a sub-sector of it. */
export function isAmong(sectors: readonly string[], listed: readonly string[]): boolean {
  return sectors.some((sector) => listed.includes(sector) || listed.includes(sector.split('/')[0] as string));
}

interface Facts {
  readonly sectors: readonly string[] | undefined;
  readonly country: string | undefined;
  readonly home: string | undefined;
  readonly date: string;
}

function factsOf(account: IncidentAccount, { country: home, calendar }: Law): Facts {
  const sectors = account.told<readonly string[]>('sectors').value;
  const times = ['awareAt', 'noticedAt', 'detectedAt'].map((field) => account.told<number>(field).value);
  const atSeconds = times.find((time) => time !== undefined) ?? account.reports[0]?.atSeconds ?? 0;
  return { sectors, country: account.country().value, home, date: localDate(atSeconds, calendar) };
}

function standingOf(id: string, named: boolean, facts: Facts): ProfileOfIncident {
  const profile = deadlineProfileOf(id);
  if (profile === undefined) return { profile: id, standing: 'unregistered', named, assumed: [] };
  if (named) return { profile: id, standing: forceOf(profile, facts.date), named, assumed: [] };
  const { countries, sectors } = profile;
  if (sectors !== undefined && facts.sectors !== undefined && !isAmong(facts.sectors, sectors))
    return { profile: id, standing: 'other-sector', named, assumed: [] };
  if (countries !== undefined && facts.country !== undefined && facts.country !== facts.home)
    if (!countries.includes(facts.country))
      return { profile: id, standing: 'other-country', named, assumed: [] };
  return {
    ...{ profile: id, standing: forceOf(profile, facts.date), named },
    assumed: [
      ...(countries !== undefined && facts.country === undefined ? (['country'] as const) : []),
      ...(sectors !== undefined && facts.sectors === undefined ? (['sectors'] as const) : []),
    ],
  };
}

function forceOf({ state, from, until, stages }: DeadlineProfile, date: string): ProfileStanding {
  if (state === 'pending') return 'pending';
  if (from !== undefined && date < from) return 'not-yet';
  if (until !== undefined && date > until) return 'ended';
  return stages.length === 0 ? 'no-clock' : 'applies';
}

/** Duties.md 4.8: a profile takes the place of others for its sectors, where it applies and a sector is known. */
function displacedBy(
  each: ProfileOfIncident,
  found: readonly ProfileOfIncident[],
  sectors: readonly string[] | undefined,
): ProfileOfIncident {
  if (each.standing !== 'applies') return each;
  const { variantOf } = deadlineProfileOf(each.profile) as DeadlineProfile;
  const stronger = found.find(({ profile, standing }) => {
    const other = deadlineProfileOf(profile);
    if (standing !== 'applies' || other?.displaces === undefined) return false;
    const isNamed = other.displaces.some((id) => id === each.profile || id === variantOf);
    return isNamed && isAmong(sectors ?? [], other.sectors ?? []);
  });
  return stronger === undefined ? each : { ...each, standing: 'displaced', by: stronger.profile };
}
