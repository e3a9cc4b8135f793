import { DerivedCount, derivedRanges, expectedDerivedRows, isStray } from './derived.ts';
import type { Engine, EngineOp, EngineReader } from './engine/engine.ts';
import type { KeySource } from './keys/key-tree.ts';
import { RowReader } from './layout/row-reader.ts';

/** What a rebuild has found and done. */
export interface RebuildReport {
  /** Derived rows that there should be. */
  readonly expected: number;
  readonly written: number;
  readonly removed: number;
  /** Records and ledger entries that nothing could be derived from. */
  readonly unreadable: number;
}

/** Rows of one batch: small enough not to hold up the commits beside it. */
const BATCH_ROWS = 4_096;

/**
 * Makes the derived rows what they would be had they been dropped and built again, while reads and commits go on: rows
 * that are right stay, wrong and missing ones are written, and only then rows that follow from nothing are removed. So
 * there is no moment without an index, and a rebuild that is cut off has made nothing worse.
 */
export async function rebuildDerivedRows(
  rows: RowReader,
  engine: Engine,
  keys: KeySource,
): Promise<RebuildReport> {
  const count = new DerivedCount();
  const snapshot = engine.snapshot();
  const onUnreadable = () => {
    count.unreadable += 1;
  };
  try {
    let written = 0;
    for await (const chunk of expectedDerivedRows(new RowReader(snapshot, keys), snapshot, onUnreadable)) {
      const differing = await count.compare(snapshot, chunk);
      written += differing.length;
      await commitInBatches(engine, differing);
    }
    const removed = (await count.mayHoldStrays(snapshot)) ? await removeStrays(rows, engine, snapshot) : 0;
    return { expected: count.expected, written, removed, unreadable: count.unreadable };
  } finally {
    await snapshot.release();
  }
}

async function removeStrays(rows: RowReader, engine: Engine, snapshot: EngineReader): Promise<number> {
  let removed = 0;
  for (const range of derivedRanges()) {
    for await (const chunk of snapshot.range(range)) {
      // Against the rows of now: whatever was committed meanwhile has its record with it.
      const current = await engine.getMany(chunk.map(({ key }) => key));
      const strays: EngineOp[] = [];
      for (const [index, { key }] of chunk.entries()) {
        const value = current[index];
        if (value !== undefined && (await isStray(rows, key, value))) strays.push({ type: 'del', key });
      }
      removed += strays.length;
      await commitInBatches(engine, strays);
    }
  }
  return removed;
}

async function commitInBatches(engine: Engine, ops: readonly EngineOp[]): Promise<void> {
  for (let at = 0; at < ops.length; at += BATCH_ROWS) await engine.commit(ops.slice(at, at + BATCH_ROWS));
}
