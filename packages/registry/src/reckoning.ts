import type { RecordId } from '@comity/record';
import { type Calendar, endOfPeriod, movedToWorkingDay } from './calendar.ts';
import {
  type Anchor,
  type DeadlineProfile,
  type DeadlineStage,
  deadlineProfileOf,
  fieldOfAnchor,
  hasAlwaysBeen,
  type Modifier,
} from './deadline-profile.ts';
import type { Duty, DutyAnchor, DutyStatus } from './duty.ts';
import { isAmong, type ProfileOfIncident, type ProfileStanding } from './duty-law.ts';
import type { IncidentAccount, Report } from './incident-account.ts';

interface Delay {
  readonly stage: string;
  readonly profile?: string;
}

/** What one limit comes to. */
interface Limit {
  readonly anchor: DutyAnchor;
  readonly anchorUnknown: boolean;
  readonly dueAtSeconds?: number;
  readonly capAtSeconds?: number;
}

/** Works out the duties of one incident at a time. */
export class Reckoning {
  private readonly account: IncidentAccount;
  private readonly calendar: Calendar;
  private readonly atSeconds: number;

  constructor(account: IncidentAccount, calendar: Calendar, atSeconds: number) {
    this.account = account;
    this.calendar = calendar;
    this.atSeconds = atSeconds;
  }

  dutiesOf(each: ProfileOfIncident): readonly Duty[] {
    const { profile: id, standing } = each;
    const profile = deadlineProfileOf(id);
    if (profile === undefined) return [];
    if (!hasDuties(each)) return [];
    if (standing !== 'applies')
      return profile.stages.map((stage) => this.withoutClock(profile, stage, standing));
    return profile.stages.flatMap((stage) => {
      const idle = stage.modifiers?.find((modifier) => modifier !== 'delayByAuthority');
      if (stage.amount === undefined || idle !== undefined)
        return [this.withoutClock(profile, stage, idle ?? 'whereNecessary')];
      return this.whileOngoing(profile, stage) ?? [this.duty(profile, stage, this.limit(profile, stage))];
    });
  }

  /** Duties.md 5.7: a report of progress at the limit, and the limit anew from the end of handling. */
  private whileOngoing(profile: DeadlineProfile, stage: DeadlineStage): readonly Duty[] | undefined {
    const { whileOngoing } = stage;
    if (whileOngoing === undefined) return undefined;
    const limit = this.limit(profile, stage);
    const { dueAtSeconds } = limit;
    if (dueAtSeconds === undefined) return undefined;
    const resolvedAtSeconds = this.account.told<number>('resolvedAt').value;
    const saysProgress = this.account.reports.some((report) => report.stage === 'progress');
    const isOngoing = resolvedAtSeconds === undefined ? saysProgress : resolvedAtSeconds > dueAtSeconds;
    if (!isOngoing) return undefined;
    const progress = { ...stage, id: whileOngoing, reports: ['progress', ...stage.reports] };
    const anew: DeadlineStage = { ...stage, anchor: 'resolution' };
    return [this.duty(profile, progress, limit), this.duty(profile, anew, this.limit(profile, anew))];
  }

  private duty(profile: DeadlineProfile, stage: DeadlineStage, limit: Limit): Duty {
    const { anchor, anchorUnknown, dueAtSeconds, capAtSeconds } = limit;
    const report = this.reportsOf(stage)[0];
    const explanation =
      dueAtSeconds === undefined ? undefined : this.explanation(profile, stage, dueAtSeconds, report);
    return {
      ...{ profile: profile.id, stage: stage.id },
      status:
        dueAtSeconds === undefined
          ? statusWithoutLimit(anchorUnknown)
          : statusOf(dueAtSeconds, report?.atSeconds, explanation !== undefined, this.atSeconds),
      anchor,
      ...(dueAtSeconds !== undefined && { dueAtSeconds }),
      ...(capAtSeconds !== undefined && { capAtSeconds }),
      ...(report !== undefined && { report: { id: report.id, atSeconds: report.atSeconds } }),
      ...(explanation !== undefined && { explanation }),
      modifiers: stage.modifiers ?? [],
    };
  }

  private withoutClock(
    profile: DeadlineProfile,
    stage: DeadlineStage,
    reason: ProfileStanding | Modifier,
  ): Duty {
    const report = this.reportsOf(stage)[0];
    return {
      ...{ profile: profile.id, stage: stage.id, status: 'no-clock', reason },
      anchor: this.anchorOf(profile, stage, stage.anchor).anchor,
      ...(report !== undefined && { report: { id: report.id, atSeconds: report.atSeconds } }),
      modifiers: stage.modifiers ?? [],
    };
  }

