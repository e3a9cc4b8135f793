import { factOf, type RecordId, type View } from '@comity/record';
import { type Act, type ActRefusal, byEffect, isLasting, readAct } from './act.ts';
import { type Cessation, type CessationCause, Cessations } from './cessation.ts';
import { mergedLists } from './merged.ts';
import { type NormTerms, termsOf } from './norm.ts';

/** A norm and what states say about it: views of verified records, in any order, each as often as it came. */
export interface NormRecords {
  readonly norm: View;
  readonly commitments: Iterable<View>;
  readonly retractions: Iterable<View>;
}

export interface IgnoredRecord {
  readonly id: RecordId;
  readonly reason: 'other-type' | 'other-exercise' | 'issued-later' | ActRefusal | CessationCause;
  /** Of `no-such-provision`: what the norm does not have. */
  readonly provisions?: readonly string[];
}

/** A commitment about a norm, whether or not it still counts. */
export interface SaidAct {
  readonly act: Act;
  readonly view: View;
  readonly cessation: Cessation | undefined;
}

/** What states have said about a norm by a time. */
export interface NormActs {
  readonly terms: NormTerms;
  readonly ceased: CessationCause | undefined;
  /** Acts that count, in the order of their effect. */
  readonly acts: readonly Act[];
  /** Every commitment about the norm by its id, also those that have ceased. */
  readonly said: ReadonlyMap<RecordId, SaidAct>;
  /** Commitments that may be about the norm, and do not show whether they are, or what they say. */
  readonly withheld: readonly View[];
  readonly ignored: readonly IgnoredRecord[];
}

/**
 * Reads the records about a norm (record-types.md 8.1 to 8.10).
 *
 * @throws Fault as `mergeViews`, where two views of one record contradict each other
 */
export function readNormActs(records: NormRecords, atSeconds: number): NormActs {
  const [norms, commitments, retractions] = mergedLists(
    [records.norm],
    records.commitments,
    records.retractions,
  );
  const norm = norms[0] as View;
  const terms = termsOf(norm);
  const ignored: IgnoredRecord[] = [];

  const leftOut = (view: View): boolean => reasonToLeaveOut(view, norm, atSeconds) !== undefined;
  const heard = [norm, ...commitments, ...retractions].filter((view) => !leftOut(view));
  const cessations = new Cessations(
    heard.map(({ header }) => header),
    atSeconds,
  );
  for (const view of retractions) {
    const reason = reasonOfType(view, 'retraction') ?? reasonToLeaveOut(view, norm, atSeconds);
    if (reason !== undefined) ignored.push({ id: view.header.id, reason });
  }
  const acts: Act[] = [];
  const said = new Map<RecordId, SaidAct>();
  const withheld: View[] = [];
  for (const view of commitments) {
    const { id } = view.header;
    const reason = reasonOfType(view, 'commitment') ?? reasonToLeaveOut(view, norm, atSeconds);
    if (reason !== undefined) ignored.push({ id, reason });
    else {
      const cessation = cessations.of(view.header);
      const { act, counted, reasons } = countedAct(view, terms, cessation);
      if (act !== undefined) said.set(id, { act, view, cessation });
      if (counted !== undefined) acts.push(counted);
      if (mayBeAbout(view, terms)) withheld.push(view);
      ignored.push(...reasons.map((each) => ({ id, ...each })));
    }
  }
  return {
    terms,
    ceased: cessations.of(norm.header)?.cause,
    acts: acts.sort(byEffect),
    said,
    withheld,
    ignored: inOrder(ignored),
  };
}

function reasonOfType({ header }: View, type: string): 'other-type' | undefined {
  return header.type === type ? undefined : 'other-type';
}

/** Record-types.md 8.1. */
function reasonToLeaveOut(
  { header }: View,
  norm: View,
  atSeconds: number,
): 'other-exercise' | 'issued-later' | undefined {
  if (header.exercise !== norm.header.exercise) return 'other-exercise';
  return header.issuedAtSeconds > atSeconds ? 'issued-later' : undefined;
}

/** Whether a commitment that does not count might, if it showed more (record-types.md 8.3). */
function mayBeAbout(view: View, { header }: NormTerms): boolean {
  const act = factOf(view, 'act', (value) => value as string);
  const about = factOf(view, 'norm', (value) => value as string);
  if (about.status === 'absent' || act.status === 'absent') return false;
  if (about.status === 'unknown') return true;
  return act.status === 'unknown' && (about.value === header.id || about.value === header.subject);
}

type Reason = Omit<IgnoredRecord, 'id'>;

/** The act of a commitment; `counted` where it counts; and what of it does not. */
function countedAct(
  view: View,
  terms: NormTerms,
  cessation: Cessation | undefined,
): { readonly act?: Act; readonly counted?: Act; readonly reasons: readonly Reason[] } {
  const read = readAct(view, terms);
  const { missingProvisions } = read;
  const missing: readonly Reason[] =
    missingProvisions.length === 0 ? [] : [{ reason: 'no-such-provision', provisions: missingProvisions }];
  if ('refusal' in read) return { reasons: missing.length > 0 ? missing : [{ reason: read.refusal }] };
  const { act } = read;
  if (cessation === undefined) return { act, counted: act, reasons: missing };
  const { cause } = cessation;
  const stays = isLasting(act) && act.fromSeconds <= cessation.atSeconds;
  return stays
    ? { act, counted: { ...act, ceased: cause }, reasons: missing }
    : { act, reasons: [{ reason: cause }] };
}

function inOrder(ignored: readonly IgnoredRecord[]): readonly IgnoredRecord[] {
  const key = ({ id, reason }: IgnoredRecord): string => `${id} ${reason}`;
  const once = new Map(ignored.map((each) => [key(each), each]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
