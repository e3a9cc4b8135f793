import type { StateId } from '@comity/label';
import { type DeadlineStage, deadlineProfileOf, fieldOfAnchor } from './deadline-profile.ts';
import type { Duty } from './duty.ts';
import { type Law, type ProfileOfIncident, profilesOf } from './duty-law.ts';
import { type IgnoredReport, IncidentAccount, type IncidentRecords } from './incident-account.ts';
import { hasDuties, Reckoning } from './reckoning.ts';

export interface IncidentDuties {
  readonly issuer: StateId;
  readonly subject: string;
  readonly exercise?: string;
  /** In ascending order of ids. */
  readonly profiles: readonly ProfileOfIncident[];
  /** By profile, then in the order in which the profile has its stages. */
  readonly duties: readonly Duty[];
  /** Fields of which not everything is known: the duties are not certain. */
  readonly unknown: readonly string[];
  /** Records that do not count, in ascending order of ids, then of reasons. */
  readonly ignored: readonly IgnoredReport[];
}

/**
 * What laws ask to be reported about an incident, and how far that is, at a time (duties.md): a function of the records and of
 * what the state says about its law, whatever the order in which records came and however often.
 *
 * @throws Fault as `mergeViews`, where two views of one record contradict each other
 */
export function incidentDuties(records: IncidentRecords, law: Law, atSeconds: number): IncidentDuties {
  const account = new IncidentAccount(records, atSeconds);
  const { issuer, subject, exercise } = records;
  const profiles = account.reports.length === 0 ? [] : profilesOf(account, law);
  const reckoning = new Reckoning(account, law.calendar, atSeconds);
  const duties = profiles.flatMap((each) => reckoning.dutiesOf(each));
  return {
    ...{ issuer, subject, ...(exercise !== undefined && { exercise }) },
    ...{ profiles, duties, unknown: unknownOf(account, profiles), ignored: account.ignored },
  };
}

/** Fields that are needed for every incident (duties.md 4.4). */
const ALWAYS = ['legalProfiles', 'sectors', 'awareAt', 'noticedAt', 'detectedAt'];

/** Duties.md 4.4: what the profiles need and is not certain. */
function unknownOf(account: IncidentAccount, profiles: readonly ProfileOfIncident[]): readonly string[] {
  const stages = profiles
    .filter(hasDuties)
    .flatMap(({ profile }) => deadlineProfileOf(profile)?.stages ?? []);
  const newest = new Set([...ALWAYS, ...stages.flatMap(fieldsOf)]);
  const each = new Set(['stage', ...stages.flatMap(fieldsOfEach)]);
  const unknown = [
    ...[...newest].filter((field) => account.told(field).unknown),
    ...[...each].filter((field) => account.isHiddenSomewhere(field)),
    ...(account.country().unknown ? ['victim'] : []),
  ];
  return [...new Set(unknown)].sort();
}

/** Fields of which the newest statement counts. */
function fieldsOf({ anchor, cap, whileOngoing }: DeadlineStage): readonly string[] {
  const anchors = [anchor, cap?.anchor, whileOngoing === undefined ? undefined : 'resolution'] as const;
  return anchors.flatMap((each) => (each === undefined ? undefined : fieldOfAnchor(each)) ?? []);
}

/** Fields of which what every record says counts. */
function fieldsOfEach({ says, late }: DeadlineStage): readonly string[] {
  return [...(says === undefined ? [] : [says]), ...(late === undefined ? [] : ['delays'])];
}
