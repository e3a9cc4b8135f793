import type { StateId, TextMap } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { Act } from './act.ts';
import type { CessationCause } from './cessation.ts';
import type { NormKind } from './norm.ts';
import { type NormActs, type NormRecords, readNormActs } from './norm-acts.ts';
import { type NormStatus, type StateStanding, standingsOf } from './norm-status.ts';
import { isOn } from './reservation.ts';
import type { StandingSince } from './standing.ts';
import { type TreatyBetween, treatyBetween } from './treaty-between.ts';
import { type UnknownFields, unknownBetween } from './unknown-between.ts';

/** What a state says about one provision of a voluntary norm. */
export interface ProvisionStance {
  readonly state: StateId;
  readonly endorsedSinceSeconds?: number;
  /** National positions, by their ids. */
  readonly positions: readonly RecordId[];
  readonly variances: readonly { readonly id: RecordId; readonly legalBasis?: TextMap }[];
}

/** One provision of a voluntary norm. A difference is a difference, and nothing else. */
export interface VoluntaryProvision {
  readonly provision: string;
  readonly stands: 'shared' | 'difference' | 'one-sided' | 'not-endorsed';
  /** In ascending order of state ids. */
  readonly stances: readonly ProvisionStance[];
}

/** What a norm is between two states at a time. */
export interface Between {
  readonly id: RecordId;
  readonly kind?: NormKind;
  readonly ceased?: CessationCause;
  /** In ascending order of state ids. */
  readonly states: readonly (StandingSince & { readonly state: StateId })[];
  readonly treaty?: TreatyBetween;
  readonly voluntary?: readonly VoluntaryProvision[];
  /** What the records do not show and would have to be known: the result is not certain where there is any. */
  readonly unknown: readonly UnknownFields[];
}

/**
 * What a norm is between two different states, provision by provision, at a time (record-types.md 8.16 to 8.24): a function
 * of the records, whatever the order in which they came and however often, and the same for both.
 *
 * @throws Fault as `mergeViews`, where two views of one record contradict each other
 */
export function whatBinds(
  records: NormRecords,
  stateA: StateId,
  stateB: StateId,
  atSeconds: number,
): Between {
  const read = readNormActs(records, atSeconds);
  const { terms, ceased } = read;
  const status = standingsOf(read, atSeconds);
  const pair = [stateA, stateB].sort().map((state) => standingOf(state, status));
  const provisions = provisionsOf(read, pair);
  return {
    id: terms.header.id,
    ...(terms.kind !== undefined && { kind: terms.kind }),
    ...(ceased !== undefined && { ceased }),
    states: pair.map(({ acts: _, pending: __, leavesAtSeconds: ___, ...standing }) => standing),
    ...(terms.kind === 'treaty' && { treaty: treatyBetween(read, status, pair, provisions, atSeconds) }),
    ...(terms.kind === 'voluntary' && {
      voluntary: provisions.map((id) => voluntaryProvision(id, pair)),
    }),
    unknown: unknownBetween(read, pair),
  };
}

function standingOf(state: StateId, { states }: Pick<NormStatus, 'states'>): StateStanding {
  return states.find((each) => each.state === state) ?? { state, standing: 'none', acts: [], pending: [] };
}

/** Those of the norm, and those that acts of the two name and the norm does not show; ascending. */
function provisionsOf({ terms }: NormActs, pair: readonly StateStanding[]): readonly string[] {
  const named = pair.flatMap(({ acts }) => acts.flatMap(({ provisions }) => provisions ?? []));
  return [...new Set([...terms.provisions.ids, ...named])].sort();
}

/** Record-types.md 8.23. */
function voluntaryProvision(provision: string, pair: readonly StateStanding[]): VoluntaryProvision {
  const stances = pair.map(({ state, acts }) => stanceOf(provision, state, acts));
  const endorsing = stances.filter(({ endorsedSinceSeconds }) => endorsedSinceSeconds !== undefined).length;
  const differs = stances.some(({ variances }) => variances.length > 0);
  if (endorsing < 2) return { provision, stands: endorsing === 1 ? 'one-sided' : 'not-endorsed', stances };
  return { provision, stands: differs ? 'difference' : 'shared', stances };
}

function stanceOf(provision: string, state: StateId, acts: readonly Act[]): ProvisionStance {
  const said = (word: string): Act[] => acts.filter((act) => act.act === word && isOn(act, provision));
  const [endorsement] = said('endorse');
  return {
    state,
    ...(endorsement !== undefined && { endorsedSinceSeconds: endorsement.fromSeconds }),
    positions: said('national-position')
      .map(({ id }) => id)
      .sort(),
    variances: said('declared-variance')
      .map(({ id, legalBasis }) => ({ id, ...(legalBasis !== undefined && { legalBasis }) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}
