import { equalBytes, toHex } from '@comity/digest';
import type { LogEnd } from '@comity/identity';
import { rootAt } from '@comity/merkle';
import type { RecordId } from '@comity/record';
import { type LogReader, TABLES, WriteSet } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';
import { endedLogsOf, generationOf, originLogTurns, storedLogName } from './log-generation.ts';
import { COSIGNED_SETTING, INTERVAL_SETTING, isPlacedAt, RECORDS_SETTING } from './log-settings.ts';
import { keyDocuments } from './logged-keys.ts';

/** Setting: which of its logs this node appends to. */
const GENERATION_SETTING = 'own-log-generation';
/** Rows of one commit while leaves are moved. */
const ROWS_PER_COMMIT = 4_096;

/**
 * Goes over to the log that the key state in force says is in use. What stands in a log that has ended, beyond its end, waits for
 * the next checkpoint of the new one, and so do charters and key state: witnesses ask for them there.
 *
 * @returns whether the log in use may go on: not where the node has appended to a later one already
 */
export async function enterOwnLog(sovereign: Sovereign): Promise<boolean> {
  const { store, self } = sovereign;
  const known = ((await store.get(TABLES.settings, [GENERATION_SETTING])) as number | undefined) ?? 1;
  const current = generationOf(sovereign, self.state);
  if (current <= known) return current === known;
  await originLogTurns(sovereign, self.state).take(async () => {
    for (let generation = known; generation < current; generation += 1) await takeOut(sovereign, generation);
    await begin(sovereign, current);
  });
  return true;
}

/** Lets what is beyond the end of a log wait again. Where it is cut off in between, it goes on from what is left. */
async function takeOut(sovereign: Sovereign, generation: number): Promise<void> {
  const { store, self } = sovereign;
  const log = await store.log(storedLogName(generation));
  const kept = await keptSize(log, endedLogsOf(sovereign, self.state)[generation - 1]?.end ?? null);
  let set = new WriteSet();
  let records = 0;
  const commit = async (): Promise<void> => {
    if (set.ops.length === 0) return;
    const before = (await store.get(TABLES.settings, [RECORDS_SETTING])) as number;
    await store.commit(set.put(TABLES.settings, [RECORDS_SETTING], Math.max(0, before - records)));
    set = new WriteSet();
    records = 0;
  };
  for await (const entries of log.entries(kept)) {
    for (const { index, leaf } of entries) {
      const name = toHex(leaf);
      const row = await store.get(TABLES.logged, [name]);
      if (!isPlacedAt(row, generation, index)) continue;
      set.delete(TABLES.logged, [name]);
      // Of what is none, the documents in force are entered again; the others have been replaced.
      if (await isRecord(sovereign, name as RecordId)) {
        set.put(TABLES.unlogged, [name], 'record');
        records += 1;
      }
      if (set.ops.length >= ROWS_PER_COMMIT) await commit();
    }
  }
  await commit();
}

async function isRecord({ store }: Sovereign, id: RecordId): Promise<boolean> {
  return (await store.realmOf(id)) !== undefined || (await store.tombstone(id)) !== undefined;
}

/** Whether this store has the tree with which a log of its state is to end: of any other it could prove nothing. */
export async function holdsLogEnd({ store }: Sovereign, generation: number, end: LogEnd): Promise<boolean> {
  return (await keptSize(await store.log(storedLogName(generation)), end)) > 0;
}

/** How much of a log stands: nothing where this store has not the tree of its end, and so could prove nothing under it. */
async function keptSize(log: LogReader, end: LogEnd | null): Promise<number> {
  if (end === null || end.size > log.size || (await log.checkpoint(end.size)) === undefined) return 0;
  return equalBytes(await rootAt(end.size, log.subtrees()), end.root) ? end.size : 0;
}

async function begin(sovereign: Sovereign, generation: number): Promise<void> {
  const { store, self, peers } = sovereign;
  const set = new WriteSet()
    .put(TABLES.settings, [GENERATION_SETTING], generation)
    .delete(TABLES.settings, [INTERVAL_SETTING])
    .delete(TABLES.logAlarms, ['own-log-lost', self.state])
    .audit({ atSeconds: sovereign.now(), event: 'log-renewed', fields: { log: generation } });
  for (const { state } of peers.all()) set.delete(TABLES.settings, [COSIGNED_SETTING + state]);
  for (const { kind, leaf } of keyDocuments(self))
    set.delete(TABLES.logged, [leaf]).put(TABLES.unlogged, [leaf], kind);
  await store.commit(set);
}
