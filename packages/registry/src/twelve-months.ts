const DAY_SECONDS = 86_400;

/**
 * The same day and time a year later, in UTC seconds; of 29 February 28 February. What is within twelve months is before
 * that (record-types.md 8.19).
 */
export function afterTwelveMonths(atSeconds: number): number {
  const begin = new Date(atSeconds * 1000);
  const [year, month] = [begin.getUTCFullYear(), begin.getUTCMonth() + 1];
  const isLeapDay = month === 2 && begin.getUTCDate() === 29;
  const passesLeapDay = month > 2 ? isLeapYear(year + 1) : isLeapYear(year) && !isLeapDay;
  return atSeconds + (passesLeapDay ? 366 : 365) * DAY_SECONDS;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
