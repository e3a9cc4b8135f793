import { Fault } from '@comity/fault';
import { type StateId, textIn } from '@comity/label';
import { isRecordId, lookup, splitSubject, type View } from '@comity/record';
import {
  type Act,
  type Between,
  type NormRecords,
  normStatus,
  type ReservationOutcome,
  type StateStanding,
  whatBinds,
} from '@comity/registry';
import type { z } from 'zod';
import type { betweenTwo, normEntry, normResult } from '../operations/norm.ts';
import { formatTime, timeOrNull } from '../operations/shapes.ts';
import { codeOrId, stateOfCode } from '../peers/state-codes.ts';
import { findRecord } from '../records/find-record.ts';
import { titleText } from '../records/summary.ts';
import { retractionsOf, viewsOfType } from '../release/held-views.ts';
import type { Sovereign } from '../sovereign.ts';

type NormEntry = z.input<typeof normEntry>;
type Norm = z.input<typeof normResult>;

/** All records that say anything of norms, read once for however many of them. */
interface NormWorld {
  readonly norms: readonly View[];
  readonly commitments: readonly View[];
  readonly retractions: readonly View[];
}

/**
 * The norms that are held here, newest first, with what they add up to at a time (record-types.md §8). Those of exercises are not
 * among them.
 *
 * @param atSeconds UTC seconds
 */
export async function listNorms(sovereign: Sovereign, atSeconds: number): Promise<NormEntry[]> {
  const world = await readWorld(sovereign);
  return world.norms
    .filter(({ header }) => header.issuedAtSeconds <= atSeconds)
    .toSorted((a, b) => b.header.issuedAtSeconds - a.header.issuedAtSeconds)
    .map((norm) => entryOf(sovereign, norm, normStatus(recordsOf(world, norm), atSeconds)));
}

/**
 * Who stands where about a norm at a time; and between two states, what binds them or how they differ, provision by provision.
 *
 * @param named a record id or its first digits, or a subject such as `norm/hospitals`: then the newest of them by that time
 * @throws Fault record.not-found, record.ambiguous-id, peer.unknown
 */
export async function showNorm(
  sovereign: Sovereign,
  named: string,
  { atSeconds, between }: { readonly atSeconds: number; readonly between?: readonly string[] | undefined },
): Promise<Norm> {
  const world = await readWorld(sovereign);
  const norm = await normNamed(sovereign, world, named, atSeconds);
  const records = recordsOf(world, norm);
  const status = normStatus(records, atSeconds);
  const pair = between?.map((code) => stateOfCode(sovereign, code));
  return {
    ...entryOf(sovereign, norm, status),
    at: formatTime(atSeconds),
    provisions: provisionsOf(norm),
    unknown: [...status.unknown],
    standings: status.states.map((each) => standingShown(sovereign, each)),
    ignored: status.ignored
      // Another version of the norm only says that this one is superseded.
      .filter(
        ({ id, reason }) => reason !== 'other-type' || !world.norms.some(({ header }) => header.id === id),
      )
      .map(({ id, reason }) => ({ id, reason })),
    between:
      pair === undefined
        ? null
        : betweenShown(sovereign, whatBinds(records, pair[0] as StateId, pair[1] as StateId, atSeconds)),
  };
}

async function readWorld(sovereign: Sovereign): Promise<NormWorld> {
  const norms = await viewsOfType(sovereign, 'norm');
  const commitments = await viewsOfType(sovereign, 'commitment');
  const retractions = await retractionsOf(sovereign, [...norms, ...commitments]);
  return { norms, commitments, retractions };
}

function recordsOf({ norms, commitments, retractions }: NormWorld, norm: View): NormRecords {
  // A norm is superseded by another, which is heard for that alone.
  const others = norms.filter(({ header }) => header.supersedes.includes(norm.header.id));
  return { norm, commitments: [...commitments, ...others], retractions };
}

async function normNamed(
  sovereign: Sovereign,
  { norms }: NormWorld,
  named: string,
  atSeconds: number,
): Promise<View> {
  if (isRecordId(named) || !named.includes('/')) {
    const { view } = await findRecord(sovereign, named);
    const norm = norms.find(({ header }) => header.id === view.header.id);
    if (norm !== undefined) return norm;
    throw new Fault('record.not-found', `${named} is a record of the type ${view.header.type}, and no norm`, {
      fields: { id: view.header.id, type: view.header.type },
    });
  }
  const [newest] = norms
    .filter(({ header }) => header.subject === named && header.issuedAtSeconds <= atSeconds)
    .toSorted((a, b) => b.header.issuedAtSeconds - a.header.issuedAtSeconds);
  if (newest !== undefined) return newest;
  const isSubject = splitSubject(named)?.type === 'norm';
  throw new Fault(
    'record.not-found',
    isSubject ? `no ${named} is held here` : `${named} is no subject such as norm/hospitals`,
    { fields: { subject: named } },
  );
}

