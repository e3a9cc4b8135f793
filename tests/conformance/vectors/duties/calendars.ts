// Local times and days off, written out (duties.md 3.1).

import type { Json } from '../vector.ts';

/** UTC seconds of a time such as 2026-01-31T10:00:00Z. */
export const utc = (text: string): number => Date.parse(text) / 1_000;

export interface CalendarText {
  readonly offsets?: readonly (readonly [from: string, hours: number])[];
  readonly holidays?: readonly string[];
  readonly weekend?: readonly number[];
}

export function calendar({ offsets = [], holidays = [], weekend = [6, 7] }: CalendarText = {}): {
  readonly [member: string]: Json;
} {
  return {
    offsets: offsets.map(([from, hours]) => ({ fromSeconds: utc(from), offsetSeconds: hours * 3_600 })),
    holidays,
    weekend,
  };
}

/** Clocks of central Europe in 2026 and 2027, with the days off at the turn of the year. */
export const CENTRAL: CalendarText = {
  offsets: [
    ['2026-01-01T00:00:00Z', 1],
    ['2026-03-29T01:00:00Z', 2],
    ['2026-10-25T01:00:00Z', 1],
    ['2027-03-28T01:00:00Z', 2],
    ['2027-10-31T01:00:00Z', 1],
  ],
  holidays: ['2026-12-25', '2026-12-26', '2027-01-01', '2026-05-25'],
};
