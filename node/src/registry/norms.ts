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
  type SubjectText,
  whatBinds,
} from '@comity/registry';
import type { z } from 'zod';
import type { betweenTwo, normEntry, normResult } from '../operations/norm.ts';
import { formatTime, timeOrNull } from '../operations/shapes.ts';
import { codeOrId, stateOfCode } from '../peers/state-codes.ts';
import { findRecord } from '../records/find-record.ts';
import { titleText } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';

type NormEntry = z.input<typeof normEntry>;
type Norm = z.input<typeof normResult>;

/**
 * The norms that are held here, newest first, with what they add up to at a time (record-types.md §8). Those of exercises are not
 * among them.
 *
 * @param atSeconds UTC seconds
 */
export async function listNorms(sovereign: Sovereign, atSeconds: number): Promise<NormEntry[]> {
  const norms = await heldNorms(sovereign);
  const entries: NormEntry[] = [];
  for (const norm of norms) {
    if (norm.header.issuedAtSeconds > atSeconds) continue;
    const status = normStatus(await recordsOf(sovereign, norm), atSeconds);
    entries.push(entryOf(sovereign, norm, status));
  }
  return entries;
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
  const norms = await heldNorms(sovereign);
  const norm = await normNamed(sovereign, norms, named, atSeconds);
  const records = await recordsOf(sovereign, norm);
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
      .filter(({ id, reason }) => reason !== 'other-type' || !norms.some(({ header }) => header.id === id))
      .map(({ id, reason }) => ({ id, reason })),
    between:
      pair === undefined
        ? null
        : betweenShown(sovereign, whatBinds(records, pair[0] as StateId, pair[1] as StateId, atSeconds)),
  };
}

/** All norms that are held here, newest first. */
async function heldNorms({ registry }: Sovereign): Promise<View[]> {
  return registry.views(await registry.idsOfType('norm'));
}

/** What is held that says anything of a norm, and what has become of that. */
async function recordsOf({ registry }: Sovereign, norm: View): Promise<NormRecords> {
  const { id, subject } = norm.header;
  // What does not show which norm it is about may be about this one.
  const said = await registry.about(`norm ${id}`, `norm ${subject}`, 'norm ?');
  const found = new Map([norm, ...said].map((view) => [view.header.id, view]));
  for (let news = [...found.values()]; news.length > 0; ) {
    const about = await registry.about(...news.map(({ header }): SubjectText => `record ${header.id}`));
    // A norm that supersedes another is heard for that alone, and so is what now says something of another norm.
    news = about.filter(({ header }) => ENDING.has(header.type) && !found.has(header.id));
    for (const view of news) found.set(view.header.id, view);
  }
  const others = [...found.values()].filter((view) => view !== norm);
  return {
    norm,
    commitments: others.filter(
      ({ header }) => header.type === 'commitment' || header.supersedes.includes(id),
    ),
    retractions: others.filter(({ header }) => header.retracts !== undefined),
  };
}

/** Types of records that say of a norm or a commitment that it has ended. */
const ENDING: ReadonlySet<string> = new Set(['norm', 'commitment', 'retraction']);

async function normNamed(
  sovereign: Sovereign,
  norms: readonly View[],
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
  const newest = norms.find(({ header }) => header.subject === named && header.issuedAtSeconds <= atSeconds);
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
