import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Engine, EngineOp } from '../engine/engine.ts';
import { ARRIVALS, type Heads } from '../heads.ts';
import { ERASURE } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { type SealedRow, sealRow } from '../layout/row-seal.ts';
import { getRow, listTable } from '../table-reader.ts';
import { TABLES } from '../tables.ts';
import { type ErasureJournal, journalDamaged } from './erasure-journal.ts';
import { type PendingErasure, pendingOf } from './pending-erasure.ts';
import type { RecordKeys } from './record-keys.ts';
import { replayJournal } from './replay-journal.ts';

/** What a store keeps beside its engine, so that an older copy of the engine's files gives nothing back. */
export interface Keeping {
  readonly keys: RecordKeys;
  readonly journal: ErasureJournal;
}

/** Name of the meta row that says which keys the engine knows of, and how many entries of the journal. */
const KEYS = 'record-keys';

/** The row by which an engine knows a revision of the keys, and what the journal says. */
export function keysRow({ keys, journal }: Keeping, revision: number, journaled = journal.count): SealedRow {
  return sealRow(TABLES.meta.keyspace.key(KEYS), TABLES.meta.encode([keys.store, revision, journaled]));
}

/** Takes key numbers that nobody else gets, and gives the first. Rejects as `RecordKeys.claim`. */
export function claimNumbers(engine: Engine, keeping: Keeping, count: number): Promise<number> {
  return keeping.keys.claim(count, (revision) => engine.commit([keysRow(keeping, revision)]));
}

/**
 * Makes erasures final of which the engine says that they are pending: the journal has them first, then their keys go, then the
 * engine says so no longer. Whatever step a power cut hits, {@link settleKeys} finishes the work.
 */
export async function makeFinal(
  engine: Engine,
  keeping: Keeping,
  pending: readonly PendingErasure[],
): Promise<void> {
  const { keys, journal } = keeping;
  const done = pending.map(({ keyNumber }): EngineOp => ({ type: 'del', key: ERASURE.key(keyNumber) }));
  const destroyed = pending.flatMap(({ keyNumber, isDestroyed }) => (isDestroyed ? [keyNumber] : []));
  await journal.append(pending.map(({ entry }) => entry));
  const confirm = (revision: number) => engine.commit([keysRow(keeping, revision), ...done]);
  if (destroyed.length > 0) await keys.destroy(destroyed, journal.count, confirm);
  else await confirm(keys.revision);
}

/**
 * Brings engine, keys and journal together when a store is opened. An engine may be older than the others, where a copy of it
 * was put back: then what was erased since is erased again. The others may not be older than the engine: numbers would be
 * given out twice, keys that were destroyed would be back, and so would records.
 *
 * @throws Fault `store.keys-damaged`, `store.keys-outdated`, `store.journal-damaged`
 */
export async function settleKeys(
  rows: RowReader,
  engine: Engine,
  keeping: Keeping,
  { nextArrival: { real, exercise } }: Pick<Heads, 'nextArrival'>,
): Promise<void> {
  const { keys, journal } = keeping;
  const known = (await getRow(rows, TABLES.meta, [KEYS])) as [Uint8Array, number, number] | undefined;
  if (known === undefined || !equalBytes(known[0], keys.store)) {
    const reason = 'is of another store';
    throw new Fault('store.keys-damaged', `the file of the record keys ${reason}`, { fields: { reason } });
  }
  const [, revision, journaled] = known;
  if (revision > keys.revision) {
    throw new Fault(
      'store.keys-outdated',
      `expected revision ${revision} of the record keys, got ${keys.revision}`,
      {
        fields: { expected: revision, got: keys.revision },
      },
    );
  }
  if (!equalBytes(known[0], journal.store)) throw journalDamaged('is of another store');
  journal.requireCount(Math.max(journaled, keys.journaled));
  const entries = journal.takeEntries(journaled);
  if (entries.length > 0 || revision < keys.destroyedAtRevision) {
    // Until all of it is done the engine says that it knows no more of the journal than before.
    const claim = (count: number) =>
      keys.claim(count, (claimed) => engine.commit([keysRow(keeping, claimed, journaled)]));
    const ops = await replayJournal({ rows, engine, keys, claim }, entries);
    // What is erased no longer says which numbers were used.
    const arrivals = TABLES.meta.encode([real, exercise]);
    ops.push(sealRow(TABLES.meta.keyspace.key(ARRIVALS), arrivals));
    await engine.commit([...ops, keysRow(keeping, keys.revision)]);
  }
  const pending = await listTable(rows, TABLES.erasures, []);
  if (pending.length === 0) return;
  await makeFinal(
    engine,
    keeping,
    pending.map(({ key: [keyNumber], row }) => pendingOf(keyNumber, row)),
  );
}
