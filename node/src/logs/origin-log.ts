import { setTimeout as sleep } from 'node:timers/promises';
import { fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { signCheckpoint } from '@comity/log';
import { CompactTree, leafHash } from '@comity/merkle';
import { type StoredCheckpoint, TABLES, WriteSet } from '@comity/store';
import { shuffled } from '../questions/shuffle.ts';
import type { Sovereign } from '../sovereign.ts';
import { isBarred, isOwnLogLost } from './equivocations.ts';
import { generationOf, originLogTurns, originNameOf, ownLogName, storedLogName } from './log-generation.ts';
import { INTERVAL_SETTING, type LogPlace, placeIn, placeRow, RECORDS_SETTING } from './log-settings.ts';
import { noteOwnKeys } from './logged-keys.ts';
import { enterOwnLog } from './renew-log.ts';

/** How often it is looked whether the time for the next checkpoint has come. */
const LOOK_EACH_MS = 500;
const LEAF_BYTES = 32;
/** Most leaves that wait and are entered with one checkpoint; what is beyond waits for the next. */
const LEAVES_PER_CHECKPOINT = 16_384;
/** Rows of one commit when the leaves of a log are noted that is older than their table. */
const ROWS_PER_COMMIT = 4_096;

/**
 * Makes a checkpoint of the origin log in each interval until the node stops, whether or not something was issued: neither
 * their times nor their sizes tell when and how much was (log.md §10).
 *
 * @param isCompared whether it is known that no peer has a checkpoint of this log that this node has lost
 */
export async function keepOriginLog(
  sovereign: Sovereign,
  isCompared: () => boolean,
  signal: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  const { store } = sovereign;
  await noteOlderLeaves(sovereign);
  await noteOwnKeys(sovereign, sovereign.self);
  for (;;) {
    signal.throwIfAborted();
    const interval = intervalAt(sovereign, sovereign.now());
    const isDue = (await store.get(TABLES.settings, [INTERVAL_SETTING])) !== interval;
    if ((await enterOwnLog(sovereign)) && isDue && isCompared() && !(await isStopped(sovereign))) {
      await extendOriginLog(sovereign, interval);
      succeeded();
    }
    await sleep(LOOK_EACH_MS, undefined, { signal, ref: false });
  }
}

/** Whether others have checkpoints of this log that it does not continue: another one would be evidence against this state. */
async function isStopped(sovereign: Sovereign): Promise<boolean> {
  return (await isOwnLogLost(sovereign)) || (await isBarred(sovereign, sovereign.self.state));
}

/** Number of an interval. Each state begins its intervals at a second of its own, so that not all ask at once. */
function intervalAt({ self, config }: Sovereign, atSeconds: number): number {
  const { checkpointSeconds } = config.witness;
  const phase = Number.parseInt(self.state.slice(0, 8), 16) % checkpointSeconds;
  return Math.floor((atSeconds + phase) / checkpointSeconds);
}

/** Enters what waits, padded and mixed with the padding, and signs a checkpoint of it: all in one commit. */
function extendOriginLog(sovereign: Sovereign, interval: number): Promise<void> {
  const { store, self, signers, entropy, config } = sovereign;
  return originLogTurns(sovereign, self.state).take(async () => {
    const generation = generationOf(sovereign, self.state);
    const name = storedLogName(generation);
    const log = await store.log(name);
    const { size, frontier } = log.head();
    const waiting = await store.list(TABLES.unlogged, [], { limit: LEAVES_PER_CHECKPOINT });
    const padding = paddingFor(size, waiting.length, config.witness.batchLeaves);
    const leaves = shuffled(
      [
        ...waiting.map(({ key: [leaf] }) => fromHex(leaf)),
        ...Array.from({ length: padding }, () => entropy(LEAF_BYTES)),
      ],
      entropy,
    );
    const tree = CompactTree.resume(size, frontier);
    for (const leaf of leaves) tree.append(leafHash(leaf));
    const root = tree.root();
    const checkpoint = {
      origin: originNameOf(sovereign, self.state),
      size: size + leaves.length,
      root,
    };
    const note = await signCheckpoint(checkpoint, signers.log);
    const set = new WriteSet()
      .append(
        name,
        leaves.map((leaf) => ({ leaf })),
        { atSize: size },
      )
      .putCheckpoint({ log: name, size: checkpoint.size, root, note })
      .put(TABLES.settings, [INTERVAL_SETTING], interval)
      .put(TABLES.settings, [RECORDS_SETTING], (await recordsIn(sovereign, size)) + recordsOf(waiting));
    const places = new Map(leaves.map((leaf, added) => [toHex(leaf), size + added]));
    for (const { key } of waiting) {
      const place = { generation, index: places.get(key[0]) as number };
      set.delete(TABLES.unlogged, key).put(TABLES.logged, key, placeRow(place));
    }
    await store.commit(set);
  });
}

/** Random leaves that fill a batch up: at least one batch each time, and a log that is older than batches is brought in step. */
export function paddingFor(size: number, waiting: number, batchLeaves: number): number {
  const begun = (size % batchLeaves) + waiting;
  const batches = Math.max(1, Math.ceil(begun / batchLeaves));
  return batches * batchLeaves - begun;
}

async function recordsIn({ store }: Sovereign, size: number): Promise<number> {
  return ((await store.get(TABLES.settings, [RECORDS_SETTING])) as number | undefined) ?? size;
}

/** How many of the leaves that wait are records; the others are charters and key states. */
function recordsOf(waiting: readonly { readonly row: unknown }[]): number {
  return waiting.filter(({ row }) => row === 'record').length;
}

/** In a store that is older than the table of leaves, all leaves are records, in the order of issue. */
async function noteOlderLeaves(sovereign: Sovereign): Promise<void> {
  const { store } = sovereign;
  if ((await store.get(TABLES.settings, [RECORDS_SETTING])) !== undefined) return;
  const log = await store.log('origin');
  let set = new WriteSet();
  for await (const entries of log.entries(0)) {
    for (const { index, leaf } of entries) {
      set.put(TABLES.logged, [toHex(leaf)], index);
      if (set.ops.length < ROWS_PER_COMMIT) continue;
      await store.commit(set);
      set = new WriteSet();
    }
  }
  await store.commit(set.put(TABLES.settings, [RECORDS_SETTING], log.size));
}

/** The newest checkpoint of the own log; undefined before the first. */
export async function ownCheckpoint(sovereign: Sovereign): Promise<StoredCheckpoint | undefined> {
  return (await sovereign.store.log(ownLogName(sovereign))).latestCheckpoint();
}

export interface OriginLogStatus {
  /** Leaves, padding included. */
  readonly size: number;
  /** Records of this state: those in the log and those that wait for its next checkpoint. */
  readonly records: number;
}

export async function originLogStatus(sovereign: Sovereign): Promise<OriginLogStatus> {
  const { store } = sovereign;
  const { size } = await store.log(ownLogName(sovereign));
  const waiting = await store.list(TABLES.unlogged, []);
  return { size, records: (await recordsIn(sovereign, size)) + recordsOf(waiting) };
}

/**
 * Where something that this state has issued stands in its log, or in one that has ended; undefined while it waits for the next
 * checkpoint.
 *
 * @param leaf id of the record, or digest of a charter or key state, in hexadecimal
 * @throws Fault `store.log-gap` where the log has another leaf there
 */
export async function placeInOriginLog({ store }: Sovereign, leaf: string): Promise<LogPlace | undefined> {
  const row = await store.get(TABLES.logged, [leaf]);
  if (row === undefined) return undefined;
  const place = placeIn(row);
  const log = storedLogName(place.generation);
  const entry = await (await store.log(log)).entry(place.index);
  if (toHex(entry.leaf) !== leaf)
    throw new Fault('store.log-gap', 'the origin log has another leaf there', {
      fields: { log, index: place.index },
    });
  return place;
}
