import type { RecordId } from '@comity/record';
import { type NewRecord, realmOf, TABLES, WriteSet } from '@comity/store';
import { Bell } from '../process/bell.ts';
import type { Sovereign } from '../sovereign.ts';
import { commitReleases, planStored } from './planned-releases.ts';

/** Records looked at between two commits. */
const RECORDS_PER_COMMIT = 256;

/**
 * Queues received records to be looked at for handing them on (mode `relay`), in the set that stores them. Most policies
 * hand nothing on; then nothing is queued, and a policy that begins to do so goes through all records anyway.
 *
 * @returns whether there was a policy to queue them for
 */
export function queueRelay(sovereign: Sovereign, set: WriteSet, records: readonly NewRecord[]): boolean {
  if (sovereign.door.purposes('relay').length === 0) return false;
  const commit = Buffer.from(sovereign.entropy(6)).readUIntBE(0, 6);
  const atSeconds = sovereign.now();
  for (const { header } of records) {
    // Exercise records are released in exercise mode only.
    if (realmOf(header) === 'real') set.put(TABLES.relayQueue, [header.id, commit], atSeconds);
  }
  return true;
}

/** What the one that hands records on waits for. */
class RelayBell extends Bell {
  /** Records that were stored without being queued. In memory: whatever put relaying in force goes through all records. */
  readonly late = new Set<RecordId>();
}

const bells = new WeakMap<Sovereign, RelayBell>();

function bellOf(sovereign: Sovereign): RelayBell {
  const bell = bells.get(sovereign) ?? new RelayBell();
  bells.set(sovereign, bell);
  return bell;
}

/**
 * After received records are stored: lets them be handed on where their label and this state's policy allow it, behind
 * whatever else is under way.
 *
 * @param late records that were stored without being queued: the policy may have changed while they were
 */
export function relaySoon(sovereign: Sovereign, late: readonly NewRecord[] = []): void {
  if (sovereign.door.purposes('relay').length === 0) return;
  const bell = bellOf(sovereign);
  for (const { header } of late) if (realmOf(header) === 'real') bell.late.add(header.id);
  bell.ring();
}

/**
 * Hands on what is queued, until the node stops; first what was accepted but not yet looked at when it last ended. What fails
 * or is interrupted stays queued.
 */
export async function relayWhenQueued(
  sovereign: Sovereign,
  signal: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  const bell = bellOf(sovereign);
  for (;;) {
    signal.throwIfAborted();
    const isEmpty = await sovereign.releases.take(() => relayInTurn(sovereign, bell));
    if (!isEmpty) continue;
    succeeded();
    await bell.rung(signal);
  }
}

/**
 * Plans what is queued and takes it off the queue, in one commit: a crash before it leaves both undone.
 *
 * @returns whether that was all, for now: what is queued waits while releases are held
 */
async function relayInTurn(sovereign: Sovereign, bell: RelayBell): Promise<boolean> {
  const { store, door } = sovereign;
  if (door.isShut) return true;
  const queued = await store.list(TABLES.relayQueue, [], { limit: RECORDS_PER_COMMIT });
  const late = [...bell.late].slice(0, RECORDS_PER_COMMIT);
  if (queued.length === 0 && late.length === 0) return true;
  const ids = [...new Set([...queued.map(({ key: [id] }) => id), ...late])];
  const records = (await store.records('real').getMany(ids)).filter((record) => record !== undefined);
  const set = new WriteSet();
  const planned = await planStored(sovereign, set, records, sovereign.peers.all());
  // Row by row: what was queued of a record since it was read stays, for the next turn.
  for (const { key } of queued) set.delete(TABLES.relayQueue, key);
  // A hold that began in this turn has left something out: it stays queued.
  if (door.isShut) return true;
  await commitReleases(sovereign, set, planned);
  for (const id of late) bell.late.delete(id);
  return queued.length < RECORDS_PER_COMMIT && bell.late.size === 0;
}
