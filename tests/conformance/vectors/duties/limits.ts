// duty.limit: when a period ends (duties.md §3).

import { badInput, type LineVector } from '../lines/line.ts';
import { valid } from '../record/inputs.ts';
import type { Json, ValidCase, VectorFile } from '../vector.ts';
import { type CalendarText, CENTRAL, calendar, utc } from './calendars.ts';

type Unit = 'minutes' | 'hours' | 'days' | 'workingDays' | 'months';

interface Given {
  readonly from: string;
  readonly amount: number;
  readonly unit: Unit;
  readonly clocks?: CalendarText;
  readonly noon?: boolean;
}

type Members = { readonly [member: string]: Json };

function limitInput({ from, amount, unit, clocks = {}, noon = false }: Given): Members {
  return { atSeconds: utc(from), amount, unit, calendar: calendar(clocks), noonNextWorkingDay: noon };
}

function limit(
  comment: string,
  from: string,
  amount: number,
  unit: Unit,
  until: string,
  more: Partial<Given> = {},
): ValidCase {
  return valid(comment, limitInput({ from, amount, unit, ...more }), { atSeconds: utc(until) });
}

const central = { clocks: CENTRAL };
const noon = { clocks: CENTRAL, noon: true };

function elapsed(): readonly ValidCase[] {
  return [
    limit('Nothing after a time is this time.', '2026-01-31T10:00:00Z', 0, 'hours', '2026-01-31T10:00:00Z'),
    limit('30 minutes.', '2026-01-31T23:45:00Z', 30, 'minutes', '2026-02-01T00:15:00Z'),
    limit('72 hours over the end of a month.', '2026-01-30T10:00:00Z', 72, 'hours', '2026-02-02T10:00:00Z'),
    limit('72 hours over 29 February.', '2028-02-27T10:00:00Z', 72, 'hours', '2028-03-01T10:00:00Z'),
    limit(
      '24 hours are 24 hours, where clocks are put forward between.',
      '2026-03-28T12:00:00Z',
      24,
      'hours',
      '2026-03-29T12:00:00Z',
      central,
    ),
    limit(
      '24 hours are 24 hours, where clocks are put back between.',
      '2026-10-24T12:00:00Z',
      24,
      'hours',
      '2026-10-25T12:00:00Z',
      central,
    ),
    limit('Hours go on over days off.', '2026-12-24T18:00:00Z', 24, 'hours', '2026-12-25T18:00:00Z', central),
    limit(
      'No limit is later than the last second of the year 9999.',
      '9999-12-31T10:00:00Z',
      24,
      'hours',
      '9999-12-31T23:59:59Z',
    ),
  ];
}

function days(): readonly ValidCase[] {
  return [
    limit('60 days.', '2026-01-01T00:00:00Z', 60, 'days', '2026-03-02T00:00:00Z'),
    limit('30 days over 29 February.', '2028-02-10T08:00:00Z', 30, 'days', '2028-03-11T08:00:00Z'),
    limit(
      'A day is of the calendar: 23 hours, where clocks are put forward between.',
      '2026-03-28T12:00:00Z',
      1,
      'days',
      '2026-03-29T11:00:00Z',
      central,
    ),
    limit(
      'A day is of the calendar: 25 hours, where clocks are put back between.',
      '2026-10-24T12:00:00Z',
      1,
      'days',
      '2026-10-25T13:00:00Z',
      central,
    ),
    limit(
      'Half past two, which clocks leave out on that day: the moment at which they are put forward.',
      '2026-03-28T01:30:00Z',
      1,
      'days',
      '2026-03-29T01:00:00Z',
      central,
    ),
    limit(
      'Half past two, which clocks show twice on that day: the first of the two.',
      '2026-10-24T00:30:00Z',
      1,
      'days',
      '2026-10-25T00:30:00Z',
      central,
    ),
    limit(
      'No day after the second of two moments that clocks show alike: the first.',
      '2026-10-25T01:30:00Z',
      0,
      'days',
      '2026-10-25T00:30:00Z',
      central,
    ),
    limit(
      'Before the first offset the first one holds.',
      '2025-07-01T10:00:00Z',
      1,
      'days',
      '2025-07-02T10:00:00Z',
      central,
    ),
    limit(
      'After the last offset it goes on.',
      '2030-07-01T10:00:00Z',
      1,
      'days',
      '2030-07-02T10:00:00Z',
      central,
    ),
    limit(
      'A day that clocks leave out as a whole, west of the date line that moved: the moment of the change.',
      '2011-12-29T12:00:00Z',
      1,
      'days',
      '2011-12-30T10:00:00Z',
      {
        clocks: {
          offsets: [
            ['2011-01-01T00:00:00Z', -10],
            ['2011-12-30T10:00:00Z', 14],
          ],
        },
      },
    ),
    limit(
      'Local time is ahead by a day and more after midnight, and counts.',
      '2026-01-31T11:00:00Z',
      1,
      'months',
      '2026-02-28T11:00:00Z',
      { clocks: { offsets: [['2026-01-01T00:00:00Z', 13]] } },
    ),
    limit(
      'No limit is before 1970, whatever clocks are put back by.',
      '1970-01-01T01:00:00Z',
      0,
      'days',
      '1970-01-01T01:00:00Z',
      { clocks: { offsets: [['1970-01-01T00:00:00Z', -3]] } },
    ),
    limit('A century of days.', '1999-12-31T00:00:00Z', 36_525, 'days', '2099-12-31T00:00:00Z'),
  ];
}

