import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { Act } from './act.ts';
import type { NormActs } from './norm-acts.ts';
import type { NormStatus, StateStanding } from './norm-status.ts';
import {
  isInTime,
  isOn,
  type LastingConsent,
  lastingConsentOf,
  opposesEntry,
  type Reservation,
  reservationOf,
  type Statement,
  statementOf,
  toReservationOf,
} from './reservation.ts';
import { afterTwelveMonths } from './twelve-months.ts';

/** What has become of a reservation of one state, as to one provision and the other state. */
export interface ReservationOutcome {
  readonly id: RecordId;
  /** The state that has made it. */
  readonly state: StateId;
  readonly outcome: 'accepted' | 'open' | 'objected' | 'unconfirmed' | 'late-open' | 'late-opposed';
  /** Of `accepted`: since when silence is acceptance. */
  readonly sinceSeconds?: number;
  /** Of `open` and `late-open`: until when silence is none. */
  readonly untilSeconds?: number;
  /** Objections that make it `objected` or `late-opposed`. */
  readonly objections: readonly RecordId[];
  /** Objections of the other state that came after its silence had become acceptance. */
  readonly tooLate: readonly RecordId[];
}

/** What binds two parties to a treaty as to one provision. */
export interface TreatyProvision {
  readonly provision: string;
  readonly binds: 'applies' | 'modified' | 'open' | 'excluded' | 'not-consented' | 'nothing';
  readonly reservations: readonly ReservationOutcome[];
  /** Of either state. They change nothing. */
  readonly interpretations: readonly RecordId[];
}

export interface TreatyBetween {
  readonly relation: 'bound' | 'entry-opposed' | 'not-both-bound' | 'not-in-force' | 'entry-not-stated';
  /** Of `bound`: since when both are. */
  readonly sinceSeconds?: number;
  /** Of `not-in-force`, where the threshold is reached: from when it will be. */
  readonly inForceFromSeconds?: number;
  /** Of `entry-opposed`: the objections that say so. */
  readonly opposedBy: readonly RecordId[];
  readonly provisions: readonly TreatyProvision[];
  /** Objections of the two that are about no reservation of the other that counts. */
  readonly aboutNoReservation: readonly RecordId[];
}

/** One state of the pair, and the reservations of the other with the objections of this one to each. */
interface Side {
  readonly standing: StateStanding;
  readonly reservations: readonly Reservation[];
  readonly consent: LastingConsent;
}

/** Record-types.md 8.16 to 8.22. `pair` and `status` are of the acts that `read` has. */
export function treatyBetween(
  read: NormActs,
  status: Pick<NormStatus, 'inForce' | 'inForceFromSeconds' | 'states'>,
  pair: readonly StateStanding[],
  provisions: readonly string[],
  atSeconds: number,
): TreatyBetween {
  const shared = {
    opposedBy: [],
    aboutNoReservation: aboutNoReservation(read, pair),
    provisions: provisions.map((provision) => ({
      provision,
      binds: 'nothing' as const,
      reservations: [],
      interpretations: interpretationsOf(provision, pair),
    })),
  };
  if (read.terms.threshold === undefined) return { relation: 'entry-not-stated', ...shared };
  if (status.inForce !== true) {
    const { inForceFromSeconds } = status;
    return {
      relation: 'not-in-force',
      ...(inForceFromSeconds !== undefined && { inForceFromSeconds }),
      ...shared,
    };
  }
  if (pair.some(({ standing }) => standing !== 'bound')) return { relation: 'not-both-bound', ...shared };

  const sides = pair.map((standing) => sideOf(standing, read));
  const judge = new Judge(read, status.states, atSeconds);
  const opposedBy = sides.flatMap((side, index) => judge.opposing(side, sides[1 - index] as Side)).sort();
  if (opposedBy.length > 0) return { relation: 'entry-opposed', ...shared, opposedBy };
  return {
    relation: 'bound',
    sinceSeconds: Math.max(...pair.map(({ sinceSeconds }) => sinceSeconds as number)),
    ...shared,
    provisions: shared.provisions.map((row) => {
      const reservations = sides
        .flatMap((side, index) => judge.outcomes(row.provision, side, sides[1 - index] as Side))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const consented = sides.every(({ consent }) => consent.acts.some((act) => isOn(act, row.provision)));
      return { ...row, binds: consented ? bindingOf(reservations) : 'not-consented', reservations };
    }),
  };
}

/** What becomes of reservations at a time. */
class Judge {
  private readonly read: NormActs;
  private readonly states: readonly StateStanding[];
  private readonly atSeconds: number;

  constructor(read: NormActs, states: readonly StateStanding[], atSeconds: number) {
    this.read = read;
    this.states = states;
    this.atSeconds = atSeconds;
  }

  /** Objections of the other side, in time, by which the treaty does not enter into force between the two. */
  opposing({ reservations }: Side, other: Side): readonly RecordId[] {
    return reservations
      .filter(({ late }) => !late)
      .flatMap((reservation) => this.objections(reservation, other).inTime)
      .filter(({ act }) => opposesEntry(act, this.read))
      .map(({ act }) => act.id);
  }

