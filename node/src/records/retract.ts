import { Fault } from '@comity/fault';
import { effectiveLabel, type Label, type StateId } from '@comity/label';
import { headerOf, parseDraft, type RecordId, type View } from '@comity/record';
import { draftContext, type IssuedRecord, issueDrafts, sealDraft } from '../issue.ts';
import { formatTime, type RecordSummary } from '../operations/shapes.ts';
import { REMOVED } from '../peers/peers.ts';
import { planFor } from '../release/planned-releases.ts';
import { previewView } from '../release/preview.ts';
import type { Sovereign } from '../sovereign.ts';
import { findRecord } from './find-record.ts';
import { summarise } from './summary.ts';

export interface Retraction {
  readonly id: string;
  readonly reason: string;
  readonly language: string;
  readonly action: string;
  /** Only say whom it would reach. */
  readonly dryRun: boolean;
}

/** A peer that was released some of a record and is not told that it is withdrawn. */
interface Untold {
  readonly peer: string;
  readonly reason: string;
}

interface Retracted {
  /** The record that is withdrawn, as it is before. */
  readonly about: RecordSummary;
  readonly told: string[];
  readonly notTold: Untold[];
  readonly records: IssuedRecord[];
}

/**
 * Issues a retraction of an own record, in the exercise that the record is part of. It goes to those who were released any
 * part of that record, as far as label and policy allow, whatever limits are reached, and to nobody else: it names the record.
 * Whom they do not allow it to reach is said.
 *
 * @throws Fault record.not-own, record.retracted-already
 */
export function retractRecord(sovereign: Sovereign, retraction: Retraction): Promise<Retracted> {
  if (retraction.dryRun) return retractInTurn(sovereign, retraction);
  return sovereign.retractions.take(() => retractInTurn(sovereign, retraction));
}

async function retractInTurn(
  sovereign: Sovereign,
  { id, reason, language, action, dryRun }: Retraction,
): Promise<Retracted> {
  const { self, store, peers } = sovereign;
  const { stored, view } = await findRecord(sovereign, id);
  if (view.header.issuer !== self.state)
    throw new Fault('record.not-own', 'only the issuer may retract a record', {
      fields: { record: stored.id },
    });
  const earlier = (await store.records(stored.realm).retractionsOf(stored.id)).find(
    ({ bytes }) => headerOf(bytes).issuer === self.state,
  );
  if (earlier !== undefined)
    throw new Fault('record.retracted-already', 'the record is retracted already', {
      fields: { record: stored.id, retraction: earlier.id },
    });
  // The retraction says no more about the record than its envelope does now, to the same readers, now and later.
  const { exercise } = view.header;
  const draft = {
    type: 'retraction',
    retracts: stored.id,
    ...(exercise !== undefined && { exercise }),
    label: draftLabel(sovereign, effectiveLabel(view.header.label, sovereign.now())),
    content: { reason: { [language]: reason }, requestedAction: action },
  };
  const sealed = await sealDraft(sovereign, parseDraft(draft, await draftContext(sovereign)));
  const about = await summarise(sovereign, view);
  if (dryRun) {
    const told: string[] = [];
    for (const { state, code } of peers.all())
      if ((await planFor(sovereign, sealed, state)).releases.length > 0) told.push(code);
    return { about, told, notTold: await untold(sovereign, stored.id, sealed, told), records: [] };
  }
  // Who may be told that the record exists was accepted when it was issued.
  const records = await issueDrafts(sovereign, [draft], { acceptRelay: true }, () => {});
  const told = records.flatMap(({ released }) => released.map(({ peer }) => peer));
  return { about, told, notTold: await untold(sovereign, stored.id, sealed, told), records };
}

/** Peers that hold some of a record and are not among those who are told, with what keeps the retraction from them. */
async function untold(
  sovereign: Sovereign,
  id: RecordId,
  retraction: View,
  told: readonly string[],
): Promise<Untold[]> {
  const { peers, store } = sovereign;
  const holders: string[] = [];
  for (const { state, code } of peers.all()) {
    if (told.includes(code)) continue;
    const { ledgerIndexes } = await store.released(state, id);
    if (ledgerIndexes.length > 0) holders.push(code);
  }
  const outcomes = (await previewView(sovereign, retraction, holders)).peers;
  const withheld = outcomes.map(({ peer, envelope, parts }) => ({
    peer,
    // Where the envelope could go, no part of it may: then the reason is that of the parts.
    reason: envelope.outcome === 'withhold' ? envelope.reason : (parts[0]?.reason ?? envelope.reason),
  }));
  return [...withheld, ...(await unreadableHolders(sovereign, id))];
}

/** Holders about which nothing can be decided: they are no peers any more, or what is stored of them is refused. */
async function unreadableHolders({ peers, store }: Sovereign, id: RecordId): Promise<Untold[]> {
  const holders: Untold[] = [];
  for (const { state, code, fault } of peers.unreadable()) {
    const { ledgerIndexes } = await store.released(state, id);
    if (ledgerIndexes.length > 0) holders.push({ peer: code, reason: fault === REMOVED ? fault : 'faulty' });
  }
  return holders;
}

/** A label as it is written in a draft, with the successions that are still to come. */
export function draftLabel(
  sovereign: Pick<Sovereign, 'peers' | 'self'>,
  label: Label,
): Record<string, unknown> {
  const {
    scheme: _scheme,
    createdAtSeconds: _created,
    reviewAtSeconds: _review,
    succession,
    releasableTo,
    displayOnlyTo,
    ...rest
  } = label;
  return {
    ...rest,
    ...(releasableTo !== undefined && { releasableTo: codesOf(sovereign, releasableTo) }),
    ...(displayOnlyTo !== undefined && { displayOnlyTo: codesOf(sovereign, displayOnlyTo) }),
    ...(succession !== undefined && {
      succession: {
        at: formatTime(succession.atSeconds),
        label: overrideOf(label, draftLabel(sovereign, succession.label)),
      },
    }),
  };
}

/** A succession is written as an override: what the label before it has and it has not is dropped by name. */
function overrideOf(before: Label, successor: Record<string, unknown>): Record<string, unknown> {
  const { scheme: _scheme, createdAtSeconds: _c, reviewAtSeconds: _r, succession: _s, ...inherited } = before;
  const dropped = Object.keys(inherited).filter((key) => !(key in successor));
  return { ...successor, ...Object.fromEntries(dropped.map((key) => [key, null])) };
}

/** States by their codes; one that is no longer known here cannot be told anything. */
function codesOf({ peers, self }: Pick<Sovereign, 'peers' | 'self'>, states: readonly StateId[]): string[] {
  return states
    .map((state) => (state === self.state ? self.charter.code : peers.codeOf(state)))
    .filter((code) => code !== undefined);
}