function months(): readonly ValidCase[] {
  const month = (comment: string, from: string, until: string, amount = 1, more: Partial<Given> = {}) =>
    limit(comment, from, amount, 'months', until, more);
  return [
    month('A month.', '2026-03-15T09:00:00Z', '2026-04-15T09:00:00Z'),
    month('A month after 31 January.', '2026-01-31T09:00:00Z', '2026-02-28T09:00:00Z'),
    month('A month after 31 January of a leap year.', '2028-01-31T09:00:00Z', '2028-02-29T09:00:00Z'),
    month('A month after 30 January.', '2026-01-30T09:00:00Z', '2026-02-28T09:00:00Z'),
    month('A month after 29 January.', '2026-01-29T09:00:00Z', '2026-02-28T09:00:00Z'),
    month('A month after 29 January of a leap year.', '2028-01-29T09:00:00Z', '2028-02-29T09:00:00Z'),
    month('A month after 28 February is 28 March.', '2026-02-28T09:00:00Z', '2026-03-28T09:00:00Z'),
    month('A month after 29 February.', '2028-02-29T09:00:00Z', '2028-03-29T09:00:00Z'),
    month('A month after 31 August.', '2026-08-31T09:00:00Z', '2026-09-30T09:00:00Z'),
    month('A month over the end of the year.', '2026-12-31T23:59:59Z', '2027-01-31T23:59:59Z'),
    month('2 months after 31 December, in one step.', '2026-12-31T09:00:00Z', '2027-02-28T09:00:00Z', 2),
    month('12 months after 29 February.', '2028-02-29T09:00:00Z', '2029-02-28T09:00:00Z', 12),
    month('48 months after 29 February.', '2028-02-29T09:00:00Z', '2032-02-29T09:00:00Z', 48),
    month('1900 was no leap year, and neither is 2100.', '2100-01-31T09:00:00Z', '2100-02-28T09:00:00Z'),
    month('2400 is one.', '2400-01-31T09:00:00Z', '2400-02-29T09:00:00Z'),
    month(
      'The day is the local one: it is 31 January there, and 30 January in UTC.',
      '2026-01-30T23:30:00Z',
      '2026-02-28T23:30:00Z',
      1,
      { clocks: { offsets: [['2026-01-01T00:00:00Z', 0]] } },
    ),
    month(
      'The day is the local one: it is 1 March there, and 28 February in UTC.',
      '2026-02-28T23:30:00Z',
      '2026-03-31T22:30:00Z',
      1,
      central,
    ),
    month(
      'A month in which clocks are put back.',
      '2026-10-01T10:00:00Z',
      '2026-11-01T11:00:00Z',
      1,
      central,
    ),
    month('A month ends on a day off as well.', '2026-11-25T09:00:00Z', '2026-12-25T09:00:00Z', 1, central),
    month('Months beyond the year 9999.', '9999-12-01T00:00:00Z', '9999-12-31T23:59:59Z', 1),
  ];
}

