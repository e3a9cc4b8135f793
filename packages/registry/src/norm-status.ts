import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { Act } from './act.ts';
import type { CessationCause } from './cessation.ts';
import type { NormKind } from './norm.ts';
import { type IgnoredRecord, type NormActs, type NormRecords, readNormActs } from './norm-acts.ts';
import {
  byState,
  consentPeriodsOf,
  entryIntoForce,
  type StandingSince,
  treatyStanding,
  voluntaryStanding,
} from './standing.ts';

export interface StateStanding extends StandingSince {
  readonly state: StateId;
  /** When the first withdrawal to come takes effect, of a state that consents. */
  readonly leavesAtSeconds?: number;
  /** Those in effect, in the order of their effect. */
  readonly acts: readonly Act[];
  /** Those to come. */
  readonly pending: readonly Act[];
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
  const read = readNormActs(records, atSeconds);
  const { terms, ceased, ignored } = read;
  return {
    id: terms.header.id,
    ...(terms.kind !== undefined && { kind: terms.kind }),
    ...(ceased !== undefined && { ceased }),
    unknown: terms.unknown,
    ...standingsOf(read, atSeconds),
    ignored,
  };
}

/** Record-types.md 8.10 to 8.14. */
export function standingsOf(
  { terms, acts: counted }: NormActs,
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
