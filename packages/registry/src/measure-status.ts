import type { StateId } from '@comity/label';
import { factOf, type RecordId, recordAbout, type View } from '@comity/record';
import { type CessationCause, Cessations } from './cessation.ts';
import { mergedLists } from './merged.ts';
import { known } from './norm.ts';

export interface MeasureRecords {
  readonly measure: View;
  /** Measures that may renew it, retractions, and reviews. Others among them say nothing here. */
  readonly others: Iterable<View>;
}

/** What has become of an emergency measure by a time. */
export interface MeasureStatus {
  readonly id: RecordId;
  readonly status: 'proclaimed' | 'active' | 'renewed' | 'expired' | 'terminated';
  /** Since when it is so. */
  readonly sinceSeconds: number;
  readonly expiresAtSeconds?: number;
  readonly reviewBySeconds?: number;
  /** Whether its time for a review has passed, and its issuer has adopted none. */
  readonly reviewOverdue: boolean;
  /** Reviews that were adopted, whoever has, in ascending order of their ids. */
  readonly reviews: readonly {
    readonly id: RecordId;
    readonly issuer: StateId;
    readonly issuedAtSeconds: number;
  }[];
  /** Measures of the issuer that supersede it, in ascending order. */
  readonly renewedBy: readonly RecordId[];
  /** Fields of the measure that are not shown: the status is not certain. */
  readonly unknown: readonly ('startsAt' | 'reviewBy')[];
}

const STATUS_OF: Readonly<Record<CessationCause, MeasureStatus['status']>> = {
  retracted: 'terminated',
  superseded: 'renewed',
  expired: 'expired',
};

/**
 * What has become of a measure at a time (record-types.md §29): a function of the records, whatever the order in which they came
 * and however often. It ends by itself, also where nobody says so.
 *
 * @param atSeconds UTC seconds
 * @throws Fault as `mergeViews`, where two views of one record contradict each other
 */
export function measureStatus(records: MeasureRecords, atSeconds: number): MeasureStatus {
  const [measures, all] = mergedLists([records.measure], records.others);
  const measure = measures[0] as View;
  const { header } = measure;
  const others = all.filter(
    (view) => view.header.exercise === header.exercise && view.header.issuedAtSeconds <= atSeconds,
  );
  const startsAt = factOf(measure, 'startsAt', (value) => value as number);
  const reviewBy = factOf(measure, 'reviewBy', (value) => value as number);
  const startsAtSeconds = known(startsAt) ?? header.issuedAtSeconds;
  const reviewBySeconds = known(reviewBy);
  const cessation = new Cessations(
    others.map((view) => view.header),
    atSeconds,
  ).of(header);
  const reviews = others.filter((view) => isAdoptedReview(view, header.id)).map((view) => view.header);
  const endedAtSeconds = cessation?.atSeconds ?? Number.POSITIVE_INFINITY;
  return {
    id: header.id,
    ...(cessation !== undefined
      ? { status: STATUS_OF[cessation.cause], sinceSeconds: cessation.atSeconds }
      : startsAtSeconds > atSeconds
        ? { status: 'proclaimed', sinceSeconds: header.issuedAtSeconds }
        : { status: 'active', sinceSeconds: startsAtSeconds }),
    ...(header.expiresAtSeconds !== undefined && { expiresAtSeconds: header.expiresAtSeconds }),
    ...(reviewBySeconds !== undefined && { reviewBySeconds }),
    reviewOverdue:
      reviewBySeconds !== undefined &&
      reviewBySeconds <= atSeconds &&
      reviewBySeconds < endedAtSeconds &&
      !reviews.some(({ issuer }) => issuer === header.issuer),
    reviews: reviews
      .map(({ id, issuer, issuedAtSeconds }) => ({ id, issuer, issuedAtSeconds }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    renewedBy: others
      .filter((view) => view.header.type === 'measure' && view.header.issuer === header.issuer)
      .filter((view) => view.header.supersedes.includes(header.id))
      .map((view) => view.header.id)
      .sort(),
    unknown: [
      ...(startsAt.status === 'unknown' ? (['startsAt'] as const) : []),
      ...(reviewBy.status === 'unknown' ? (['reviewBy'] as const) : []),
    ],
  };
}

function isAdoptedReview(view: View, measure: RecordId): boolean {
  if (view.header.type !== 'review' || recordAbout(view.header) !== measure) return false;
  return known(factOf(view, 'status', (value) => value as string)) === 'adopted';
}