function workingDays(): readonly ValidCase[] {
  const working = (comment: string, from: string, amount: number, until: string, more = central) =>
    limit(comment, from, amount, 'workingDays', until, more);
  return [
    working('4 working days in a week.', '2026-11-23T10:00:00Z', 4, '2026-11-27T10:00:00Z'),
    working('4 working days over a weekend.', '2026-11-25T10:00:00Z', 4, '2026-12-01T10:00:00Z'),
    working('From a Saturday the first is Monday.', '2026-11-28T10:00:00Z', 1, '2026-11-30T10:00:00Z'),
    working('From a Sunday just before midnight.', '2026-11-29T22:59:59Z', 1, '2026-11-30T22:59:59Z'),
    working('It is Monday there, and Sunday in UTC.', '2026-11-29T23:00:00Z', 1, '2026-11-30T23:00:00Z'),
    working('Holidays are no working days.', '2026-12-24T10:00:00Z', 1, '2026-12-28T10:00:00Z'),
    working('30 working days.', '2026-11-23T10:00:00Z', 30, '2027-01-06T10:00:00Z'),
    working(
      'No working day after a Sunday is this Sunday.',
      '2026-11-29T10:00:00Z',
      0,
      '2026-11-29T10:00:00Z',
    ),
    working('Over the change of clocks.', '2026-03-27T10:00:00Z', 1, '2026-03-30T09:00:00Z'),
    working('A weekend of Friday and Saturday.', '2026-11-26T10:00:00Z', 1, '2026-11-29T10:00:00Z', {
      clocks: { weekend: [5, 6] },
    }),
    working('A weekend of six days.', '2026-11-26T10:00:00Z', 2, '2026-12-10T10:00:00Z', {
      clocks: { weekend: [1, 2, 3, 5, 6, 7] },
    }),
    working('No weekend.', '2026-11-27T10:00:00Z', 2, '2026-11-29T10:00:00Z', { clocks: { weekend: [] } }),
    working('A text that is no date is no holiday.', '2026-02-27T10:00:00Z', 1, '2026-03-02T10:00:00Z', {
      clocks: { holidays: ['2026-02-30', '2026-99-99'] },
    }),
  ];
}

function noons(): readonly ValidCase[] {
  const moved = (comment: string, from: string, amount: number, unit: Unit, until: string, more = noon) =>
    limit(comment, from, amount, unit, until, more);
  return [
    moved('A limit on a Sunday.', '2026-11-26T09:00:00Z', 72, 'hours', '2026-11-30T11:00:00Z'),
    moved('A limit on a Saturday, after noon.', '2026-11-25T20:00:00Z', 72, 'hours', '2026-11-30T11:00:00Z'),
    moved('A limit on a working day stands.', '2026-11-24T20:00:00Z', 72, 'hours', '2026-11-27T20:00:00Z'),
    moved('On a holiday before a weekend.', '2026-12-24T10:00:00Z', 24, 'hours', '2026-12-28T11:00:00Z'),
    moved('On a weekend before a holiday.', '2026-05-23T10:00:00Z', 4, 'hours', '2026-05-26T10:00:00Z'),
    moved('On the day on which clocks change.', '2026-03-28T10:00:00Z', 24, 'hours', '2026-03-30T10:00:00Z'),
    moved(
      'It is Saturday there, and Friday in UTC.',
      '2026-11-27T22:30:00Z',
      1,
      'hours',
      '2026-11-30T11:00:00Z',
    ),
    moved(
      'It is Friday there, and Saturday in UTC.',
      '2026-11-28T02:00:00Z',
      1,
      'hours',
      '2026-11-28T03:00:00Z',
      {
        clocks: { offsets: [['2026-01-01T00:00:00Z', -5]] },
        noon: true,
      },
    ),
    moved('A month that ends on a Sunday.', '2027-01-31T10:00:00Z', 1, 'months', '2027-03-01T11:00:00Z'),
  ];
}

/** Inputs that are none of this operation. */
export function linesWithCalendars(): LineVector[] {
  const from = '2026-11-23T10:00:00Z';
  const good = limitInput({ from, amount: 1, unit: 'days', clocks: CENTRAL });
  const bad = (comment: string, changes: Members): LineVector =>
    badInput(comment, JSON.stringify({ ...good, ...changes }), 'duty.limit');
  const badCalendar = (comment: string, changes: Members): LineVector =>
    bad(comment, { calendar: { ...calendar(CENTRAL), ...changes } });
  return [
    bad('A unit that there is not.', { unit: 'weeks' }),
    bad('More than a century of days.', { amount: 36_526 }),
    bad('A negative amount.', { amount: -1 }),
    badCalendar('A weekend of seven days.', { weekend: [1, 2, 3, 4, 5, 6, 7] }),
    badCalendar('A weekend out of order.', { weekend: [7, 6] }),
    badCalendar('A day of the week that there is not.', { weekend: [0] }),
    badCalendar('A holiday in another form.', { holidays: ['25.12.2026'] }),
    badCalendar('An offset of a day.', { offsets: [{ fromSeconds: 0, offsetSeconds: 86_400 }] }),
    badCalendar('Two offsets from one time on.', {
      offsets: [
        { fromSeconds: 5, offsetSeconds: 0 },
        { fromSeconds: 5, offsetSeconds: 3_600 },
      ],
    }),
    badCalendar('A calendar with a member that means nothing.', { zone: 'Europe/Berlin' }),
  ];
}

export function limitVectors(): readonly VectorFile[] {
  const file = (name: string, cases: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'duties', name, op: 'duty.limit', valid: cases },
  });
  return [
    file('limits-elapsed', elapsed()),
    file('limits-days', days()),
    file('limits-months', months()),
    file('limits-working-days', workingDays()),
    file('limits-noon', noons()),
  ];
}
