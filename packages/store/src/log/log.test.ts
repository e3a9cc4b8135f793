import { equalBytes } from '@comity/digest';
import { encodeLedgerEntry } from '@comity/log';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  rootAt,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '@comity/merkle';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FaultyEngine } from '../engine/faulty-engine.ts';
import { MemoryEngine, MemoryMedium } from '../engine/memory-engine.ts';
import { Store, WriteSet } from '../index.ts';
import {
  ARCADIA,
  BOREALIS,
  CALDERA,
  codeOf,
  named,
  sampleLeaf,
  sampleRecord,
} from '../sample.test-support.ts';
import type { LogReader } from './log-reader.ts';

const leafOf = (index: number) => new TextEncoder().encode(`entry ${index}`);
const entriesFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, added) => ({ leaf: leafOf(first + added), note: first + added }));

/** A log that was appended to in steps of these sizes, upon a medium that can be opened again. */
async function grown(steps: readonly number[]) {
  const medium = new MemoryMedium();
  let store = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
  let size = 0;
  for (const [turn, step] of steps.entries()) {
    // Now and then the state is read from the rows instead of from memory.
    if (turn % 3 === 2) store = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
    const { logs } = await store.commit(new WriteSet().append('origin', entriesFrom(size, step)));
    expect(logs.get('origin')).toMatchObject({ firstIndex: size, size: size + step });
    size += step;
  }
  return { store, medium, size, log: await store.log('origin') };
}

function expectedRoot(size: number): Uint8Array {
  return rootOf(Array.from({ length: size }, (_, index) => leafHash(leafOf(index))));
}

async function expectProofs(
  log: LogReader,
  size: number,
  indexes: readonly number[],
  olderSizes: readonly number[],
) {
  const { root } = log.head();
  const read = log.subtrees();
  for (const index of indexes) {
    const proof = await inclusionProof(index, size, read);
    verifyInclusion({ leafHash: leafHash(leafOf(index)), index, size, proof, root });
  }
  for (const size1 of olderSizes) {
    const root1 = await rootAt(size1, read);
    expect(equalBytes(root1, expectedRoot(size1))).toBe(true);
    verifyConsistency({
      size1,
      size2: size,
      proof: await consistencyProof(size1, size, read),
      root1,
      root2: root,
    });
  }
}

