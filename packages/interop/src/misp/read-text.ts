import type { LossReport } from './loss.ts';
import { shownText } from './text.ts';

/**
 * A text that people will be shown; undefined where there is none. What would mislead them is replaced visibly, and what is
 * too long for `maxBytes` of UTF-8 is cut: both are losses.
 */
export function readText(
  value: unknown,
  at: string,
  maxBytes: number,
  losses: LossReport,
  lines: 'one' | 'many' = 'one',
): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return losses.add(at, 'malformed', 'expected a text');
  const { text, replaced, shortened } = shownText(value, maxBytes, lines);
  if (replaced) losses.add(at, 'text-replaced', text);
  if (shortened) losses.add(at, 'shortened', `to ${maxBytes} bytes`);
  return text;
}
