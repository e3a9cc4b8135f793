import { Fault } from '@comity/fault';
import { type Calendar, type Duty, endOfPeriod, incidentDuties, movedToWorkingDay } from '@comity/registry';
import type { Input } from '../input.ts';
import { knownStatesIn, viewOf } from '../known-states.ts';
import type { Json, Operations } from '../operation.ts';

const MAX_AMOUNT = 36_525;
const UNITS = ['minutes', 'hours', 'days', 'workingDays', 'months'] as const;

/** duties.md §7. */
export const dutyOperations: Operations = {
  'duty.limit': (input) => {
    const beginSeconds = input.seconds('atSeconds');
    const amount = input.natural('amount');
    const unit = UNITS.find((each) => each === input.text('unit'));
    const calendar = calendarIn(input.object('calendar'));
    const moves = input.flag('noonNextWorkingDay');
    if (amount > MAX_AMOUNT) throw refuse('amount');
    if (unit === undefined) throw refuse('unit');
    const limitSeconds = endOfPeriod(beginSeconds, { amount, unit }, calendar);
    return { atSeconds: moves ? movedToWorkingDay(limitSeconds, calendar) : limitSeconds };
  },

  'duty.status': (input) => {
    const { directory } = knownStatesIn(input);
    const incident = viewOf(input.hex('incident'), directory);
    const incidents = input.hexes('incidents').map((bytes) => viewOf(bytes, directory));
    const retractions = input.hexes('retractions').map((bytes) => viewOf(bytes, directory));
    const profiles = input.texts('profiles');
    const country = input.optionalText('country');
    const calendar = calendarIn(input.object('calendar'));
    const atSeconds = input.seconds('atSeconds');
    if (!profiles.every((id) => /^[A-Za-z0-9][A-Za-z0-9._:|/+-]{0,127}$/.test(id))) throw refuse('profiles');
    if (country !== undefined && !/^[A-Z]{3}$/.test(country)) throw refuse('country');
    if (incident.header.type !== 'incident') throw refuse('incident');
    const { issuer, subject, exercise } = incident.header;
    const about = { issuer, subject, ...(exercise !== undefined && { exercise }) };
    const status = incidentDuties(
      { ...about, incidents: [incident, ...incidents], retractions },
      { profiles, calendar, ...(country !== undefined && { country }) },
      atSeconds,
    );
    return {
      profiles: status.profiles.map((each) => ({ ...each })),
      duties: status.duties.map(dutyAsJson),
      unknown: status.unknown,
      ignored: status.ignored.map((each) => ({ ...each })),
    };
  },
};

function dutyAsJson({ anchor, report, ...duty }: Duty): Json {
  return { ...duty, anchor: { ...anchor }, ...(report !== undefined && { report: { ...report } }) };
}

function calendarIn(input: Input): Calendar {
  const offsets = input.objects('offsets').map((each) => ({
    fromSeconds: each.seconds('fromSeconds'),
    offsetSeconds: each.integer('offsetSeconds'),
  }));
  const holidays = input.texts('holidays');
  const weekend = input.naturals('weekend');
  if (!ascending(offsets.map(({ fromSeconds }) => fromSeconds))) throw refuse('calendar.offsets');
  if (offsets.some(({ offsetSeconds }) => Math.abs(offsetSeconds) > 86_399)) throw refuse('calendar.offsets');
  if (!holidays.every((date) => /^\d{4}-\d{2}-\d{2}$/.test(date))) throw refuse('calendar.holidays');
  if (!ascending(weekend) || weekend.length > 6 || weekend.some((day) => day < 1 || day > 7))
    throw refuse('calendar.weekend');
  return { offsets, holidays: new Set(holidays), weekend: new Set(weekend) };
}

function ascending(numbers: readonly number[]): boolean {
  return numbers.every((each, index) => index === 0 || (numbers[index - 1] as number) < each);
}

function refuse(member: string): Fault {
  return new Fault('conformance.bad-input', `in.${member} has another form`);
}
