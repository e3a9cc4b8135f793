import type { Period } from './deadline-profile.ts';

const DAY_SECONDS = 86_400;
const NOON_SECONDS = 43_200;
/** Of how many seconds a unit is, where it is time that passes. */
const ELAPSED_SECONDS = { minutes: 60, hours: 3_600 } as const;
/** 9999-12-31T23:59:59Z: records know no later time (label.md 2.3). */
const LAST_SECOND = 253_402_300_799;

/** The local time of a state, and its days off (duties.md §3): data, since both are for each state to say. */
export interface Calendar {
  /** What its clocks are ahead of UTC, from a time on. Ascending; the first also holds before. None: UTC. */
  readonly offsets: readonly ZoneOffset[];
  /** Local dates, `YYYY-MM-DD`. */
  readonly holidays: ReadonlySet<string>;
  /** Days of the week that are off, 1 for Monday to 7 for Sunday: at most six. */
  readonly weekend: ReadonlySet<number>;
}

export interface ZoneOffset {
  readonly fromSeconds: number;
  /** May be negative. */
  readonly offsetSeconds: number;
}

/** When a period ends that begins at a time (duties.md §3). Minutes and hours pass; days and months are those of the calendar. */
export function endOfPeriod(beginSeconds: number, { amount, unit }: Period, calendar: Calendar): number {
  if (unit === 'minutes' || unit === 'hours')
    return Math.min(beginSeconds + amount * ELAPSED_SECONDS[unit], LAST_SECOND);
  const { day, second } = localTime(beginSeconds, calendar);
  return instantOf(dayAfter(day, amount, unit, calendar), second, calendar);
}

/** A limit on a day off ends at noon of the next working day (duties.md 3.6); any other stands. */
export function movedToWorkingDay(limitSeconds: number, calendar: Calendar): number {
  const { day } = localTime(limitSeconds, calendar);
  if (!isDayOff(day, calendar)) return limitSeconds;
  return instantOf(dayAfter(day, 1, 'workingDays', calendar), NOON_SECONDS, calendar);
}

/** The local date at a time, `YYYY-MM-DD`. */
export function localDate(atSeconds: number, calendar: Calendar): string {
  return dateOf(localTime(atSeconds, calendar).day);
}

function dayAfter(day: number, amount: number, unit: 'days' | 'workingDays' | 'months', calendar: Calendar) {
  if (unit === 'months') return monthsAfter(day, amount);
  if (unit === 'days') return day + amount;
  let [reached, left] = [day, amount];
  while (left > 0) {
    reached += 1;
    if (!isDayOff(reached, calendar)) left -= 1;
  }
  return reached;
}

/** The same day of the month, or the last one of a shorter month. */
function monthsAfter(day: number, months: number): number {
  const { year, month, dayOfMonth } = civil(day);
  const counted = year * 12 + (month - 1) + months;
  const [inYear, inMonth] = [Math.floor(counted / 12), (counted % 12) + 1];
  return dayNumber(inYear, inMonth, 1) + Math.min(dayOfMonth, daysOfMonth(inYear, inMonth)) - 1;
}

function isDayOff(day: number, { weekend, holidays }: Calendar): boolean {
  // Day 0, 1970-01-01, was a Thursday.
  return weekend.has(((((day + 3) % 7) + 7) % 7) + 1) || holidays.has(dateOf(day));
}

function localTime(atSeconds: number, { offsets }: Calendar): { day: number; second: number } {
  const offset = (offsets.findLast(({ fromSeconds }) => fromSeconds <= atSeconds) ?? offsets[0])
    ?.offsetSeconds;
  const local = atSeconds + (offset ?? 0);
  const day = Math.floor(local / DAY_SECONDS);
  return { day, second: local - day * DAY_SECONDS };
}

/**
 * When local clocks show a time: the first time, where they show it twice; where they never do, the moment at which they jump
 * over it (duties.md 3.5).
 */
function instantOf(day: number, second: number, { offsets }: Calendar): number {
  const local = day * DAY_SECONDS + second;
  const instant = offsets.length === 0 ? local : firstInstant(local, offsets);
  return Math.min(Math.max(instant, 0), LAST_SECOND);
}

function firstInstant(local: number, offsets: readonly ZoneOffset[]): number {
  for (const [index, { fromSeconds, offsetSeconds }] of offsets.entries()) {
    const untilSeconds = offsets[index + 1]?.fromSeconds ?? Number.POSITIVE_INFINITY;
    const instant = local - offsetSeconds;
    if (instant < untilSeconds && (index === 0 || instant >= fromSeconds)) return instant;
    if (index > 0 && instant < fromSeconds) return fromSeconds;
  }
  throw new RangeError('offsets are not in ascending order');
}

interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

function civil(day: number): CivilDate {
  const date = new Date(day * DAY_SECONDS * 1_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
}

function dayNumber(year: number, month: number, dayOfMonth: number): number {
  return Math.floor(Date.UTC(year, month - 1, dayOfMonth) / (DAY_SECONDS * 1_000));
}

function daysOfMonth(year: number, month: number): number {
  return (
    dayNumber(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - dayNumber(year, month, 1)
  );
}

function dateOf(day: number): string {
  const { year, month, dayOfMonth } = civil(day);
  const digits = (value: number, length: number): string => String(value).padStart(length, '0');
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfMonth, 2)}`;
}
