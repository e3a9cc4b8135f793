import { describe, expect, test } from 'vitest';
import { isTimeZone, zoneOffsets } from './index.ts';

const utc = (text: string): number => Date.parse(text) / 1_000;
const texts = (zone: string, from: string, until: string) =>
  zoneOffsets(zone, utc(from), utc(until)).map(({ fromSeconds, offsetSeconds }) => [
    new Date(fromSeconds * 1_000).toISOString(),
    offsetSeconds / 3_600,
  ]);

describe('the offsets of a time zone', () => {
  test('change to the second', () => {
    expect(texts('Europe/Berlin', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')).toEqual([
      ['2026-01-01T00:00:00.000Z', 1],
      ['2026-03-29T01:00:00.000Z', 2],
      ['2026-10-25T01:00:00.000Z', 1],
    ]);
  });

  test('are of the southern half as well, and of half an hour', () => {
    expect(texts('Australia/Lord_Howe', '2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z')).toEqual([
      ['2026-01-01T00:00:00.000Z', 11],
      ['2026-04-04T15:00:00.000Z', 10.5],
      ['2026-10-03T15:30:00.000Z', 11],
    ]);
  });

  test('are one where clocks do not change', () => {
    expect(texts('UTC', '2026-01-01T00:00:00Z', '2028-01-01T00:00:00Z')).toEqual([
      ['2026-01-01T00:00:00.000Z', 0],
    ]);
    expect(texts('Africa/Lagos', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z')).toEqual([
      ['2026-01-01T00:00:00.000Z', 1],
    ]);
  });

  test('of a day that was left out as a whole', () => {
    expect(texts('Pacific/Apia', '2011-12-29T00:00:00Z', '2012-01-01T00:00:00Z')).toEqual([
      ['2011-12-29T00:00:00.000Z', -10],
      ['2011-12-30T10:00:00.000Z', 14],
    ]);
  });

  test('there are zones, and other texts', () => {
    expect(isTimeZone('Europe/Madrid')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
    expect(isTimeZone('')).toBe(false);
  });
});