test('a log has the root of its entries and proves them, however it was appended to', async () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(255, 256, 257, 512)), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), fc.nat(), async (plan, someIndex, someSize) => {
      const { store, log, size } = await grown(plan);
      expect(equalBytes(log.head().root, expectedRoot(size))).toBe(true);
      await expectProofs(log, size, [0, size - 1, someIndex % size], [1, size, 1 + (someSize % size)]);
      const found: number[] = [];
      for await (const chunk of log.entries(0, size)) found.push(...chunk.map(({ note }) => note as number));
      expect(found).toEqual(Array.from({ length: size }, (_, index) => index));
      expect((await store.fsck()).findings).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('proofs go through tiles of three levels', async () => {
  const size = 65_536 + 256 * 3 + 5;
  const { store, log } = await grown([65_000, 537, 700, size - 65_000 - 537 - 700]);
  expect(equalBytes(log.head().root, expectedRoot(size))).toBe(true);
  await expectProofs(
    log,
    size,
    [0, 255, 256, 40_000, 65_535, 65_536, 66_303, size - 1],
    [1, 256, 65_535, 65_536, 65_537, size - 1],
  );
  const report = await store.fsck();
  expect(report.findings).toEqual([]);
  expect(report.logEntries).toBe(size);
  // 259 full tiles of leaves, one full and one partial tile above, one partial tile at the top.
  expect(report.rows['log-tile']).toBe(259 + 1 + 1 + 1);
}, 60_000);

test('a single append writes one entry and one head, and a tile only when it is full', async () => {
  const { store, medium } = await grown([255]);
  const tiles = () => medium.rows.filter(({ key }) => key[1] === 0x02).length;
  expect(tiles()).toBe(0);
  await store.commit(new WriteSet().append('origin', entriesFrom(255, 1)));
  // The tile of the leaves, and the one above that it begins.
  expect(tiles()).toBe(2);
});

test('a reader of subtrees stays at its size while the log grows', async () => {
  const { store, log } = await grown([300]);
  const before = log.head();
  const read = log.subtrees();
  await store.commit(new WriteSet().append('origin', entriesFrom(300, 900)));
  const proof = await inclusionProof(299, 300, read);
  verifyInclusion({ leafHash: leafHash(leafOf(299)), index: 299, size: 300, proof, root: before.root });
  expect(await codeOf(Promise.resolve(read(0, 300)))).toBe('store.no-such-entry');
  expect(log.head().size).toBe(1200);
});

describe('commits at once', () => {
  test('append in the order in which they were made', async () => {
    const store = await Store.onEngine(new MemoryEngine(), { state: ARCADIA });
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, turn) =>
        store.commit(new WriteSet().append('origin', entriesFrom(turn * 7, 7))),
      ),
    );
    expect(outcomes.map(({ logs }) => logs.get('origin')?.firstIndex)).toEqual(
      Array.from({ length: 50 }, (_, turn) => turn * 7),
    );
    const log = await store.log('origin');
    expect(equalBytes(log.head().root, expectedRoot(350))).toBe(true);
  });

  test('at a size that the log no longer has are refused, and nothing of them is written', async () => {
    const store = await Store.onEngine(new MemoryEngine(), { state: ARCADIA });
    const at = (size: number) =>
      store.commit(
        new WriteSet().append('origin', entriesFrom(size, 1), { atSize: size }).putRecord(sampleRecord(size)),
      );
    const results = await Promise.all([codeOf(at(0)), codeOf(at(0)), codeOf(at(1)), codeOf(at(5))]);
    expect(results).toEqual([undefined, 'store.log-moved', undefined, 'store.log-moved']);
    expect((await store.log('origin')).size).toBe(2);
    expect((await store.records().list()).records.length).toBe(2);
    expect(await store.records().get(sampleRecord(5).header.id)).toBeUndefined();
  });

  test('show only when they are written: a head never runs ahead of the disk', async () => {
    class Held extends MemoryEngine {
      hold: Promise<void> = Promise.resolve();
      override async commit(ops: Parameters<MemoryEngine['commit']>[0]) {
        await this.hold;
        await super.commit(ops);
      }
    }
    const engine = new Held();
    const store = await Store.onEngine(engine, { state: ARCADIA });
    await store.commit(new WriteSet().append('origin', entriesFrom(0, 1)));
    const log = await store.log('origin');
    const { promise, resolve } = Promise.withResolvers<void>();
    engine.hold = promise;
    const committing = store.commit(
      new WriteSet().append('origin', entriesFrom(1, 1)).audit({ atSeconds: 1, event: 'x' }),
    );
    await new Promise((done) => setImmediate(done));
    expect([log.size, store.auditTip.sequence, store.commits]).toEqual([1, 0, 1]);
    resolve();
    await committing;
    expect([log.size, store.auditTip.sequence, store.commits]).toEqual([2, 1, 2]);
  });

  test('that fail leave the heads where they were, and stop the store', async () => {
    const medium = new MemoryMedium();
    const options = {
      state: ARCADIA,
      decorateEngine: (engine: MemoryEngine | FaultyEngine) =>
        new FaultyEngine(engine, { atWrite: 3, failure: 'unconfirmed' }),
    };
    const store = await Store.onEngine(new MemoryEngine(medium), options as never);
    await store.commit(new WriteSet().append('origin', entriesFrom(0, 2)));
    const log = await store.log('origin');
    expect(await codeOf(store.commit(new WriteSet().append('origin', entriesFrom(2, 3))))).toBe(
      'store.write-failed',
    );
    expect(log.size).toBe(2);
    expect(store.stopped).toBe(true);
    expect(await codeOf(store.commit(new WriteSet().append('origin', entriesFrom(2, 3))))).toBe(
      'store.stopped',
    );
    expect(await codeOf(log.entry(0))).toBe('store.stopped');
    await store.close();
    // The write took effect: the next opening says so.
    const reopened = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
    expect((await reopened.log('origin')).size).toBe(5);
    expect((await reopened.fsck()).findings).toEqual([]);
  });
});

