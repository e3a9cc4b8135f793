import { REDACTED } from '@comity/cbor';
import { factsOf, lookup, type RecordHeader, type View } from '@comity/record';
import { comesAfter, positionOf } from './answer-order.ts';
import type { QuestionFilter } from './filter.ts';

/**
 * Whether a view meets a filter. The view must already be narrowed to what the asking state may see: a filter that looked
 * at withheld parts would tell of them by what it finds.
 */
export function matchesFilter(view: View, filter: QuestionFilter): boolean {
  if (!matchesHeader(view.header, filter)) return false;
  if (filter.sectors !== undefined) {
    const { sectors } = factsOf(view);
    if (
      sectors.status !== 'known' ||
      !sectors.value.some((sector) =>
        filter.sectors?.some((asked) => sector === asked || sector.startsWith(`${asked}/`)),
      )
    )
      return false;
  }
  if (filter.indicator !== undefined && !hasIndicator(view, filter.indicator)) return false;
  return filter.text === undefined || partsHolding(view, filter.text).length > 0;
}

/** The conditions about what is in the clear in every view of a record: whoever may know of it at all may see that. */
export function matchesHeader(header: RecordHeader, filter: QuestionFilter): boolean {
  if (filter.types !== undefined && !filter.types.includes(header.type)) return false;
  if (filter.sinceSeconds !== undefined && header.issuedAtSeconds < filter.sinceSeconds) return false;
  return filter.before === undefined || comesAfter(positionOf(header), filter.before);
}

function hasIndicator(view: View, value: string): boolean {
  const indicators = lookup(view, 'indicators');
  if (indicators.status !== 'known' || !Array.isArray(indicators.value)) return false;
  return indicators.value.some((indicator) => {
    const held: unknown = indicator instanceof Map ? indicator.get('value') : undefined;
    // A composite such as `filename|sha256` is found by either half.
    return held === value || (typeof held === 'string' && held.split('|').includes(value));
  });
}

/** Paths of the innermost disclosed parts that hold a text, without regard to case. */
export function partsHolding(view: View, text: string): string[] {
  const wanted = text.toLowerCase();
  const outer = new Set(view.parts.flatMap(({ ancestors }) => ancestors));
  return view.parts
    .filter(({ digest, value }) => !outer.has(digest) && holds(value, wanted))
    .map(({ pathText }) => pathText);
}

function holds(content: unknown, wanted: string): boolean {
  if (typeof content === 'string') return content.toLowerCase().includes(wanted);
  if (Array.isArray(content)) return content.some((each) => each !== REDACTED && holds(each, wanted));
  if (content instanceof Map)
    return [...content].some(([key, value]) => key !== REDACTED && holds(value, wanted));
  return false;
}
