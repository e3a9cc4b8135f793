import { isFault } from '@comity/fault';
import { type NewRecord, realmOf, TABLES, WriteSet } from '@comity/store';
import { commitReleases, planStored } from './planned-releases.ts';
import type { Sovereign } from './sovereign.ts';

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

/**
 * After received records are stored: hands them on where their label and this state's policy allow it, behind whatever
 * else is under way.
 *
 * @param late records that were stored without being queued: the policy may have changed while they were
 */
export function relaySoon(sovereign: Sovereign, late: readonly NewRecord[] = []): void {
  if (sovereign.door.purposes('relay').length === 0) return;
  relayQueued(sovereign, late).catch((error: unknown) => {
    sovereign.events.emit('unexpected-error', {
      where: 'relay',
      error: isFault(error) ? error.code : String(error),
    });
  });
}

/** At start: what was accepted but not yet looked at when the node ended. What fails stays queued. */
export function resumeRelay(sovereign: Sovereign, signal: AbortSignal): Promise<void> {
  return relayQueued(sovereign, [], signal);
}

async function relayQueued(
  sovereign: Sovereign,
  late: readonly NewRecord[],
  signal?: AbortSignal,
): Promise<void> {
  const set = new WriteSet();
  if (late.length > 0 && queueRelay(sovereign, set, late)) await sovereign.store.commit(set);
  let looked: number;
  do {
    signal?.throwIfAborted();
    looked = await sovereign.releases.take(() => relayInTurn(sovereign));
  } while (looked === RECORDS_PER_COMMIT);
}

/** Plans what is queued and takes it off the queue, in one commit: a crash before it leaves both undone. */
async function relayInTurn(sovereign: Sovereign): Promise<number> {
  const { store } = sovereign;
  const queued = await store.list(TABLES.relayQueue, [], { limit: RECORDS_PER_COMMIT });
  if (queued.length === 0) return 0;
  const ids = [...new Set(queued.map(({ key: [id] }) => id))];
  const records = (await store.records('real').getMany(ids)).filter((record) => record !== undefined);
  const set = new WriteSet();
  const planned = await planStored(sovereign, set, records, sovereign.peers.all());
  // Row by row: what was queued of a record since it was read stays, for the next turn.
  for (const { key } of queued) set.delete(TABLES.relayQueue, key);
  await commitReleases(sovereign, set, planned);
  return queued.length;
}
