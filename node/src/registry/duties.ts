import type { StateId } from '@comity/label';
import type { RecordId, View } from '@comity/record';
import { type Duty, deadlineProfileOf, type IncidentDuties, incidentDuties } from '@comity/registry';
import type { z } from 'zod';
import type { dutyResult } from '../operations/duty.ts';
import { formatTime, timeOrNull } from '../operations/shapes.ts';
import { codeOrId, stateOfCode } from '../peers/state-codes.ts';
import { findRecord } from '../records/find-record.ts';
import { titleText } from '../records/summary.ts';
import { handedTo } from '../release/audience.ts';
import type { Sovereign } from '../sovereign.ts';
import { lawOf } from './own-law.ts';

/** Records of incidents that are read for one state, the newest: what is older than these has no limit to come. */
const MAX_RECORDS = 10_000;

type Incident = z.input<typeof dutyResult>['incidents'][number];

/** The records of one incident that are held, with the duties that they add up to. */
export interface HeldIncident {
  /** Oldest first. */
  readonly views: readonly View[];
  readonly duties: IncidentDuties;
}

/**
 * The duties of the incidents of a state that are held here (duties.md), by their newest records: newest incidents first. Those
 * of exercises are not among them.
 *
 * @param subject of one incident; default: all
 */
export async function dutiesHeld(
  sovereign: Sovereign,
  state: StateId,
  subject?: string,
): Promise<HeldIncident[]> {
  const law = lawOf(sovereign, state);
  const views = await incidentsOf(sovereign, state, subject);
  const held: HeldIncident[] = [];
  for (const [of, incidents] of Map.groupBy(views, ({ header }) => header.subject)) {
    const retractions = await sovereign.registry.retractionsOf(incidents);
    const duties = incidentDuties(
      { issuer: state, subject: of, incidents, retractions },
      law,
      sovereign.now(),
    );
    held.push({ views: incidents.toReversed(), duties });
  }
  return held;
}

/** What `duty list` shows. @throws Fault record.not-found, record.ambiguous-id, peer.unknown */
export async function listDuties(
  sovereign: Sovereign,
  { incident, state: code }: { readonly incident?: string | undefined; readonly state?: string | undefined },
): Promise<Incident[]> {
  const about = incident === undefined ? undefined : (await findRecord(sovereign, incident)).view.header;
  const named = code === undefined ? sovereign.self.state : stateOfCode(sovereign, code);
  const held = await dutiesHeld(sovereign, about?.issuer ?? named, about?.subject);
  return Promise.all(held.map((each) => shown(sovereign, each)));
}

/** A duty that nobody has met, and its limit. */
export interface OpenDuty {
  readonly incident: string;
  readonly profile: string;
  readonly stage: string;
  readonly dueAtSeconds: number;
}

/** What this state has still to report, or has not reported in time and has not explained, by its limit. */
export async function openDuties(sovereign: Sovereign): Promise<OpenDuty[]> {
  const held = await dutiesHeld(sovereign, sovereign.self.state);
  return held
    .flatMap(({ duties: { subject, duties } }) =>
      duties.flatMap(({ profile, stage, status, dueAtSeconds, report }) =>
        dueAtSeconds !== undefined && report === undefined && (status === 'pending' || status === 'missed')
          ? [{ incident: subject, profile, stage, dueAtSeconds }]
          : [],
      ),
    )
    .sort((a, b) => a.dueAtSeconds - b.dueAtSeconds);
}

/** Newest first. */
async function incidentsOf({ registry }: Sovereign, issuer: StateId, subject?: string): Promise<View[]> {
  if (subject === undefined)
    return registry.views((await registry.idsOfType('incident', issuer)).slice(0, MAX_RECORDS));
  const about = await registry.about(`subject ${issuer} ${subject}`);
  return about.toSorted(({ header: one }, { header: other }) => other.issuedAtSeconds - one.issuedAtSeconds);
}

async function shown(sovereign: Sovereign, { views, duties }: HeldIncident): Promise<Incident> {
  const newest = views.at(-1) as View;
  const told = new Map<RecordId, Told>();
  for (const { report } of duties.duties)
    if (report !== undefined && !told.has(report.id)) told.set(report.id, await toldOf(sovereign, report.id));
  return {
    issuer: codeOrId(sovereign, duties.issuer),
    incident: duties.subject,
    newest: newest.header.id,
    title: titleText(newest),
    records: views.map(({ header }) => header.id),
    profiles: duties.profiles.map(({ profile, standing, named, assumed, by }) => ({
      ...{ profile, standing, named, assumed: [...assumed], by: by ?? null },
      title: deadlineProfileOf(profile)?.title ?? null,
    })),
    duties: duties.duties.map((duty) => dutyShown(duty, sovereign.now(), told)),
    unknown: [...duties.unknown],
  };
}

type Told = Incident['duties'][number]['told'];

/** Which peers were told, by their release ledgers, and of which entries they have given a receipt (ledger.md §5). */
async function toldOf(sovereign: Sovereign, record: RecordId): Promise<Told> {
  const { peers } = sovereign;
  const told: Told = [];
  for (const { state, code } of [...peers.all(), ...peers.unreadable()]) {
    const first = (await handedTo(sovereign, state, record)).find(({ content }) => content);
    if (first === undefined) continue;
    const { index, entry, receipted } = first;
    told.push({ peer: code, at: formatTime(entry.atSeconds), entry: index, receipted });
  }
  return told;
}

function dutyShown(
  duty: Duty,
  nowSeconds: number,
  told: ReadonlyMap<RecordId, Told>,
): Incident['duties'][number] {
  const { profile: id, stage, status, reason, anchor, dueAtSeconds, capAtSeconds, report } = duty;
  const profile = deadlineProfileOf(id);
  return {
    ...{ profile: id, stage, status, reason: reason ?? null },
    title: profile?.title ?? id,
    instrument: profile?.instrument ?? '',
    jurisdiction: profile?.jurisdiction ?? '',
    checked: profile?.checked ?? 'to-be-checked',
    event: anchor.event,
    countedFrom: timeOrNull(anchor.atSeconds),
    restated: anchor.restated,
    dueAt: timeOrNull(dueAtSeconds),
    secondsLeft: dueAtSeconds === undefined ? null : dueAtSeconds - nowSeconds,
    capAt: timeOrNull(capAtSeconds),
    report: report === undefined ? null : { record: report.id, at: formatTime(report.atSeconds) },
    explanation: duty.explanation ?? null,
    modifiers: [...duty.modifiers],
    told: (report === undefined ? undefined : told.get(report.id)) ?? [],
  };
}