function entryOf(
  sovereign: Sovereign,
  norm: View,
  { kind, ceased, inForce, inForceFromSeconds, states }: ReturnType<typeof normStatus>,
): NormEntry {
  const counts = Map.groupBy(states, ({ standing }) => standing);
  return {
    id: norm.header.id,
    subject: norm.header.subject,
    issuer: codeOrId(sovereign, norm.header.issuer),
    title: titleText(norm),
    kind: kind ?? null,
    ceased: ceased ?? null,
    inForce: inForce ?? null,
    inForceFrom: timeOrNull(inForceFromSeconds),
    states: Object.fromEntries([...counts].map(([standing, each]) => [standing, each.length])),
    own: states.find(({ state }) => state === sovereign.self.state)?.standing ?? 'none',
  };
}

/** Ids and texts of those that are shown, in ascending order of ids: their order in the norm is not told. */
function provisionsOf(norm: View): Norm['provisions'] {
  const found = lookup(norm, 'provisions');
  if (found.status !== 'known' || !Array.isArray(found.value)) return [];
  return found.value
    .flatMap((provision: unknown) => {
      if (!(provision instanceof Map)) return [];
      const [id, text] = [provision.get('id'), provision.get('text')];
      if (typeof id !== 'string') return [];
      return [
        { id, text: text instanceof Map ? (Object.fromEntries(text) as Record<string, string>) : null },
      ];
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function standingShown(sovereign: Sovereign, each: StateStanding): Norm['standings'][number] {
  return {
    state: codeOrId(sovereign, each.state),
    standing: each.standing,
    since: timeOrNull(each.sinceSeconds),
    leavesAt: timeOrNull(each.leavesAtSeconds),
    acts: each.acts.map(actShown),
    pending: each.pending.map(actShown),
  };
}

function actShown({
  id,
  act,
  fromSeconds,
  provisions,
  legalBasis,
  ceased,
  unknown,
}: Act): Norm['standings'][number]['acts'][number] {
  return {
    ...{
      id,
      act,
      from: formatTime(fromSeconds),
      provisions: provisions === undefined ? null : [...provisions],
    },
    legalBasis: legalBasis === undefined ? null : textIn(legalBasis, 'en').text,
    ...{ ceased: ceased ?? null, unknown: [...unknown] },
  };
}

function betweenShown(
  sovereign: Sovereign,
  { states, treaty, voluntary, unknown }: Between,
): z.input<typeof betweenTwo> {
  return {
    states: states.map(({ state, standing, sinceSeconds }) => ({
      ...{ state: codeOrId(sovereign, state), standing, since: timeOrNull(sinceSeconds) },
    })),
    treaty:
      treaty === undefined
        ? null
        : {
            relation: treaty.relation,
            since: timeOrNull(treaty.sinceSeconds),
            inForceFrom: timeOrNull(treaty.inForceFromSeconds),
            opposedBy: [...treaty.opposedBy],
            aboutNoReservation: [...treaty.aboutNoReservation],
            provisions: treaty.provisions.map(({ provision, binds, reservations, interpretations }) => ({
              ...{ provision, binds, interpretations: [...interpretations] },
              reservations: reservations.map((each) => reservationShown(sovereign, each)),
            })),
          },
    voluntary:
      voluntary === undefined
        ? null
        : voluntary.map(({ provision, stands, stances }) => ({
            ...{ provision, stands },
            stances: stances.map(({ state, endorsedSinceSeconds, positions, variances }) => ({
              state: codeOrId(sovereign, state),
              endorsedSince: timeOrNull(endorsedSinceSeconds),
              positions: [...positions],
              variances: variances.map(({ id, legalBasis }) => ({
                ...{ id, legalBasis: legalBasis === undefined ? null : textIn(legalBasis, 'en').text },
              })),
            })),
          })),
    unknown: unknown.map(({ id, fields }) => ({ id, fields: [...fields] })),
  };
}

type ReservationShown = NonNullable<
  z.input<typeof betweenTwo>['treaty']
>['provisions'][number]['reservations'][number];

function reservationShown(sovereign: Sovereign, each: ReservationOutcome): ReservationShown {
  return {
    ...{ id: each.id, state: codeOrId(sovereign, each.state), outcome: each.outcome },
    ...{ since: timeOrNull(each.sinceSeconds), until: timeOrNull(each.untilSeconds) },
    ...{ objections: [...each.objections], tooLate: [...each.tooLate] },
  };
}
