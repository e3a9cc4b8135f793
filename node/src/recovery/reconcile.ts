import { toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { decodeLedgerEntry } from '@comity/log';
import type { RecordId } from '@comity/record';
import { type LogEntry, type StoredRecord, TABLES, WriteSet } from '@comity/store';
import type { Emit } from '../control/operation.ts';
import type { Peer } from '../peers/peers.ts';
import { forgetHolds } from '../release/holds.ts';
import { commitReleases, planStored } from '../release/planned-releases.ts';
import { REVISION_SETTING } from '../release/revision.ts';
import type { Sovereign } from '../sovereign.ts';

/** Setting: peers whose ledgers may lack entries, because a run of `reconcile` has not ended yet. */
const PENDING_SETTING = 'reconcile-pending';
/** Records looked at between two commits. */
const RECORDS_PER_COMMIT = 256;

/** Runs of `reconcile` that are not over: those of this process, and what an earlier one left to be made good. */
interface Owed {
  runs: number;
  isInherited: boolean;
}

const owed = new WeakMap<Sovereign, Owed>();

/**
 * Makes a change that decisions depend on (policy, recognition, suspension): stored together with the next revision and
 * the note that ledgers are to be reconciled, then in force. A crash in between is made good at the next start. After each
 * call comes a run of `reconcile`.
 *
 * @param change made in the turn where it is a function: for what depends on what was released up to then
 */
export function reviseDoor(
  sovereign: Sovereign,
  change: WriteSet | (() => Promise<WriteSet>),
  putInForce: () => void,
): Promise<void> {
  return sovereign.releases.take(async () => {
    const owing = await owedBy(sovereign);
    const set = change instanceof WriteSet ? change : await change();
    const revision = sovereign.door.revision + 1;
    set.put(TABLES.settings, [REVISION_SETTING], revision).put(TABLES.settings, [PENDING_SETTING], true);
    await sovereign.store.commit(set);
    owing.runs += 1;
    putInForce();
    sovereign.door.revision = revision;
  });
}

/** Runs `reconcile` where an earlier process did not end it. */
export async function resumeReconcile(sovereign: Sovereign, emit: Emit, signal?: AbortSignal): Promise<void> {
  const owing = await sovereign.releases.take(() => owedBy(sovereign));
  if (!owing.isInherited) return;
  await releaseMissing(sovereign, sovereign.peers.all(), emit, signal);
  // Counted only now: a run that failed is begun anew, and is still one.
  owing.runs += 1;
  owing.isInherited = false;
  await settle(sovereign);
}

/** To be called in a turn. */
async function owedBy(sovereign: Sovereign): Promise<Owed> {
  const known = owed.get(sovereign);
  if (known !== undefined) return known;
  const isInherited = (await sovereign.store.get(TABLES.settings, [PENDING_SETTING])) === true;
  const owing = { runs: 0, isInherited };
  owed.set(sovereign, owing);
  return owing;
}

/** A run has ended. The note goes with the last one: one that ends early must not hide that another is still at work. */
function settle(sovereign: Sovereign): Promise<void> {
  return sovereign.releases.take(async () => {
    const owing = await owedBy(sovereign);
    owing.runs -= 1;
    if (owing.runs > 0 || owing.isInherited) return;
    await sovereign.store.commit(new WriteSet().put(TABLES.settings, [PENDING_SETTING], false));
  });
}

/**
 * Goes through all records and appends to each peer's ledger what is to be handed to it and is not yet in there. What is in
 * there already is found again, so that running it twice adds nothing. One that is aborted throws, and is still owed.
 */
export async function reconcile(
  sovereign: Sovereign,
  peers: readonly Peer[],
  emit: Emit,
  signal?: AbortSignal,
): Promise<Reconciled[]> {
  const released = await releaseMissing(sovereign, peers, emit, signal);
  await settle(sovereign);
  return released;
}

/**
 * As `reconcile`, after a change of the terms with one state: for what is to be handed to it, and for what others are to be
 * handed of its records, which the equivalence with it decides as well.
 *
 * @returns what was released to that state
 */
export async function reconcileWith(
  sovereign: Sovereign,
  peer: Peer,
  emit: Emit,
  signal?: AbortSignal,
): Promise<Reconciled> {
  const { peers, door } = sovereign;
  const entries = await releaseMissing(sovereign, [peer], emit, signal);
  // A policy that begins to hand on goes through all records itself.
  if (door.purposes('relay').length > 0) {
    const others = peers.all().filter(({ state }) => state !== peer.state);
    await releaseMissing(sovereign, others, emit, signal, peer.state);
  }
  await settle(sovereign);
  return entries[0] ?? { peer: peer.code, entries: 0 };
}

/** How many entries a peer's ledger has got. */
interface Reconciled {
  readonly peer: string;
  readonly entries: number;
}

/**
 * As `reconcile`, where no change of the rules is behind it.
 *
 * @param issuer whose records alone are looked at
 */
export async function releaseMissing(
  sovereign: Sovereign,
  peers: readonly Peer[],
  emit: Emit,
  signal?: AbortSignal,
  issuer?: StateId,
): Promise<Reconciled[]> {
  const counts = new Map<StateId, number>(peers.map(({ state }) => [state, 0]));
  let done = 0;
  let pending: StoredRecord[] = [];
  const flush = async (): Promise<void> => {
    signal?.throwIfAborted();
    const records = pending;
    await sovereign.releases.take(async () => {
      const set = new WriteSet();
      const planned = await planStored(sovereign, set, records, peers);
      for (const { peer } of planned) counts.set(peer, (counts.get(peer) ?? 0) + 1);
      await commitReleases(sovereign, set, planned);
    });
    done += pending.length;
    pending = [];
    emit({ progress: 'releasing', done });
  };
  for await (const chunk of peers.length === 0 ? [] : storedRecords(sovereign, issuer)) {
    for (const record of chunk) {
      pending.push(record);
      if (pending.length >= RECORDS_PER_COMMIT) await flush();
    }
  }
  await flush();
  if (issuer === undefined) await forgetLostHolds(sovereign, peers, signal);
  return peers.map(({ state, code }) => ({ peer: code, entries: counts.get(state) ?? 0 }));
}

/** Takes off what waits of records that are not here any more: nothing else looks at it again, and people would be shown a number too many. */
async function forgetLostHolds(
  sovereign: Sovereign,
  peers: readonly Peer[],
  signal?: AbortSignal,
): Promise<void> {
  const { store, holds, releases } = sovereign;
  for (const { state } of peers) {
    let waiting: RecordId[] = [];
    const look = async (): Promise<void> => {
      signal?.throwIfAborted();
      const found = await store.records('real').arrivalsOf(waiting);
      const lost = waiting.filter((_, place) => found[place] === undefined);
      waiting = [];
      if (lost.length === 0) return;
      await releases.take(async () => {
        const set = new WriteSet();
        // In its turn: it may have come back.
        const here = await store.records('real').arrivalsOf(lost);
        const gone = lost.filter((_, place) => here[place] === undefined);
        for (const record of gone) await forgetHolds(sovereign, set, record, [state]);
        if (set.isEmpty) return;
        await store.commit(set);
        for (const record of gone) holds.remove(state, record);
      });
    };
    for await (const [, record] of holds.places(store, state)) {
      waiting.push(record);
      if (waiting.length >= RECORDS_PER_COMMIT) await look();
    }
    await look();
  }
}

/** Exercise records are released in exercise mode only; the real realm is all there is to reconcile. */
async function* storedRecords(
  { store }: Sovereign,
  issuer: StateId | undefined,
): AsyncGenerator<readonly StoredRecord[], void, undefined> {
  const records = store.records('real');
  if (issuer === undefined) {
    yield* records.byArrival();
    return;
  }
  let after: string | undefined;
  do {
    const page = await records.list({
      issuer,
      limit: RECORDS_PER_COMMIT,
      ...(after !== undefined && { after }),
    });
    yield page.records;
    after = page.next;
  } while (after !== undefined);
}

/**
 * Entries of a ledger go out without their content, because today's rules no longer allow all of it. That is noted, so that
 * nobody takes them for handed over, and what the rules still allow of the records gets an entry of its own.
 */
export function releaseWhatRemains(
  sovereign: Sovereign,
  peer: StateId,
  entries: readonly LogEntry[],
): Promise<void> {
  const { store } = sovereign;
  return sovereign.releases.take(async () => {
    const atSeconds = sovereign.now();
    const noted = new WriteSet();
    const ids = new Set<RecordId>();
    for (const { index, leaf } of entries) {
      if ((await store.get(TABLES.bare, [peer, index])) !== undefined) continue;
      const entry = decodeLedgerEntry(leaf);
      // An order or a report has no content to go out without.
      if (entry.kind !== 'release') continue;
      const record = toHex(entry.recordId) as RecordId;
      ids.add(record);
      noted.put(TABLES.bare, [peer, index], { atSeconds });
      noted.audit({ atSeconds, event: 'sent-without-content', fields: { peer, index, record } });
    }
    await store.commit(noted);
    const records = await store.records('real').getMany([...ids]);
    const known = sovereign.peers.get(peer);
    if (known === undefined) return;
    const set = new WriteSet();
    const held = records.filter((record) => record !== undefined);
    await commitReleases(sovereign, set, await planStored(sovereign, set, held, [known]));
  });
}
