import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Engine } from './engine/engine.ts';
import { STORE_FORMAT } from './home/marker.ts';
import { type Keeping, keysRow } from './keys/settle-keys.ts';
import type { RowReader } from './layout/row-reader.ts';
import { getRow } from './table-reader.ts';
import { TABLES } from './tables.ts';
import { WriteSet } from './write-set.ts';

const FORMAT = 'format';
const STATE = 'state';

/** Writes into a new engine what {@link requireIdentity} looks for, and which keys its contents are sealed under. */
export async function writeIdentity(engine: Engine, state: StateId, keeping: Keeping): Promise<void> {
  const set = new WriteSet().put(TABLES.meta, [FORMAT], STORE_FORMAT).put(TABLES.meta, [STATE], state);
  await engine.commit([...set.ops, keysRow(keeping, keeping.keys.revision)]);
}

/** Whether an engine holds a store at all. */
export async function hasIdentity(engine: Engine): Promise<boolean> {
  return (await engine.get(TABLES.meta.keyspace.key(STATE))) !== undefined;
}

/**
 * The engine must say of itself what the marker beside it says: a marker and a database can be mixed up.
 *
 * @throws Fault `store.rolled-back`, `store.format-unsupported`, `store.wrong-state`
 */
export async function requireIdentity(rows: RowReader, state: StateId): Promise<void> {
  const [format, held] = [
    await getRow(rows, TABLES.meta, [FORMAT]),
    await getRow(rows, TABLES.meta, [STATE]),
  ];
  if (format === undefined || held === undefined) {
    throw new Fault('store.rolled-back', 'the store is empty');
  }
  if (format !== STORE_FORMAT) {
    throw new Fault('store.format-unsupported', `expected format ${STORE_FORMAT}`, {
      fields: { expected: STORE_FORMAT },
    });
  }
  if (held !== state) throw new Fault('store.wrong-state', 'the store belongs to another state');
}
