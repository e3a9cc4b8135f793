import type { StateId } from '@comity/label';
import type { RecordId, View } from '@comity/record';
import { type Act, type ActRefusal, byEffect, isLasting, readAct } from './act.ts';
import { type CessationCause, Cessations } from './cessation.ts';
import { mergedLists } from './merged.ts';
import { type NormKind, type NormTerms, termsOf } from './norm.ts';
import {
  byState,
  consentPeriodsOf,
  entryIntoForce,
  type StandingSince,
  treatyStanding,
  voluntaryStanding,
} from './standing.ts';

/** A norm and what states say about it: views of verified records, in any order, each as often as it came. */
export interface NormRecords {
  readonly norm: View;
  readonly commitments: Iterable<View>;
  readonly retractions: Iterable<View>;
}

export interface StateStanding extends StandingSince {
  readonly state: StateId;
  /** When the first withdrawal to come takes effect, of a state that consents. */
  readonly leavesAtSeconds?: number;
  /** Those in effect, in the order of their effect. */
  readonly acts: readonly Act[];
  /** Those to come. */
  readonly pending: readonly Act[];
}

export interface IgnoredRecord {
  readonly id: RecordId;
  readonly reason: 'other-type' | 'other-exercise' | 'issued-later' | ActRefusal | CessationCause;
  /** Of `no-such-provision`: what the norm does not have. */
  readonly provisions?: readonly string[];
}

export interface NormStatus {
  readonly id: RecordId;
  readonly kind?: NormKind;
  readonly ceased?: CessationCause;
  /** Fields of the norm of which not everything is known: the status is not certain. */
  readonly unknown: readonly string[];
  /** Of a treaty. */
  readonly inForce?: boolean;
  /** Of a treaty whose threshold is reached: from when it is in force, also where that is to come. */
  readonly inForceFromSeconds?: number;
  /** In ascending order of state ids. */
  readonly states: readonly StateStanding[];
  /** Records that do not count, in ascending order of ids, then of reasons. */
  readonly ignored: readonly IgnoredRecord[];
}

/**
 * The status of a norm at a time (record-types.md §8): a function of the records, whatever the order in which they came and
 * however often.
 *
 * @throws Fault as `mergeViews`, where two views of one record contradict each other
 */
export function normStatus(records: NormRecords, atSeconds: number): NormStatus {
  const [norms, said, withdrawn] = mergedLists([records.norm], records.commitments, records.retractions);
  const norm = norms[0] as View;
  const terms = termsOf(norm);
  const ignored: IgnoredRecord[] = [];

  const leftOut = (view: View): boolean => reasonToLeaveOut(view, norm, atSeconds) !== undefined;
  const heard = [norm, ...said, ...withdrawn].filter((view) => !leftOut(view));
  const cessations = new Cessations(
    heard.map(({ header }) => header),
    atSeconds,
  );
  for (const view of withdrawn) {
    const reason = reasonOfType(view, 'retraction') ?? reasonToLeaveOut(view, norm, atSeconds);
    if (reason !== undefined) ignored.push({ id: view.header.id, reason });
  }
  const acts: Act[] = [];
  for (const view of said) {
    const { id } = view.header;
    const reason = reasonOfType(view, 'commitment') ?? reasonToLeaveOut(view, norm, atSeconds);
    if (reason !== undefined) ignored.push({ id, reason });
    else {
      const { act, reasons } = countedAct(view, terms, cessations);
      if (act !== undefined) acts.push(act);
      ignored.push(...reasons.map((each) => ({ id, ...each })));
    }
  }
  const ceased = cessations.of(norm.header)?.cause;
  return {
    id: norm.header.id,
    ...(terms.kind !== undefined && { kind: terms.kind }),
    ...(ceased !== undefined && { ceased }),
    unknown: terms.unknown,
    ...standings(terms, acts.sort(byEffect), atSeconds),
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

type Reason = Omit<IgnoredRecord, 'id'>;

/** The act of a commitment, where it counts, and what of it does not. */
function countedAct(
  view: View,
  terms: NormTerms,
  cessations: Cessations,
): { readonly act?: Act; readonly reasons: readonly Reason[] } {
  const read = readAct(view, terms);
  const { missingProvisions } = read;
  const missing: readonly Reason[] =
    missingProvisions.length === 0 ? [] : [{ reason: 'no-such-provision', provisions: missingProvisions }];
  if ('refusal' in read) return { reasons: missing.length > 0 ? missing : [{ reason: read.refusal }] };
  const cessation = cessations.of(view.header);
  if (cessation === undefined) return { act: read.act, reasons: missing };
  const { cause } = cessation;
  const stays = isLasting(read.act) && read.act.fromSeconds <= cessation.atSeconds;
  return stays ? { act: { ...read.act, ceased: cause }, reasons: missing } : { reasons: [{ reason: cause }] };
}

/** Record-types.md 8.10 to 8.14. `counted` is in the order of 8.10. */
function standings(
  terms: NormTerms,
  counted: readonly Act[],
  atSeconds: number,
): Pick<NormStatus, 'inForce' | 'inForceFromSeconds' | 'states'> {
  const states = [...byState(counted)]
    .map(([state, all]) => ({
      state,
      acts: all.filter(({ fromSeconds }) => fromSeconds <= atSeconds),
      pending: all.filter(({ fromSeconds }) => fromSeconds > atSeconds),
    }))
    .sort((a, b) => (a.state < b.state ? -1 : 1));
  if (terms.kind !== 'treaty') {
    return { states: states.map((each) => ({ ...each, ...voluntaryStanding(each.acts) })) };
  }
  const consents = states.flatMap(({ acts }) => consentPeriodsOf(acts));
  const inForceFromSeconds = entryIntoForce(terms, consents, atSeconds);
  const inForce = inForceFromSeconds !== undefined && inForceFromSeconds <= atSeconds;
  return {
    inForce,
    ...(inForceFromSeconds !== undefined && { inForceFromSeconds }),
    states: states.map((each) => {
      const standing = treatyStanding(each.acts, inForce ? inForceFromSeconds : undefined);
      const consents = standing.standing === 'consented' || standing.standing === 'bound';
      const leaving = consents ? each.pending.find(({ act }) => act === 'withdraw') : undefined;
      return { ...each, ...standing, ...(leaving !== undefined && { leavesAtSeconds: leaving.fromSeconds }) };
    }),
  };
}

function inOrder(ignored: readonly IgnoredRecord[]): readonly IgnoredRecord[] {
  const key = ({ id, reason }: IgnoredRecord): string => `${id} ${reason}`;
  const once = new Map(ignored.map((each) => [key(each), each]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