describe('checkpoints', () => {
  const note = (size: number) => `checkpoint ${size}`;

  test('are stored with the entries they cover, and found by size', async () => {
    const store = await Store.onEngine(new MemoryEngine(), { state: ARCADIA });
    for (const size of [3, 10, 300]) {
      const log = await store.log('origin');
      await store.commit(
        new WriteSet()
          .append('origin', entriesFrom(log.size, size - log.size))
          .putCheckpoint({ log: 'origin', size, root: expectedRoot(size), note: note(size) }),
      );
    }
    const log = await store.log('origin');
    expect((await log.latestCheckpoint())?.note).toBe(note(300));
    expect((await log.checkpoint(10))?.note).toBe(note(10));
    expect(await log.checkpoint(11)).toBeUndefined();
    expect((await log.checkpointFrom(4))?.size).toBe(10);
    expect((await log.checkpointFrom(10))?.size).toBe(10);
    expect(await log.checkpointFrom(301)).toBeUndefined();
    expect(await (await store.log(`ledger/in/${BOREALIS}`)).latestCheckpoint()).toBeUndefined();
    // One of an earlier size may come later, when its signature took a while.
    await store.commit(
      new WriteSet().putCheckpoint({ log: 'origin', size: 5, root: expectedRoot(5), note: note(5) }),
    );
    expect((await log.checkpointFrom(4))?.size).toBe(5);
    expect((await store.fsck()).findings).toEqual([]);
  });

  test.each([
    ['of another root', 3, expectedRoot(2)],
    ['of the root before the append at the size after it', 3, expectedRoot(1)],
    ['of a size that the log does not reach', 4, expectedRoot(4)],
    ['of another root at the size before the append', 1, expectedRoot(3)],
  ])('%s are refused with everything beside them', async (_what, size, root) => {
    const store = await Store.onEngine(new MemoryEngine(), { state: ARCADIA });
    await store.commit(new WriteSet().append('origin', entriesFrom(0, 1)));
    const set = new WriteSet()
      .append('origin', entriesFrom(1, 2))
      .putCheckpoint({ log: 'origin', size, root, note: 'forked' });
    expect(await codeOf(store.commit(set))).toBe('store.checkpoint-mismatch');
    expect((await store.log('origin')).size).toBe(1);
    await store.commit(new WriteSet().append('origin', entriesFrom(1, 2)));
    expect(equalBytes((await store.log('origin')).head().root, expectedRoot(3))).toBe(true);
  });

  test('an older one with a wrong root is found by fsck', async () => {
    const { store } = await grown([10]);
    await store.commit(
      new WriteSet().putCheckpoint({ log: 'origin', size: 4, root: expectedRoot(5), note: 'x' }),
    );
    const { findings } = await store.fsck();
    expect(findings.map(({ code, fields }) => [code, fields.size])).toEqual([['store.log-root-mismatch', 4]]);
  });

  test('cosignatures and receipts are found by checkpoint and by cosigner', async () => {
    const { TABLES } = await import('../tables.ts');
    const { store, log } = await grown([5]);
    const line = (text: string, atSeconds: number) => ({ line: text, atSeconds });
    await store.commit(
      new WriteSet()
        .put(TABLES.cosignatures, ['origin', 3, BOREALIS], line('b3', 1))
        .put(TABLES.cosignatures, ['origin', 5, BOREALIS], line('b5', 2))
        .put(TABLES.cosignatures, ['origin', 3, CALDERA], line('c3', 3)),
    );
    expect((await log.cosignatures(3)).map((row) => row.line).sort()).toEqual(['b3', 'c3']);
    expect(await log.latestCosignature(BOREALIS)).toEqual({
      size: 5,
      cosigner: BOREALIS,
      line: 'b5',
      atSeconds: 2,
    });
    expect((await log.latestCosignature(CALDERA))?.line).toBe('c3');
    expect(await log.latestCosignature(ARCADIA)).toBeUndefined();
  });
});

