import { setTimeout as sleep } from 'node:timers/promises';
import { TABLES, WriteSet } from '@comity/store';
import { releaseMissing } from '../recovery/reconcile.ts';
import type { Sovereign } from '../sovereign.ts';
import { commitReleases, planStored } from './planned-releases.ts';

/** Between two looks at the first row of the table, which is all that a look costs while nothing is due. */
const LOOK_EACH_MS = 1_000;
/** Setting: every record with a label that changes has its row. A store that is older than the table lacks some. */
const NOTED_SETTING = 'due-noted';
/** Rows taken between two commits. */
const ROWS_PER_COMMIT = 256;

/**
 * Hands over what label successions permit, at their dates (DISCLOSURE M6), until the node stops; first what became due
 * while it was not running.
 */
export async function releaseWhenDue(
  sovereign: Sovereign,
  signal: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  const { store, peers } = sovereign;
  if ((await store.get(TABLES.settings, [NOTED_SETTING])) !== true) {
    await releaseMissing(sovereign, peers.all(), () => {}, signal);
    await store.commit(new WriteSet().put(TABLES.settings, [NOTED_SETTING], true));
  }
  for (;;) {
    signal.throwIfAborted();
    const looked = await sovereign.releases.take(() => releaseInTurn(sovereign));
    if (looked === ROWS_PER_COMMIT) continue;
    succeeded();
    await sleep(LOOK_EACH_MS, undefined, { signal, ref: false });
  }
}

/** Releases, removes the rows and notes the next change, in one commit: a crash before it leaves all of it undone. */
async function releaseInTurn(sovereign: Sovereign): Promise<number> {
  const { store, door } = sovereign;
  const atSeconds = sovereign.now();
  if (door.isShut) return 0;
  const [first] = await store.list(TABLES.due, [], { limit: 1 });
  if (first === undefined || first.key[0] > atSeconds) return 0;
  const due = (await store.list(TABLES.due, [], { limit: ROWS_PER_COMMIT })).filter(
    ({ key }) => key[0] <= atSeconds,
  );
  const ids = [...new Set(due.map(({ key: [, id] }) => id))];
  const set = new WriteSet();
  for (const { key } of due) set.delete(TABLES.due, key);
  const records = (await store.records('real').getMany(ids)).filter((record) => record !== undefined);
  const planned = await planStored(sovereign, set, records, sovereign.peers.all());
  // A hold that began in this turn has left something out: its rows stay.
  if (door.isShut) return 0;
  await commitReleases(sovereign, set, planned);
  return due.length;
}
