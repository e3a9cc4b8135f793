// What norm.between is given, and what it says (record-types.md 8.16 to 8.24, 10.4).

import { encoded, valid } from '../record/inputs.ts';
import type { RecordText } from '../record/text.ts';
import { arcadia, borealis, type State } from '../states.ts';
import type { Json, ValidCase } from '../vector.ts';
import { type Given, STATUS_GRAMMAR, statusInput } from './norm-inputs.ts';
import { english } from './norm-records.ts';

export const BETWEEN_GRAMMAR = STATUS_GRAMMAR;

export interface Pair extends Given {
  readonly pair?: readonly [State, State];
}

export function betweenInput({ pair = [arcadia, borealis], ...given }: Pair): ValidCase['in'] {
  return { ...statusInput(given), stateA: pair[0].idText, stateB: pair[1].idText };
}

export interface ExpectedReservation {
  readonly of: RecordText;
  readonly by?: State;
  readonly outcome: string;
  readonly since?: number;
  readonly until?: number;
  readonly objections?: readonly RecordText[];
  readonly tooLate?: readonly RecordText[];
}

/** A provision and what binds, with the reservations about it. */
export type ExpectedRow = readonly [
  provision: string,
  binds: string,
  reservations?: readonly ExpectedReservation[],
  interpretations?: readonly RecordText[],
];

export interface ExpectedTreaty {
  readonly relation: string;
  readonly since?: number;
  readonly inForceFrom?: number;
  readonly opposedBy?: readonly RecordText[];
  readonly aboutNone?: readonly RecordText[];
  readonly rows?: readonly ExpectedRow[];
  /** Of each state of the pair its standing, and since when. Default: both are bound since `since`. */
  readonly standings?: readonly (readonly [standing: string, since?: number])[];
  readonly unknown?: readonly (readonly [of: RecordText, ...fields: readonly string[]])[];
}

const ids = (texts: readonly RecordText[] = []): readonly Json[] => texts.map(({ idText }) => idText).sort();

export function betweenCase(
  comment: string,
  given: Pair & { readonly norm: RecordText },
  expected: ExpectedTreaty,
): ValidCase {
  const { relation, since, inForceFrom, opposedBy, aboutNone, rows = [] } = expected;
  return valid(comment, betweenInput(given), {
    ...shared(given, 'treaty', expected),
    treaty: {
      relation,
      opposedBy: ids(opposedBy),
      aboutNoReservation: ids(aboutNone),
      ...(since !== undefined && { sinceSeconds: since }),
      ...(inForceFrom !== undefined && { inForceFromSeconds: inForceFrom }),
      provisions: rows.map(([provision, binds, reservations = [], interpretations = []]) => ({
        ...{ provision, binds, interpretations: ids(interpretations) },
        reservations: reservations
          .map(({ of, by = arcadia, outcome, since: from, until, objections, tooLate }) => ({
            ...{ id: of.idText, state: by.idText, outcome },
            ...(from !== undefined && { sinceSeconds: from }),
            ...(until !== undefined && { untilSeconds: until }),
            ...{ objections: ids(objections), tooLate: ids(tooLate) },
          }))
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      })),
    },
  });
}

export interface ExpectedStance {
  readonly endorsedSince?: number;
  readonly positions?: readonly RecordText[];
  readonly variances?: readonly { readonly of: RecordText; readonly legalBasis?: string }[];
}

export interface ExpectedVoluntary {
  readonly standings: readonly (readonly [standing: string, since?: number])[];
  readonly rows: readonly (readonly [
    provision: string,
    stands: string,
    first: ExpectedStance,
    second: ExpectedStance,
  ])[];
  readonly unknown?: NonNullable<ExpectedTreaty['unknown']>;
}

export function voluntaryCase(
  comment: string,
  given: Pair & { readonly norm: RecordText },
  expected: ExpectedVoluntary,
): ValidCase {
  const { pair = [arcadia, borealis] } = given;
  return valid(comment, betweenInput(given), {
    ...shared(given, 'voluntary', expected),
    voluntary: expected.rows.map(([provision, stands, ...stances]) => ({
      ...{ provision, stands },
      stances: inOrder(
        stances.map(({ endorsedSince, positions, variances = [] }, index) => ({
          state: (pair[index] as State).idText,
          ...(endorsedSince !== undefined && { endorsedSinceSeconds: endorsedSince }),
          positions: ids(positions),
          variances: variances.map(({ of, legalBasis }) => ({
            id: of.idText,
            ...(legalBasis !== undefined && { legalBasis: encoded(english(legalBasis)) }),
          })),
        })),
      ),
    })),
  });
}

function shared(
  { norm: about, pair = [arcadia, borealis] }: Pair & { readonly norm: RecordText },
  kind: string,
  {
    since,
    standings = bothSince(since),
    unknown = [],
  }: Pick<ExpectedTreaty, 'since' | 'standings' | 'unknown'>,
): { readonly [member: string]: Json } {
  return {
    id: about.idText,
    kind,
    states: inOrder(
      standings.map(([standing, from], index) => ({
        ...{ state: (pair[index] as State).idText, standing },
        ...(from !== undefined && { sinceSeconds: from }),
      })),
    ),
    unknown: unknown
      .map(([{ idText: id }, ...fields]) => ({ id, fields }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function bothSince(since: number | undefined): NonNullable<ExpectedTreaty['standings']> {
  const standing = since === undefined ? (['bound'] as const) : (['bound', since] as const);
  return [standing, standing];
}

function inOrder<T extends { readonly state: string }>(of: readonly T[]): readonly T[] {
  return [...of].sort((a, b) => (a.state < b.state ? -1 : 1));
}
