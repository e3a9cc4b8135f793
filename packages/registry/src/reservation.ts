import { factOf, type RecordId } from '@comity/record';
import { type Act, isConsent } from './act.ts';
import { known } from './norm.ts';
import type { NormActs, SaidAct } from './norm-acts.ts';
import { afterTwelveMonths } from './twelve-months.ts';

/** The consent of a state that lasts, with all acts by which it consents. */
export interface LastingConsent {
  /** When its first act was known to others. */
  readonly knownAtSeconds: number;
  readonly acts: readonly Act[];
  /** When an earlier consent of the state ended. */
  readonly afterSeconds: number | undefined;
  /** When the signatures of the state were known. */
  readonly signedSeconds: readonly number[];
}

/** A reservation or an objection, with those that it narrows. */
export interface Statement {
  readonly act: Act;
  /** When the first of them was known to others. */
  readonly knownAtSeconds: number;
  /** Their ids, its own among them. */
  readonly ids: ReadonlySet<RecordId>;
}

/** A reservation as it stands against everybody. */
export interface Reservation extends Statement {
  /** From when the twelve months run; undefined where the consent does not confirm it. */
  readonly madeSeconds: number | undefined;
  /** Whether it was made after the consent. */
  readonly late: boolean;
}

/** Nobody knows of an act before its record is issued, whatever the record says of its effect (record-types.md 8.16). */
export function knownAtSecondsOf({ issuedAtSeconds, fromSeconds }: Act): number {
  return Math.max(issuedAtSeconds, fromSeconds);
}

/** From the acts in effect of one state, in order; undefined where it does not consent. */
export function lastingConsentOf(acts: readonly Act[]): LastingConsent | undefined {
  let open: Act[] = [];
  let afterSeconds: number | undefined;
  for (const act of acts) {
    if (isConsent(act)) open.push(act);
    if (act.act === 'withdraw' && open.length > 0) {
      open = [];
      afterSeconds = act.fromSeconds;
    }
  }
  const [first] = open;
  if (first === undefined) return undefined;
  const signedSeconds = acts.filter(({ act }) => act === 'sign').map(knownAtSecondsOf);
  return { knownAtSeconds: knownAtSecondsOf(first), acts: open, afterSeconds, signedSeconds };
}

/** An act with what it narrows: of whatever it narrows the time goes on (record-types.md 8.18). */
export function statementOf(act: Act, { said }: NormActs): Statement {
  const found = [said.get(act.id) as SaidAct];
  for (const later of found) {
    for (const id of later.view.header.supersedes) {
      const earlier = said.get(id);
      if (earlier !== undefined && !found.includes(earlier) && narrows(later, earlier)) found.push(earlier);
    }
  }
  return {
    act,
    knownAtSeconds: Math.min(...found.map((each) => knownAtSecondsOf(each.act))),
    ids: new Set(found.map((each) => each.act.id)),
  };
}

/** The reservation with the time at which it counts as made (record-types.md 8.17). */
export function reservationOf(statement: Statement, consent: LastingConsent, acts: NormActs): Reservation {
  const { ids, knownAtSeconds } = statement;
  const times = consent.acts
    .filter((act) => confirmedBy(act, acts).some((id) => ids.has(id)))
    .map(knownAtSecondsOf);
  if (knownAtSeconds >= consent.knownAtSeconds) times.push(knownAtSeconds);
  else if (standsForConsent(knownAtSeconds, consent)) times.push(consent.knownAtSeconds);
  const madeSeconds = times.length === 0 ? undefined : Math.min(...times);
  return {
    ...statement,
    madeSeconds,
    late: madeSeconds !== undefined && madeSeconds > consent.knownAtSeconds,
  };
}

/** Whether an objection comes before the silence of its state has become acceptance (record-types.md 8.19). */
export function isInTime(objection: Statement, madeSeconds: number, consent: LastingConsent): boolean {
  return (
    objection.knownAtSeconds < afterTwelveMonths(madeSeconds) ||
    objection.knownAtSeconds <= consent.knownAtSeconds
  );
}

/** Whether an act speaks of a provision. */
export function isOn({ provisions }: Act, provision: string): boolean {
  return provisions === undefined || provisions.includes(provision);
}

export function toReservationOf(act: Act, acts: NormActs): RecordId | undefined {
  return known(
    factOf((acts.said.get(act.id) as SaidAct).view, 'toReservation', (value) => value as RecordId),
  );
}

export function opposesEntry(act: Act, acts: NormActs): boolean {
  const fact = factOf((acts.said.get(act.id) as SaidAct).view, 'opposesEntry', (value) => value as boolean);
  return known(fact) ?? false;
}

function confirmedBy(act: Act, acts: NormActs): readonly RecordId[] {
  const { view } = acts.said.get(act.id) as SaidAct;
  return known(factOf(view, 'confirms', (value) => value as readonly RecordId[])) ?? [];
}

/** Whether a reservation from before a consent stands for it without confirmation: nobody had signed, or left, since. */
function standsForConsent(knownAtSeconds: number, { signedSeconds, afterSeconds }: LastingConsent): boolean {
  if (afterSeconds !== undefined && knownAtSeconds < afterSeconds) return false;
  return signedSeconds.every((atSeconds) => atSeconds > knownAtSeconds);
}

function narrows(later: SaidAct, earlier: SaidAct): boolean {
  const { act } = later;
  if (earlier.act.issuer !== act.issuer || earlier.act.act !== act.act) return false;
  // Whoever has withdrawn a reservation does not bring it back.
  if (earlier.cessation?.cause !== 'superseded' || earlier.cessation.atSeconds !== act.issuedAtSeconds) {
    return false;
  }
  const before = earlier.act.provisions;
  if (before !== undefined && act.provisions?.every((id) => before.includes(id)) !== true) return false;
  return act.act !== 'object' || saysNoMore(later, earlier);
}

/** Of two objections: to the same reservation, and no opposition that the earlier one does not have. */
function saysNoMore({ view }: SaidAct, earlier: SaidAct): boolean {
  const target = (of: SaidAct['view']) => known(factOf(of, 'toReservation', (value) => value as RecordId));
  const opposes = (of: SaidAct['view']) =>
    known(factOf(of, 'opposesEntry', (value) => value as boolean)) ?? false;
  return target(view) === target(earlier.view) && (!opposes(view) || opposes(earlier.view));
}
