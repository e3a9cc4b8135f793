import { type AnswerPosition, formatPosition } from './answer-order.ts';

/** A filter as it is asked and judged, query.md §2; lists are never changed. */
export interface QuestionFilter {
  readonly types?: readonly string[] | undefined;
  readonly sectors?: readonly string[] | undefined;
  readonly indicator?: string | undefined;
  readonly text?: string | undefined;
  readonly sinceSeconds?: number | undefined;
  /** Only records that come after this position, newest first. */
  readonly before?: AnswerPosition | undefined;
}

/** A filter as one line of text, for logs and lists. */
export function describeFilter(filter: QuestionFilter): string {
  const parts: string[] = [];
  if (filter.types !== undefined) parts.push(`type ${filter.types.join('|')}`);
  if (filter.sectors !== undefined) parts.push(`sector ${filter.sectors.join('|')}`);
  if (filter.indicator !== undefined) parts.push(`indicator = ${filter.indicator}`);
  if (filter.text !== undefined) parts.push(`text ${JSON.stringify(filter.text)}`);
  if (filter.sinceSeconds !== undefined)
    parts.push(`since ${new Date(filter.sinceSeconds * 1000).toISOString()}`);
  if (filter.before !== undefined) parts.push(`after ${formatPosition(filter.before)}`);
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
