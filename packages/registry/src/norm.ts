import { type Fact, factOf, type RecordHeader, recordTypeOf, type View } from '@comity/record';

export type NormKind = 'voluntary' | 'treaty';

/** A norm as far as a view shows it. What is unknown stands as absent, and by its name in `unknown`. */
export interface NormTerms {
  readonly header: RecordHeader;
  readonly kind: NormKind | undefined;
  readonly provisions: Provisions;
  /** How many states consent before the treaty enters into force. */
  readonly threshold: number | undefined;
  readonly delayDays: number;
  readonly noticePeriodDays: number;
  readonly unknown: readonly string[];
}

export interface Provisions {
  readonly ids: ReadonlySet<string>;
  /** Whether these are all there are. */
  readonly complete: boolean;
}

/** Reads what record-types.md §8 needs of a norm. */
export function termsOf(view: View): NormTerms {
  const kind = factOf(view, 'kind', (value) => value as NormKind);
  const provisions = provisionsOf(view);
  const entry = factOf(view, 'entryIntoForce', (value) => value as ReadonlyMap<string, number>);
  const notice = factOf(view, 'noticePeriodDays', (value) => value as number);
  const isTreaty = known(kind) === 'treaty';
  return {
    header: view.header,
    kind: known(kind),
    provisions,
    threshold: known(entry)?.get('threshold'),
    delayDays: known(entry)?.get('delayDays') ?? 0,
    noticePeriodDays: known(notice) ?? 0,
    unknown: [
      ...(kind.status === 'unknown' ? ['kind'] : []),
      ...(provisions.complete ? [] : ['provisions']),
      ...(isTreaty && entry.status === 'unknown' ? ['entryIntoForce'] : []),
      ...(isTreaty && notice.status === 'unknown' ? ['noticePeriodDays'] : []),
    ],
  };
}

export function known<T>(fact: Fact<T>): T | undefined {
  return fact.status === 'known' ? fact.value : undefined;
}

function provisionsOf(view: View): Provisions {
  const found = view.field(['provisions']);
  if (found.status !== 'known') return { ids: new Set(), complete: found.status === 'absent' };
  const elements: unknown = found.value;
  if (!Array.isArray(elements)) return { ids: new Set(), complete: false };
  const ids = elements.map(provisionId);
  return {
    ids: new Set(ids.filter((id) => id !== undefined)),
    complete: ids.every((id) => id !== undefined),
  };
}

const provisionRule = recordTypeOf('norm')?.fields.provisions;

/** Undefined for an element that is withheld, or that nobody here can read. */
function provisionId(element: unknown): string | undefined {
  if (!(element instanceof Map) || provisionRule?.redaction !== 'elements') return undefined;
  return provisionRule.element.accepts(element) ? (element.get('id') as string) : undefined;
}
