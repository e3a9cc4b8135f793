/** `P2W`, or days, hours, minutes and seconds, any of them. */
const WEEKS = /^P([0-9]{1,9})W$/;
const DAYS_AND_TIME =
  /^P(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?$/;

const MAX_LENGTH = 48;
const DAY_SECONDS = 86_400;

/**
 * Seconds of an ISO 8601 duration of weeks (`P2W`), or of days, hours, minutes and seconds (`P1DT6H`), with whole numbers of
 * at most nine digits. Undefined for any other text. Years and months are not read: they have no fixed length.
 */
export function parseDuration(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const weeks = WEEKS.exec(text)?.[1];
  if (weeks !== undefined) return Number(weeks) * 7 * DAY_SECONDS;
  const found = DAYS_AND_TIME.exec(text);
  if (found === null || text === 'P') return undefined;
  const [days, hours, minutes, seconds] = found.slice(1).map((digits) => Number(digits ?? 0));
  return (
    (days as number) * DAY_SECONDS +
    (hours as number) * 3_600 +
    (minutes as number) * 60 +
    (seconds as number)
  );
}

/** Longest embargo, and longest stretch over which a limit counts: ten years. */
export const MAX_DURATION_SECONDS = 3_650 * DAY_SECONDS;
/** Longest time for which a statement of an officer counts. */
export const MAX_WITHIN_SECONDS = 365 * DAY_SECONDS;
export const DEFAULT_WITHIN_SECONDS = 30 * DAY_SECONDS;

/** A duration as people write it: `P30D`, `PT6H`, `P1DT12H`. The shortest such text, without weeks. */
export function durationText(durationSeconds: number): string {
  const days = Math.floor(durationSeconds / DAY_SECONDS);
  const hours = Math.floor((durationSeconds % DAY_SECONDS) / 3_600);
  const minutes = Math.floor((durationSeconds % 3_600) / 60);
  const seconds = durationSeconds % 60;
  const time = [
    [hours, 'H'],
    [minutes, 'M'],
    [seconds, 'S'],
  ] as const;
  const shown = time.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return `P${days > 0 ? `${days}D` : ''}${shown.length > 0 ? `T${shown.join('')}` : ''}`;
}