  /** Of each reservation of a side that speaks of a provision. */
  outcomes(provision: string, { reservations }: Side, other: Side): readonly ReservationOutcome[] {
    return reservations
      .filter(({ act }) => isOn(act, provision))
      .map((reservation) => {
        const { act, late } = reservation;
        const outcome = late ? this.lateOutcome(reservation) : this.outcome(provision, reservation, other);
        return { id: act.id, state: act.issuer, objections: [], tooLate: [], ...outcome };
      });
  }

  private outcome(
    provision: string,
    reservation: Reservation,
    other: Side,
  ): Partial<ReservationOutcome> & Pick<ReservationOutcome, 'outcome'> {
    const { madeSeconds } = reservation;
    if (madeSeconds === undefined) return { outcome: 'unconfirmed' };
    const { inTime, tooLate } = this.objections(reservation, other);
    const late = { tooLate: idsOn(provision, tooLate) };
    const objections = idsOn(provision, inTime);
    if (objections.length > 0) return { outcome: 'objected', objections, ...late };
    const silenceSeconds = Math.max(afterTwelveMonths(madeSeconds), other.consent.knownAtSeconds);
    return this.atSeconds < silenceSeconds
      ? { outcome: 'open', untilSeconds: silenceSeconds, ...late }
      : { outcome: 'accepted', sinceSeconds: silenceSeconds, ...late };
  }

  /** One objection of any state that consents is enough (record-types.md 8.20). */
  private lateOutcome(
    reservation: Reservation,
  ): Partial<ReservationOutcome> & Pick<ReservationOutcome, 'outcome'> {
    const endSeconds = afterTwelveMonths(reservation.madeSeconds as number);
    const objections = this.states
      .filter(({ state, acts }) => state !== reservation.act.issuer && lastingConsentOf(acts) !== undefined)
      .flatMap(({ acts }) => this.objectionsAmong(acts, reservation))
      .filter(({ knownAtSeconds }) => knownAtSeconds < endSeconds)
      .map(({ act }) => act.id)
      .sort();
    if (objections.length > 0) return { outcome: 'late-opposed', objections };
    return this.atSeconds < endSeconds
      ? { outcome: 'late-open', untilSeconds: endSeconds }
      : { outcome: 'accepted', sinceSeconds: endSeconds };
  }

  private objections(
    reservation: Reservation,
    { standing, consent }: Side,
  ): { readonly inTime: readonly Statement[]; readonly tooLate: readonly Statement[] } {
    const { madeSeconds } = reservation;
    if (madeSeconds === undefined) return { inTime: [], tooLate: [] };
    const all = this.objectionsAmong(standing.acts, reservation);
    return {
      inTime: all.filter((each) => isInTime(each, madeSeconds, consent)),
      tooLate: all.filter((each) => !isInTime(each, madeSeconds, consent)),
    };
  }

  private objectionsAmong(acts: readonly Act[], { ids }: Reservation): readonly Statement[] {
    return acts
      .filter((act) => act.act === 'object' && ids.has(toReservationOf(act, this.read) ?? ('' as RecordId)))
      .map((act) => statementOf(act, this.read));
  }
}

function sideOf(standing: StateStanding, read: NormActs): Side {
  // Who is bound consents.
  const consent = lastingConsentOf(standing.acts) as LastingConsent;
  const reservations = standing.acts
    .filter(({ act }) => act === 'reserve')
    .map((act) => reservationOf(statementOf(act, read), consent, read));
  return { standing, reservations, consent };
}

/** Record-types.md 8.21. */
function bindingOf(reservations: readonly ReservationOutcome[]): TreatyProvision['binds'] {
  const outcomes = new Set(reservations.map(({ outcome }) => outcome));
  if (outcomes.has('objected')) return 'excluded';
  if (outcomes.has('open')) return 'open';
  return outcomes.has('accepted') ? 'modified' : 'applies';
}

function interpretationsOf(provision: string, pair: readonly StateStanding[]): readonly RecordId[] {
  return pair
    .flatMap(({ acts }) => acts.filter((act) => act.act === 'interpret' && isOn(act, provision)))
    .map(({ id }) => id)
    .sort();
}

function aboutNoReservation(read: NormActs, pair: readonly StateStanding[]): readonly RecordId[] {
  const reservationIds = pair.map(
    ({ acts }) =>
      new Set(acts.filter(({ act }) => act === 'reserve').flatMap((act) => [...statementOf(act, read).ids])),
  );
  return pair
    .flatMap(({ acts }, index) =>
      acts.filter((act) => {
        if (act.act !== 'object') return false;
        const target = toReservationOf(act, read);
        return target === undefined || reservationIds[1 - index]?.has(target) !== true;
      }),
    )
    .map(({ id }) => id)
    .sort();
}

function idsOn(provision: string, statements: readonly Statement[]): readonly RecordId[] {
  return statements
    .filter(({ act }) => isOn(act, provision))
    .map(({ act }) => act.id)
    .sort();
}
