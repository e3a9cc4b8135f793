import { type Calendar, endOfPeriod } from './calendar.ts';

const UTC: Calendar = { offsets: [], holidays: new Set(), weekend: new Set() };

/**
 * The same day and time a year later, in UTC seconds; of 29 February 28 February. What is within twelve months is before
 * that (record-types.md 8.19).
 */
export function afterTwelveMonths(atSeconds: number): number {
  return endOfPeriod(atSeconds, { amount: 12, unit: 'months' }, UTC);
}
