import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
import { type EntryNote, type StoredRecord, TABLES, WriteSet } from '@comity/store';
import type { Emit } from './control/operation.ts';
import { nameOf } from './events.ts';
import type { Peer } from './peers.ts';
import type { PlannedRelease } from './release.ts';
import { REVISION_SETTING } from './revision.ts';
import type { Sovereign } from './sovereign.ts';
import { openStored } from './stored-view.ts';

/** Setting: peers whose ledgers may lack entries, because a run of `reconcile` has not ended yet. */
const PENDING_SETTING = 'reconcile-pending';
/** Records looked at between two commits. */
const RECORDS_PER_COMMIT = 256;

/**
 * Makes a change that decisions depend on (policy, recognition, suspension): stored together with the next revision and
 * the note that ledgers are to be reconciled, then in force. A crash in between is made good at the next start.
 */
export async function reviseDoor(sovereign: Sovereign, set: WriteSet, putInForce: () => void): Promise<void> {
  const revision = sovereign.door.revision + 1;
  set.put(TABLES.settings, [REVISION_SETTING], revision).put(TABLES.settings, [PENDING_SETTING], true);
  await sovereign.store.commit(set);
  putInForce();
  sovereign.door.revision = revision;
}

/** Runs `reconcile` where an earlier run did not end. */
export async function resumeReconcile(sovereign: Sovereign, emit: Emit): Promise<void> {
  if ((await sovereign.store.get(TABLES.settings, [PENDING_SETTING])) === true)
    await reconcile(sovereign, sovereign.peers.all(), emit);
}

/**
 * Goes through all records and appends to each peer's ledger what is to be handed to it and is not yet in there. What is in
 * there already is found again, so that running it twice adds nothing.
 */
export async function reconcile(
  sovereign: Sovereign,
  peers: readonly Peer[],
  emit: Emit,
): Promise<{ peer: string; entries: number }[]> {
  const { store } = sovereign;
  const counts = new Map<StateId, number>(peers.map(({ state }) => [state, 0]));
  let done = 0;
  let pending: StoredRecord[] = [];
  const flush = async (): Promise<void> => {
    const planned = await planStored(sovereign, pending, peers);
    for (const { peer } of planned) counts.set(peer, (counts.get(peer) ?? 0) + 1);
    await commitReleases(sovereign, planned);
    done += pending.length;
    pending = [];
    emit({ progress: 'releasing', done });
  };
  // Exercise records are released in exercise mode only; the real realm is all there is to reconcile.
  for await (const chunk of store.records('real').byArrival()) {
    for (const record of chunk) {
      pending.push(record);
      if (pending.length >= RECORDS_PER_COMMIT) await flush();
    }
  }
  await flush();
  await store.commit(new WriteSet().put(TABLES.settings, [PENDING_SETTING], false));
  return peers.map(({ state, code }) => ({ peer: code, entries: counts.get(state) ?? 0 }));
}

/** What is to be released of stored records. */
export async function planStored(
  sovereign: Sovereign,
  records: readonly StoredRecord[],
  peers: readonly Peer[],
): Promise<PlannedRelease[]> {
  if (sovereign.policy === undefined) return [];
  const planned: PlannedRelease[] = [];
  for (const record of records) {
    const view = openStored(sovereign, record);
    const sources = new Set(record.sources.map(({ peer }) => peer));
    for (const { state } of peers) {
      // A peer that gave us the record has it; what others know of it, its originator gives it.
      if (sources.has(state)) continue;
      planned.push(...(await planFor(sovereign, view, state)));
    }
  }
  return planned;
}

async function planFor(sovereign: Sovereign, view: View, peer: StateId): Promise<PlannedRelease[]> {
  const first = sovereign.door.plan(view, peer, new Set());
  if (first.length === 0) return first;
  const { digests } = await sovereign.store.released(peer, view.header.id);
  return digests.size === 0 ? first : sovereign.door.plan(view, peer, digests);
}

/** Adds planned releases to a set: a ledger entry and an audit line each. */
export function addReleases(sovereign: Sovereign, set: WriteSet, planned: readonly PlannedRelease[]): void {
  for (const { peer, entry, leaf, note, recordId } of planned) {
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

async function commitReleases(sovereign: Sovereign, planned: readonly PlannedRelease[]): Promise<void> {
  if (planned.length === 0) return;
  const set = new WriteSet();
  addReleases(sovereign, set, planned);
  await sovereign.store.commit(set);
  announceReleases(sovereign, planned);
}
