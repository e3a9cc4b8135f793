import type { StateId } from '@comity/label';
import { factOf, type RecordId, type View } from '@comity/record';
import { mergedLists } from './merged.ts';

/** The records of one incident: views of verified records, in any order, each as often as it came. */
export interface IncidentRecords {
  readonly issuer: StateId;
  /** With its type: `incident/…`. */
  readonly subject: string;
  readonly exercise?: string;
  readonly incidents: Iterable<View>;
  readonly retractions: Iterable<View>;
}

export interface IgnoredReport {
  readonly id: RecordId;
  readonly reason: 'other-type' | 'other-incident' | 'other-exercise' | 'issued-later' | 'retracted';
}

/** A fact of an incident as its records tell it: the newest that states it counts (duties.md 4.3). */
export interface Told<T> {
  readonly value?: T;
  readonly record?: RecordId;
  /** An earlier record has stated something else. */
  readonly restated: boolean;
  /** A record newer than the one that counts may state it, and does not show it. */
  readonly unknown: boolean;
}

/** One record of an incident, as a report that was made. */
export interface Report {
  readonly id: RecordId;
  readonly atSeconds: number;
  /** Undefined where the record does not show it. */
  readonly stage?: string;
  readonly view: View;
}

/** What the records of an incident say at a time, put in order (duties.md §4). */
export class IncidentAccount {
  /** Those that count, by time of issue and id. */
  readonly reports: readonly Report[];
  readonly ignored: readonly IgnoredReport[];
  private readonly known = new Map<string, Told<unknown>>();

  /** @throws Fault as `mergeViews`, where two views of one record contradict each other */
  constructor(records: IncidentRecords, atSeconds: number) {
    const [incidents, retractions] = mergedLists(records.incidents, records.retractions);
    const withdrawn = new Set(
      retractions
        .filter(
          (view) => view.header.type === 'retraction' && reasonOf(view, records, atSeconds) === undefined,
        )
        .map(({ header }) => header.retracts),
    );
    const ignored: IgnoredReport[] = [];
    const reports: Report[] = [];
    for (const view of incidents) {
      const { id } = view.header;
      const reason =
        reasonOf(view, records, atSeconds) ??
        reasonOfSubject(view, records) ??
        (withdrawn.has(id) ? 'retracted' : undefined);
      if (reason !== undefined) ignored.push({ id, reason });
      else reports.push(reportOf(view));
    }
    for (const view of retractions) {
      const { id, type } = view.header;
      const reason = type === 'retraction' ? reasonOf(view, records, atSeconds) : 'other-type';
      if (reason !== undefined) ignored.push({ id, reason });
    }
    this.reports = reports.sort((a, b) => a.atSeconds - b.atSeconds || (a.id < b.id ? -1 : 1));
    this.ignored = eachOnce(ignored);
  }

  /** What the newest record that states a field says, in the form that the type gives it. */
  told<T>(field: string): Told<T> {
    return this.tell<T>(field, ({ view }) => factOf(view, field, (value) => value as T));
  }

  /** The country of the victim. */
  country(): Told<string> {
    return this.tell<string>('victim', ({ view }) => {
      const found = view.field(['victim', 'country']);
      if (found.status !== 'known') return found;
      const { value } = found;
      return typeof value === 'string' && /^[A-Z]{3}$/.test(value)
        ? { status: 'known', value }
        : { status: 'unknown' };
    });
  }

  /** What every record that states a field says, in their order. */
  toldByEach<T>(field: string): readonly { readonly report: Report; readonly value: T }[] {
    return this.reports.flatMap((report) => {
      const fact = factOf(report.view, field, (value) => value as T);
      return fact.status === 'known' ? [{ report, value: fact.value }] : [];
    });
  }

  /** Whether a record that counts may state a field and does not show it, whatever others say. */
  isHiddenSomewhere(field: string): boolean {
    return this.reports.some(({ view }) => factOf(view, field, Boolean).status === 'unknown');
  }

  private tell<T>(field: string, read: (report: Report) => ReturnType<typeof factOf<T>>): Told<T> {
    const before = this.known.get(field);
    if (before !== undefined) return before as Told<T>;
    const facts = this.reports.map((report) => ({ report, fact: read(report) }));
    const newest = facts.findLastIndex(({ fact }) => fact.status === 'known');
    const counting = facts[newest];
    const value = counting?.fact.status === 'known' ? counting.fact.value : undefined;
    const told: Told<T> = {
      ...(value !== undefined && { value }),
      ...(counting !== undefined && { record: counting.report.id }),
      restated: facts.some(({ fact }) => fact.status === 'known' && !isSame(fact.value, value)),
      unknown: facts.slice(newest + 1).some(({ fact }) => fact.status === 'unknown'),
    };
    this.known.set(field, told);
    return told;
  }
}

/** A record can stand in both lists. */
function eachOnce(ignored: readonly IgnoredReport[]): readonly IgnoredReport[] {
  const byKey = new Map(ignored.map((each) => [`${each.id} ${each.reason}`, each]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function reportOf(view: View): Report {
  const stage = factOf(view, 'stage', (value) => value as string);
  const { id, issuedAtSeconds } = view.header;
  return { id, atSeconds: issuedAtSeconds, view, ...(stage.status === 'known' && { stage: stage.value }) };
}

/** Duties.md 4.1, for records of both types. */
function reasonOf(
  { header }: View,
  { issuer, exercise }: IncidentRecords,
  atSeconds: number,
): 'other-incident' | 'other-exercise' | 'issued-later' | undefined {
  if (header.issuer !== issuer) return 'other-incident';
  if (header.exercise !== exercise) return 'other-exercise';
  return header.issuedAtSeconds > atSeconds ? 'issued-later' : undefined;
}

function reasonOfSubject(
  { header }: View,
  { subject }: IncidentRecords,
): 'other-type' | 'other-incident' | undefined {
  if (header.type !== 'incident') return 'other-type';
  return header.subject === subject ? undefined : 'other-incident';
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && JSON.stringify(a) === JSON.stringify(b));
}
