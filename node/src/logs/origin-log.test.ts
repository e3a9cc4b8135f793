import { equalBytes, fromHex, toHex } from '@comity/digest';
import { noteVerifier, openCheckpoint, originLogName } from '@comity/log';
import { inclusionProof, leafHash, verifyInclusion } from '@comity/merkle';
import { TABLES, WriteSet } from '@comity/store';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { shuffled } from '../questions/shuffle.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import type { Sovereign } from '../sovereign.ts';
import { proveKeys } from './log-proof.ts';
import { noteOwnKeys } from './logged-keys.ts';
import { keepOriginLog, originLogStatus, paddingFor, placeInOriginLog } from './origin-log.ts';

/** Within the time of the certificates that the node is founded with. */
const START = Math.floor(Date.now() / 1_000) + 3_600;
const INTERVAL_SECONDS = 600;
const BATCH = 16;

let nowSeconds = START;
let node: ScratchNode | undefined;
afterEach(async () => {
  await node?.[Symbol.asyncDispose]();
  node = undefined;
  nowSeconds = START;
});

const found = async (): Promise<Sovereign> => {
  node = await ScratchNode.found([], () => nowSeconds);
  return node.sovereign;
};

/** Keeps the log until it has made as many checkpoints, the clock moving on by one interval after each. */
async function kept(sovereign: Sovereign, checkpoints: number): Promise<void> {
  const stop = new AbortController();
  let made = 0;
  const done = keepOriginLog(
    sovereign,
    () => true,
    stop.signal,
    () => {
      made += 1;
      nowSeconds += INTERVAL_SECONDS;
      if (made === checkpoints) stop.abort();
    },
  );
  await done.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
}

/** Where a leaf stands in the log in use, which is the first. */
const placeOf = async (sovereign: Sovereign, leaf: string): Promise<number | undefined> =>
  (await placeInOriginLog(sovereign, leaf))?.index;

const incident = {
  type: 'incident',
  label: { classification: 'restricted', tlp: 'GREEN' },
  content: { title: { en: 'Outage' }, stage: 'final' },
};

async function issued(sovereign: Sovereign, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => toHex(sovereign.entropy(32)));
  const set = new WriteSet();
  for (const id of ids) set.put(TABLES.unlogged, [id], 'record');
  await sovereign.store.commit(set);
  return ids;
}

test('the log grows by one batch in each interval, whatever was issued', async () => {
  const sovereign = await found();
  const all: string[] = [];
  const sizes: number[] = [];
  for (const count of [0, 1, BATCH - 1, BATCH, 0]) {
    all.push(...(await issued(sovereign, count)));
    await kept(sovereign, 1);
    sizes.push((await sovereign.store.log('origin')).size);
  }
  expect(sizes).toEqual([1, 2, 3, 4, 5].map((batches) => batches * BATCH));
  expect(await originLogStatus(sovereign)).toEqual({ size: 5 * BATCH, records: all.length });
  await issued(sovereign, BATCH + 1);
  await kept(sovereign, 1);
  expect((await sovereign.store.log('origin')).size).toBe(7 * BATCH);
});

test('each checkpoint is signed, and shows every record that was issued before it at its place', async () => {
  const sovereign = await found();
  const ids = await issued(sovereign, 20);
  await kept(sovereign, 2);
  const log = await sovereign.store.log('origin');
  const stored = await log.latestCheckpoint();
  const origin = originLogName(sovereign.federation.name, sovereign.self.state);
  const logVerifier = noteVerifier(origin, 'log', sovereign.signers.log.publicKey);
  const { checkpoint } = openCheckpoint(stored?.note ?? '', { origin, logVerifier });
  expect(checkpoint.size).toBe(3 * BATCH);
  for (const id of ids) {
    const index = (await placeOf(sovereign, id)) as number;
    const proof = await inclusionProof(index, checkpoint.size, log.subtrees());
    verifyInclusion({
      leafHash: leafHash(fromHex(id)),
      index,
      size: checkpoint.size,
      proof,
      root: checkpoint.root,
    });
  }
  expect(await placeOf(sovereign, toHex(sovereign.entropy(32)))).toBeUndefined();
  expect((await sovereign.store.fsck()).findings).toEqual([]);
});

