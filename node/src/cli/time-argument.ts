import { Fault } from '@comity/fault';

/** RFC 3339 to seconds. @throws Fault cli.usage */
export function parseTime(text: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(milliseconds))
    throw new Fault('cli.usage', `${JSON.stringify(text)} is no RFC 3339 time such as 2026-03-01T00:00:00Z`);
  return Math.floor(milliseconds / 1000);
}
