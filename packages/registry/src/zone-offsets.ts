import type { ZoneOffset } from './calendar.ts';

const DAY_SECONDS = 86_400;

/** Whether the runtime knows a time zone by this name of the IANA time zone database. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch (thrown) {
    if (thrown instanceof RangeError) return false;
    throw thrown;
  }
}

/**
 * What the clocks of a time zone are ahead of UTC between two times, as the time zone database of the runtime has it.
 *
 * @param timeZone a name that `isTimeZone`
 */
export function zoneOffsets(timeZone: string, fromSeconds: number, untilSeconds: number): ZoneOffset[] {
  const offsetAt = offsetReader(timeZone);
  const offsets: ZoneOffset[] = [{ fromSeconds, offsetSeconds: offsetAt(fromSeconds) }];
  let before = fromSeconds;
  while (before < untilSeconds) {
    const after = Math.min(before + DAY_SECONDS, untilSeconds);
    const offsetSeconds = offsetAt(after);
    if (offsetSeconds !== offsets.at(-1)?.offsetSeconds)
      offsets.push({ fromSeconds: firstWith(offsetSeconds, before, after, offsetAt), offsetSeconds });
    before = after;
  }
  return offsets;
}

/** The first second of a span at the end of which an offset holds that does not hold at its begin. */
function firstWith(offset: number, before: number, after: number, offsetAt: (at: number) => number): number {
  let [without, having] = [before, after];
  while (having - without > 1) {
    const middle = Math.floor((without + having) / 2);
    if (offsetAt(middle) === offset) having = middle;
    else without = middle;
  }
  return having;
}

function offsetReader(timeZone: string): (atSeconds: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  return (atSeconds) => {
    const shown = new Map(
      format.formatToParts(new Date(atSeconds * 1_000)).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (name: Intl.DateTimeFormatPartTypes): number => shown.get(name) ?? 0;
    const local = Date.UTC(
      ...([part('year'), part('month') - 1, part('day')] as const),
      ...([part('hour'), part('minute'), part('second')] as const),
    );
    return local / 1_000 - atSeconds;
  };
}
