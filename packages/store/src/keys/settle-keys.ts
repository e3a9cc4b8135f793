import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Engine, EngineOp } from '../engine/engine.ts';
import { ERASURE } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { type SealedRow, sealRow } from '../layout/row-seal.ts';
import { getRow, listTable } from '../table-reader.ts';
import { TABLES } from '../tables.ts';
import { dropDestroyed } from './drop-destroyed.ts';
import type { DestroyedKey, RecordKeys } from './record-keys.ts';

/** Name of the meta row that says which keys the engine knows of. */
const KEYS = 'record-keys';

/** The row by which an engine knows a revision of the keys. */
export function keysRow(keys: RecordKeys, revision: number): SealedRow {
  return sealRow(TABLES.meta.keyspace.key(KEYS), TABLES.meta.encode([keys.store, revision]));
}

/** Takes key numbers that nobody else gets, and gives the first. Rejects as `RecordKeys.claim`. */
export function claimNumbers(engine: Engine, keys: RecordKeys, count: number): Promise<number> {
  return keys.claim(count, (revision) => engine.commit([keysRow(keys, revision)]));
}

/**
 * Destroys keys of which the engine says that they are to be destroyed, and has it say so no longer. Whatever step a power
 * cut hits, {@link settleKeys} finishes the work.
 */
export function destroyKeys(
  engine: Engine,
  keys: RecordKeys,
  destroyed: readonly DestroyedKey[],
): Promise<void> {
  const done = destroyed.map(({ number }): EngineOp => ({ type: 'del', key: ERASURE.key(number) }));
  return keys.destroy(destroyed, (revision) => engine.commit([keysRow(keys, revision), ...done]));
}

/**
 * Brings engine and keys together when a store is opened. An engine may be older than the keys, where a copy of it was put
 * back: then what was erased since is erased again. Keys may not be older than the engine: numbers would be given out twice,
 * and keys that were destroyed would be back.
 *
 * @throws Fault `store.keys-damaged`, `store.keys-outdated`
 */
export async function settleKeys(rows: RowReader, engine: Engine, keys: RecordKeys): Promise<void> {
  const known = (await getRow(rows, TABLES.meta, [KEYS])) as [Uint8Array, number] | undefined;
  if (known === undefined || !equalBytes(known[0], keys.store)) {
    const reason = 'is of another store';
    throw new Fault('store.keys-damaged', `the file of the record keys ${reason}`, { fields: { reason } });
  }
  const [, revision] = known;
  if (revision > keys.revision) {
    throw new Fault(
      'store.keys-outdated',
      `expected revision ${revision} of the record keys, got ${keys.revision}`,
      {
        fields: { expected: revision, got: keys.revision },
      },
    );
  }
  if (revision < keys.destroyedAtRevision) {
    const ops = await dropDestroyed(rows, engine, keys);
    await engine.commit([...ops, keysRow(keys, keys.revision)]);
  }
  const pending = await listTable(rows, TABLES.erasures, []);
  if (pending.length === 0) return;
  const destroyed = pending.map(({ key: [number], row }) => ({ number, isReplaced: row === true }));
  await destroyKeys(engine, keys, destroyed);
}