describe('outgoing ledgers', () => {
  test('say what was released of a record to a peer so far', async () => {
    const store = await Store.onEngine(new MemoryEngine(), { state: ARCADIA });
    const record = sampleRecord(1);
    const [a, b, c] = [named('a'), named('b'), named('c')];
    const ledger = `ledger/out/${BOREALIS}` as const;
    await store.commit(
      new WriteSet().append(ledger, [
        { leaf: sampleLeaf(record, [a, b]) },
        { leaf: sampleLeaf(sampleRecord(2), [c]) },
      ]),
    );
    await store.commit(new WriteSet().append(ledger, [{ leaf: sampleLeaf(record, [b, c]) }]));
    const released = await store.released(BOREALIS, record.header.id);
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    expect(released.digests).toEqual(new Set([a, b, c].map(hex)));
    expect(released.ledgerIndexes).toEqual([0, 2]);
    expect((await store.released(CALDERA, record.header.id)).digests.size).toBe(0);
    expect((await store.fsck()).findings).toEqual([]);
    expect((await store.logNames()).sort()).toEqual([ledger]);
  });

  test('say nothing of a record by an order or a report, also after a rebuild', async () => {
    const store = await Store.onEngine(new MemoryEngine(), { state: ARCADIA });
    const record = sampleRecord(1);
    const ledger = `ledger/out/${BOREALIS}` as const;
    const report = { kind: 'report', orderDigest: named('o'), atSeconds: 7, outcome: 'applied' } as const;
    const leaves = [
      encodeLedgerEntry({ kind: 'order', order: named('order'), atSeconds: 7 }),
      sampleLeaf(record, [named('a')]),
      encodeLedgerEntry(report),
    ];
    await store.commit(
      new WriteSet().append(
        ledger,
        leaves.map((leaf) => ({ leaf })),
      ),
    );
    const log = await store.log(ledger);
    expect(log.size).toBe(3);
    expect((await log.entry(0)).leaf).toEqual(leaves[0]);
    const isReleasedOnce = async () => {
      expect((await store.released(BOREALIS, record.header.id)).ledgerIndexes).toEqual([1]);
      expect((await store.fsck()).findings).toEqual([]);
    };
    await isReleasedOnce();
    await store.rebuildDerived();
    await isReleasedOnce();
  });

  test('take nothing but ledger entries', async () => {
    const store = await Store.onEngine(new MemoryEngine(), { state: ARCADIA });
    const set = new WriteSet().append(`ledger/out/${BOREALIS}`, [{ leaf: Uint8Array.of(0xa0) }]);
    expect(await codeOf(store.commit(set))).toMatch(/^(cbor|log)\./);
    expect((await store.log(`ledger/out/${BOREALIS}`)).size).toBe(0);
  });
});

test('an entry outside the log is refused, and one that is missing inside is noticed', async () => {
  const { store, medium, log } = await grown([10]);
  expect(await codeOf(log.entry(10))).toBe('store.no-such-entry');
  expect(await codeOf(log.entry(-1))).toBe('store.no-such-entry');
  expect(await codeOf(log.entries(3, 2).next())).toBe('store.no-such-entry');
  expect((await log.entry(4)).leaf).toEqual(leafOf(4));
  medium.rows = medium.rows.filter(({ key }) => !(key[1] === 0x01 && key.at(-1) === 4));
  const reading = (async () => {
    for await (const _ of log.entries(0));
  })();
  expect(await codeOf(reading)).toBe('store.log-gap');
  expect(await codeOf(log.entry(4))).toBe('store.log-gap');
  expect((await store.fsck()).findings.map(({ code }) => code)).toContain('store.log-gap');
  // What the next append needs is read again after opening: it notices too.
  const reopened = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
  expect(await codeOf(reopened.log('origin'))).toBe('store.log-gap');
});
