import type { EngineRange } from './engine/engine.ts';
import type { LeadingValues } from './layout/keyspace.ts';
import type { RowReader } from './layout/row-reader.ts';
import type { Table } from './tables.ts';

/** A row of a table with its key. */
export interface TableRow<Key extends readonly unknown[], Row> {
  readonly key: Key;
  readonly row: Row;
}

/** How a table is listed. */
export interface TableListing<Key extends readonly unknown[] = readonly unknown[]> {
  /** The least key that is listed. */
  readonly from?: Key;
  /** The greatest key that is listed. */
  readonly to?: Key;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export async function getRow<Key extends readonly unknown[], Row>(
  rows: RowReader,
  table: Table<Key, Row>,
  key: Key,
): Promise<Row | undefined> {
  const payload = await rows.get(table.keyspace.key(...key));
  return payload === undefined ? undefined : table.decode(payload);
}

/** The rows whose keys begin with these values, in the order of their keys. */
export async function listTable<Key extends readonly unknown[], Row>(
  rows: RowReader,
  table: Table<Key, Row>,
  leading: LeadingValues<Key>,
  { from, to, ...listing }: TableListing<NoInfer<Key>> = {},
): Promise<TableRow<Key, Row>[]> {
  const range: EngineRange = {
    ...table.keyspace.range(...leading),
    ...(from !== undefined && { gte: table.keyspace.key(...from) }),
    ...(to !== undefined && { lt: justAfter(table.keyspace.key(...to)) }),
    ...listing,
  };
  const found = await rows.all(range);
  return found.map(({ key, payload }) => ({ key: table.keyspace.parse(key), row: table.decode(payload) }));
}

/** The least key after this one. */
function justAfter(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
