import type { PutOutcome } from '@comity/store';
import { TABLES, WriteSet } from '@comity/store';
import { addReleases, announceReleases, planStored } from './reconcile.ts';
import type { Sovereign } from './sovereign.ts';

/** Setting: arrival number up to which received records have been looked at for handing them on. */
const RELAYED_SETTING = 'relayed-through';
const RECORDS_PER_COMMIT = 256;

/**
 * Hands received records on to other peers where their label and this state's policy allow it (mode `relay`). Most policies
 * have no such rule; then only the position is kept, in memory of the next start.
 */
export async function relayNew(sovereign: Sovereign, outcomes: readonly PutOutcome[]): Promise<void> {
  if (sovereign.door.purposes('relay').length === 0 || !outcomes.some(({ isChanged }) => isChanged)) return;
  const ids = outcomes.filter(({ isChanged, realm }) => isChanged && realm === 'real').map(({ id }) => id);
  const records = (await sovereign.store.records('real').getMany(ids)).filter(
    (record) => record !== undefined,
  );
  await relay(sovereign, records, Math.max(...records.map(({ arrival }) => arrival), 0));
}

/** At start: what was accepted but not yet looked at when the node ended. */
export async function resumeRelay(sovereign: Sovereign): Promise<void> {
  if (sovereign.door.purposes('relay').length === 0) return;
  const through =
    ((await sovereign.store.get(TABLES.settings, [RELAYED_SETTING])) as number | undefined) ?? -1;
  for await (const chunk of sovereign.store.records('real').byArrival(through + 1)) {
    for (let from = 0; from < chunk.length; from += RECORDS_PER_COMMIT) {
      const records = chunk.slice(from, from + RECORDS_PER_COMMIT);
      await relay(sovereign, records, records.at(-1)?.arrival ?? through);
    }
  }
}

function relay(
  sovereign: Sovereign,
  records: Parameters<typeof planStored>[1],
  through: number,
): Promise<void> {
  return sovereign.releases.take(() => relayInTurn(sovereign, records, through));
}

async function relayInTurn(
  sovereign: Sovereign,
  records: Parameters<typeof planStored>[1],
  through: number,
): Promise<void> {
  const received = records.filter(({ sources }) => sources.some(({ peer }) => peer !== null));
  const planned = await planStored(sovereign, received, sovereign.peers.all());
  const set = new WriteSet().put(TABLES.settings, [RELAYED_SETTING], through);
  addReleases(sovereign, set, planned);
  await sovereign.store.commit(set);
  announceReleases(sovereign, planned);
}
