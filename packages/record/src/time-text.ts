/** Date, T, time to the second, Z. RFC 3339 also has fractions and offsets; here a time has one spelling. */
const UTC_TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/;
const TEXT_LENGTH = 20;

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * UTC seconds since 1970 of an RFC 3339 time such as `2026-11-24T10:30:00Z`. Undefined for any other text, for dates that
 * do not exist, for years before 1970, and for leap seconds, which have no number.
 */
export function parseTimeText(text: string): number | undefined {
  const match = text.length === TEXT_LENGTH ? UTC_TIME.exec(text) : null;
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}

/** UTC seconds since 1970 as `parseTimeText` reads them. */
export function formatTimeText(atSeconds: number): string {
  return `${new Date(atSeconds * 1_000).toISOString().slice(0, TEXT_LENGTH - 1)}Z`;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysOfMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_OF_MONTH[month - 1] as number);
}

function daysSince1970(year: number, month: number, day: number): number {
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 477;
  let days = (year - 1970) * 365 + leapDays + day - 1;
  for (let earlier = 1; earlier < month; earlier += 1) days += daysOfMonth(year, earlier);
  return days;
}