test('no second checkpoint in one interval, also after a restart', async () => {
  const sovereign = await found();
  await kept(sovereign, 1);
  nowSeconds -= INTERVAL_SECONDS;
  const stop = new AbortController();
  const done = keepOriginLog(
    sovereign,
    () => true,
    stop.signal,
    () => {},
  );
  await issued(sovereign, 3);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  stop.abort();
  await done.catch(() => {});
  expect((await sovereign.store.log('origin')).size).toBe(BATCH);
  expect((await originLogStatus(sovereign)).records).toBe(3);
});

test('records and padding are mixed: the places of records in a batch are not the first ones', async () => {
  const sovereign = await found();
  const firsts: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const [id] = await issued(sovereign, 1);
    await kept(sovereign, 1);
    firsts.push(((await placeOf(sovereign, id as string)) as number) % BATCH);
  }
  // Twelve times the same place of sixteen: once in 16^11 runs.
  expect(new Set(firsts).size).toBeGreaterThan(1);
});

test('a log that is older than padding is brought in step, and its leaves are found', async () => {
  const sovereign = await found();
  const ids = Array.from({ length: 21 }, () => toHex(sovereign.entropy(32)));
  await sovereign.store.commit(
    new WriteSet().append(
      'origin',
      ids.map((id) => ({ leaf: fromHex(id) })),
    ),
  );
  expect((await originLogStatus(sovereign)).records).toBe(21);
  const [late] = await issued(sovereign, 1);
  await kept(sovereign, 1);
  expect(await originLogStatus(sovereign)).toEqual({ size: 2 * BATCH, records: 22 });
  for (const [index, id] of ids.entries()) expect(await placeOf(sovereign, id)).toBe(index);
  expect(await placeOf(sovereign, late as string)).toBeGreaterThanOrEqual(21);
  expect((await sovereign.store.fsck()).findings).toEqual([]);
});

test('what a draft becomes waits for the log, and is counted', async () => {
  const sovereign = await found();
  expect((await originLogStatus(sovereign)).records).toBe(0);
  const [id] = (await node?.issue(incident)) ?? [];
  expect((await originLogStatus(sovereign)).records).toBe(1);
  await kept(sovereign, 1);
  const index = await placeOf(sovereign, id as string);
  const entry = await (await sovereign.store.log('origin')).entry(index as number);
  expect(equalBytes(entry.leaf, fromHex(id as string))).toBe(true);
});

test('padding fills whole batches, and is never more than one', () => {
  const [size, waiting] = [fc.nat(10_000), fc.nat(10_000)];
  fc.assert(
    fc.property(size, waiting, fc.integer({ min: 1, max: 64 }), (before, count, batch) => {
      const padding = paddingFor(before, count, batch);
      expect((before + count + padding) % batch).toBe(0);
      expect(padding).toBeGreaterThanOrEqual(0);
      expect(padding).toBeLessThanOrEqual(batch);
      expect(count + padding).toBeGreaterThan(0);
    }),
  );
});

test('every order of a list is drawn about as often as the others', () => {
  let state = 1;
  const drawn = (byteLength: number): Uint8Array =>
    Uint8Array.from({ length: byteLength }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 16;
    });
  const counts = new Map<string, number>();
  for (let round = 0; round < 6_000; round += 1) {
    const order = shuffled(['a', 'b', 'c'], drawn).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(200);
});

test('the charter is a leaf, entered once and no record, and so is a key state that was replaced before a checkpoint', async () => {
  const sovereign = await found();
  await expect(proveKeys(sovereign, 'charter')).rejects.toMatchObject({ code: 'log.not-logged-yet' });
  await expect(proveKeys(sovereign, 'key-state')).rejects.toMatchObject({ code: 'node.no-key-state' });
  const { self } = sovereign;
  const digest = sovereign.entropy(32);
  const keyState = { version: 1, digest } as NonNullable<typeof self.keyState>;
  await noteOwnKeys(sovereign, { charter: self.charter, keyState }, self);
  await kept(sovereign, 2);
  const proved = await proveKeys(sovereign, 'charter');
  expect(proved).toMatchObject({ document: 'charter', version: 1, digest: self.state });
  expect(await placeOf(sovereign, toHex(digest))).toBeLessThan(BATCH);
  const log = await sovereign.store.log('origin');
  const leaves: string[] = [];
  for await (const entries of log.entries(0)) leaves.push(...entries.map(({ leaf }) => toHex(leaf)));
  expect(leaves.filter((leaf) => leaf === self.state)).toHaveLength(1);
  expect(await originLogStatus(sovereign)).toEqual({ size: 2 * BATCH, records: 0 });
});
