import { toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { type RecordId, recordAbout, type View } from '@comity/record';
import type { EntryNote, StoredRecord, WriteSet } from '@comity/store';
import { nameOf } from '../events.ts';
import type { Peer } from '../peers/peers.ts';
import { type GivenParts, givenBy, NONE_GIVEN, openReadable } from '../records/stored-view.ts';
import type { Sovereign } from '../sovereign.ts';
import { addDue } from './due.ts';
import { type Grounds, groundsOf, hasStatements } from './grounds.ts';
import { distinctWays, heldFor, noteHeld } from './holds.ts';
import { planRelease } from './plan-release.ts';
import type { AskedFor, Plan, PlannedRelease } from './planned-release.ts';
import { tellingOf } from './tells-of.ts';

/** A stored record that opened, and the peers that may be told of it here. */
interface Candidate {
  readonly view: View;
  readonly others: readonly { readonly state: StateId; readonly gave: GivenParts }[];
}

/**
 * Adds to a set what is to be released of stored records, and when they are to be looked at again. In whatever order the
 * records are given, one that tells of another is decided about after that; and whoever is handed a record that
 * was withdrawn before is told so in the same commit.
 *
 * @param before what is released in the same commit already
 */
export async function planStored(
  sovereign: Sovereign,
  set: WriteSet,
  records: readonly StoredRecord[],
  peers: readonly Peer[],
  before: readonly PlannedRelease[] = [],
): Promise<PlannedRelease[]> {
  if (sovereign.policy === undefined) return [];
  const candidates = new Map<RecordId, Candidate>();
  const all = [...before];
  const ordered = afterWhatTheyName(candidates, candidatesOf(sovereign, candidates, records, peers));
  // Grows while it is gone through: by what tells of what is handed over.
  for (const { view, others } of ordered) {
    addDue(sovereign, set, view);
    const { length } = all;
    for (const { state, gave } of others) {
      const { releases, held } = await planFor(sovereign, view, state, { before: all, gave });
      // Nothing may be told of what waits then, either: all of it is looked at again when that is over.
      if (sovereign.door.isHeld(state)) continue;
      all.push(...releases);
      const goes = releases.flatMap(({ entry }) => entry.disclosures.map(toHex));
      await noteHeld(sovereign, set, view, state, held, { goes: gave === 'all' ? goes : [...goes, ...gave] });
    }
    if (all.length === length) continue;
    const telling = await tellingOf(sovereign, view.header.id);
    ordered.push(...candidatesOf(sovereign, candidates, telling, peers));
  }
  const planned = all.slice(before.length);
  addReleases(sovereign, set, planned);
  return planned;
}

/**
 * Adds to a set what tells of what is released in it to a peer otherwise than unasked. Whoever is handed a record in answer to
 * a question was not told before that it is withdrawn, or who lets it go: it had none of it.
 */
export async function planTellingOf(
  sovereign: Sovereign,
  set: WriteSet,
  peer: Peer,
  released: readonly PlannedRelease[],
): Promise<PlannedRelease[]> {
  const ids = new Set(released.map(({ recordId }) => recordId));
  const telling = await Promise.all([...ids].map((id) => tellingOf(sovereign, id)));
  // One that is itself among what is released goes out with that.
  const others = telling.flat().filter(({ id }) => !ids.has(id));
  return planStored(sovereign, set, others, [peer], released);
}

/** Opens those of the records that are not among the candidates yet, and adds them there. */
function candidatesOf(
  sovereign: Sovereign,
  candidates: Map<RecordId, Candidate>,
  records: readonly StoredRecord[],
  peers: readonly Peer[],
): Candidate[] {
  const added: Candidate[] = [];
  for (const record of records) {
    if (candidates.has(record.id)) continue;
    // What a peer gave us it has; what nobody else gave us goes to it only where it asks for it.
    const others = peers
      .map(({ state }) => ({ state, gave: givenBy(record, state) }))
      .filter(({ state, gave }) => gave !== 'all' || sovereign.holds.mayHold(state));
    // Opening a record verifies its signature: not where there is nobody to decide about.
    if (others.length === 0) continue;
    const view = openReadable(sovereign, record);
    // A record that does not open is handed to nobody, and holds up no other.
    if (view === undefined) continue;
    const candidate = { view, others };
    candidates.set(record.id, candidate);
    added.push(candidate);
  }
  return added;
}

/** Candidates as they came, but each after the one that it withdraws or is about. A record cannot name one that is made after it. */
function afterWhatTheyName(
  candidates: ReadonlyMap<RecordId, Candidate>,
  given: readonly Candidate[],
): Candidate[] {
  const ordered = new Set<Candidate>();
  for (const candidate of given) {
    const naming: Candidate[] = [];
    let next: Candidate | undefined = candidate;
    while (next !== undefined && !ordered.has(next)) {
      naming.push(next);
      const { header }: { readonly header: View['header'] } = next.view;
      const named: RecordId | undefined = header.retracts ?? recordAbout(header);
      next = named === undefined ? undefined : candidates.get(named);
    }
    for (const each of naming.reverse()) ordered.add(each);
  }
  return [...ordered];
}

/**
 * What waits, and what officers have decided about before: what one of them has rejected is in the queue no longer, and has been
 * asked for all the same. It waits again when that ends or is taken back.
 */
function withDecided(queued: readonly AskedFor[], { approvals = [] }: Grounds): AskedFor[] {
  // What goes unasked is looked at anyway, and a letter is written once.
  const decided = approvals
    .filter(({ mode }) => mode === 'query')
    .map(({ purpose }): AskedFor => ({ mode: 'query', purpose }));
  return distinctWays([...queued, ...decided]);
}

/** What of one record goes to one peer and what waits, with what it was decided on; that is left out where nothing had to be decided. */
export type GroundedPlan = Plan & { readonly grounds?: Grounds };

const NOTHING: GroundedPlan = { releases: [], held: [] };
/**
 * What is to be released of one record to one peer, beside what was, and what of it waits, also to answer a question.
 *
 * @param before what is released in the same commit: a retraction also concerns those who are handed its record by it
 * @param gave what the peer has given this state of the record: it is not handed that but where it has asked for it
 */
export async function planFor(
  sovereign: Sovereign,
  view: View,
  peer: StateId,
  {
    before = [],
    gave = NONE_GIVEN,
  }: { readonly before?: readonly PlannedRelease[]; readonly gave?: GivenParts } = {},
): Promise<GroundedPlan> {
  const { door, store } = sovereign;
  const gaveIt = gave === 'all';
  const queued = await heldFor(sovereign, view, peer);
  if (gaveIt && queued.length === 0 && !(await hasStatements(store))) return NOTHING;
  const grounds = await groundsOf(sovereign, view, peer, { planned: before });
  const asked = withDecided(queued, grounds);
  if (gaveIt && asked.length === 0) return NOTHING;
  const wanted = { asked, gave };
  const first = planRelease(sovereign, view, peer, grounds, new Set(), wanted);
  if (first.releases.length === 0 && first.held.length === 0) return { ...NOTHING, grounds };
  const now = before.filter((each) => each.peer === peer).map(({ recordId }) => recordId);
  if (!(await door.concerns(view, peer, new Set(now)))) return { ...NOTHING, grounds };
  const { digests } = await store.released(peer, view.header.id);
  const plan = digests.size === 0 ? first : planRelease(sovereign, view, peer, grounds, digests, wanted);
  return { ...plan, grounds };
}

/** Adds planned releases to a set: a ledger entry and an audit line each. */
export function addReleases(sovereign: Sovereign, set: WriteSet, planned: readonly PlannedRelease[]): void {
  for (const { peer, entry, leaf, note, recordId, by } of planned) {
    set.append(`ledger/out/${peer}`, [
      { leaf, note: [note.revision, note.untilSeconds] satisfies EntryNote },
    ]);
    set.audit({
      atSeconds: entry.atSeconds,
      event: 'released',
      fields: {
        peer,
        record: recordId,
        parts: entry.disclosures.length,
        mode: entry.mode,
        purpose: entry.purpose,
        policy: sovereign.policy?.digest ?? '',
        rules: by.rules,
        ...(by.grants.length > 0 && { grants: by.grants }),
        ...(by.officers.length > 0 && { officers: by.officers }),
        ...(by.withheld.parts > 0 && { withheld: by.withheld.parts, paths: by.withheld.paths }),
      },
    });
  }
}

/** Says in the log what was released, once it is durable, and wakes whoever streams the ledgers. */
export function announceReleases(sovereign: Sovereign, planned: readonly PlannedRelease[]): void {
  for (const { peer, entry, recordId } of planned) {
    sovereign.events.emit('released', {
      peer: nameOf(peer, sovereign.peers.codeOf(peer)),
      record: recordId,
      parts: entry.disclosures.length,
      mode: entry.mode,
    });
  }
  sovereign.growth.notify(new Set(planned.map(({ peer }) => peer)));
}

/** Commits planned releases with everything else in the set, and then says so. */
export async function commitReleases(
  sovereign: Sovereign,
  set: WriteSet,
  planned: readonly PlannedRelease[],
): Promise<void> {
  if (set.isEmpty) return;
  await sovereign.store.commit(set);
  announceReleases(sovereign, planned);
}