  private limit(profile: DeadlineProfile, stage: DeadlineStage): Limit {
    const { cap } = stage;
    const { anchor, anchorUnknown } = this.anchorOf(profile, stage, stage.anchor);
    const capFrom =
      cap === undefined ? undefined : this.anchorOf(profile, stage, cap.anchor).anchor.atSeconds;
    const capAtSeconds =
      cap === undefined || capFrom === undefined ? undefined : endOfPeriod(capFrom, cap, this.calendar);
    if (anchor.atSeconds === undefined)
      return { anchor, anchorUnknown, ...(capAtSeconds !== undefined && { capAtSeconds }) };
    const { amount, unit } = stage as Required<DeadlineStage>;
    const ownSeconds = endOfPeriod(anchor.atSeconds, { amount, unit }, this.calendar);
    const isCapped = capAtSeconds !== undefined && anchor.atSeconds <= capAtSeconds;
    const limitSeconds = isCapped ? Math.min(ownSeconds, capAtSeconds) : ownSeconds;
    return { anchor, anchorUnknown, dueAtSeconds: this.moved(stage, limitSeconds) };
  }

  /** Duties.md 5.3: relief is only for who is known not to be excepted. */
  private moved({ calendar, notFor }: DeadlineStage, limitSeconds: number): number {
    if (calendar === undefined) return limitSeconds;
    const sectors = this.account.told<readonly string[]>('sectors').value;
    if (notFor !== undefined && (sectors === undefined || isAmong(sectors, notFor))) return limitSeconds;
    return movedToWorkingDay(limitSeconds, this.calendar);
  }

  private anchorOf(
    profile: DeadlineProfile,
    stage: DeadlineStage,
    event: Anchor,
  ): { readonly anchor: DutyAnchor; readonly anchorUnknown: boolean } {
    const field = fieldOfAnchor(event);
    if (field === undefined) {
      const prior = this.priorReport(profile, stage);
      const anchor = {
        event,
        ...(prior && { atSeconds: prior.atSeconds, record: prior.id }),
        restated: false,
      };
      return { anchor, anchorUnknown: false };
    }
    const { value, record, restated, unknown } = this.account.told<number>(field);
    return {
      anchor: {
        event,
        ...(value !== undefined && { atSeconds: value }),
        ...(record !== undefined && { record }),
        restated,
      },
      anchorUnknown: value === undefined && (unknown || hasAlwaysBeen(event)),
    };
  }

  /** Duties.md 5.1: the report that met the stage before, or the last of its reports before the one that meets this stage. */
  private priorReport(profile: DeadlineProfile, stage: DeadlineStage): Report | undefined {
    const prior = profile.stages.find(({ id }) => id === stage.after);
    if (prior === undefined) return undefined;
    const reports = this.reportsOf(prior);
    if (stage.last !== true) return reports[0];
    const own = this.reportsOf(stage)[0];
    const { reports: all } = this.account;
    const before =
      own === undefined ? reports : reports.filter((each) => all.indexOf(each) < all.indexOf(own));
    return before.at(-1) ?? reports[0];
  }

  private reportsOf({ reports, says }: DeadlineStage): readonly Report[] {
    const saying =
      says === undefined ? undefined : new Set(this.account.toldByEach(says).map(({ report: { id } }) => id));
    return this.account.reports.filter(
      ({ id, stage }) => stage !== undefined && reports.includes(stage) && saying?.has(id) !== false,
    );
  }

  /** Duties.md 5.5: a delay that is explained in the way in which this law lets it be. */
  private explanation(
    { id: profile }: DeadlineProfile,
    { id: stage, late }: DeadlineStage,
    dueAtSeconds: number,
    report: Report | undefined,
  ): RecordId | undefined {
    if (late === undefined) return undefined;
    const untilSeconds = late === 'beforeLimit' ? dueAtSeconds : report?.atSeconds;
    if (untilSeconds === undefined) return undefined;
    return this.account
      .toldByEach<readonly ReadonlyMap<string, string>[]>('delays')
      .map(({ report: { id, atSeconds }, value }) => ({ id, atSeconds, delays: value.map(delayOf) }))
      .find(
        ({ atSeconds, delays }) =>
          atSeconds <= untilSeconds &&
          delays.some((each) => each.stage === stage && (each.profile ?? profile) === profile),
      )?.id;
  }
}

/** Whether duties of a profile are listed: those of law that is not in force yet are shown as such (5.6). */
export function hasDuties({ standing }: ProfileOfIncident): boolean {
  return standing === 'applies' || standing === 'pending' || standing === 'not-yet';
}

function delayOf(signed: ReadonlyMap<string, string>): Delay {
  const profile = signed.get('profile');
  return { stage: signed.get('stage') as string, ...(profile !== undefined && { profile }) };
}

function statusWithoutLimit(anchorUnknown: boolean): DutyStatus {
  return anchorUnknown ? 'anchor-unknown' : 'not-started';
}

/** Duties.md 5.4. */
function statusOf(
  dueAtSeconds: number,
  reportAtSeconds: number | undefined,
  isExplained: boolean,
  atSeconds: number,
): DutyStatus {
  if ((reportAtSeconds ?? atSeconds) <= dueAtSeconds)
    return reportAtSeconds === undefined ? 'pending' : 'met';
  return isExplained ? 'late-explained' : 'missed';
}
