import { equalBytes } from '@comity/digest';
import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { headerOf } from '@comity/record';
import type { EngineRange, EngineReader } from './engine/engine.ts';
import {
  type KeyRange,
  keyspaceNameOf,
  LOG_ENTRY,
  LOG_HEAD,
  REALMS,
  RECORD,
  RECORD_BY_ISSUER,
  RECORD_BY_SUBJECT,
  RECORD_BY_TYPE,
  RECORD_ID,
  RELEASED,
  RETRACTION,
  type Realm,
  SUCCESSOR,
  TOMBSTONE,
} from './layout/keyspace.ts';
import type { RowReader } from './layout/row-reader.ts';
import type { SealedRow } from './layout/row-seal.ts';
import { decodeRowValue } from './layout/row-value.ts';
import { arrivalIn, derivedRows, erasedRow, openContent } from './records/record-row.ts';
import { recipientOf, releasedRows } from './released.ts';

const RECORD_INDEXES = [
  RECORD_ID,
  RECORD_BY_TYPE,
  RECORD_BY_ISSUER,
  RECORD_BY_SUBJECT,
  RETRACTION,
  SUCCESSOR,
] as const;

/** Where the rows are that lead to the records of a realm. */
export function indexRanges(realm: Realm): KeyRange[] {
  return RECORD_INDEXES.map((index) => index.range(realm));
}

/** Where the rows are that follow from other rows. */
export function derivedRanges(): EngineRange[] {
  return [...REALMS.flatMap(indexRanges), RELEASED.range()];
}

/** Told of a row that nothing can be derived from. */
export type OnUnreadable = (error: unknown) => void;

/** Every row that should be there because of a record, a tombstone or an entry of an outgoing ledger, in chunks. */
export async function* expectedDerivedRows(
  rows: RowReader,
  engine: EngineReader,
  onUnreadable: OnUnreadable,
): AsyncGenerator<SealedRow[]> {
  for (const realm of REALMS) {
    for await (const chunk of engine.range(RECORD.range(realm))) {
      yield chunk.flatMap(({ key, value }) =>
        derive(() => rowsOfContent(realm, key, rows.open(key, value)), onUnreadable),
      );
    }
    for await (const chunk of engine.range(TOMBSTONE.range(realm))) {
      yield chunk.map(({ key }) => erasedRow(...TOMBSTONE.parse(key)));
    }
  }
  for (const { key } of await rows.all(LOG_HEAD.range())) {
    const [log] = LOG_HEAD.parse(key);
    if (recipientOf(log) === undefined) continue;
    for await (const chunk of engine.range(LOG_ENTRY.range(log))) {
      yield chunk.flatMap(({ key, value }) =>
        derive(() => rowsOfEntry(key, rows.open(key, value)), onUnreadable),
      );
    }
  }
}

function derive(rows: () => SealedRow[], onUnreadable: OnUnreadable): SealedRow[] {
  try {
    return rows();
  } catch (error) {
    onUnreadable(error);
    return [];
  }
}

/** What a comparison of expected with stored rows has counted so far. */
export class DerivedCount {
  expected = 0;
  unreadable = 0;
  /** Expected rows that are stored, rightly or wrongly. */
  #stored = 0;

  /** Those of the expected rows that are stored differently or not at all. */
  async compare(reader: EngineReader, expected: readonly SealedRow[]): Promise<SealedRow[]> {
    const found = await reader.getMany(expected.map(({ key }) => key));
    this.expected += expected.length;
    this.#stored += found.filter((value) => value !== undefined).length;
    return expected.filter(({ value }, index) => {
      const stored = found[index];
      return stored === undefined || !equalBytes(stored, value);
    });
  }

  /**
   * Whether there are rows that nothing was expected of. To count them costs a fraction of asking of each what it follows
   * from, and a store has none.
   */
  async mayHoldStrays(reader: EngineReader): Promise<boolean> {
    if (this.unreadable > 0) return true;
    let held = 0;
    for (const range of derivedRanges()) {
      for await (const chunk of reader.range(range)) held += chunk.length;
    }
    return held !== this.#stored;
  }
}

/** Whether a derived row has nothing that it follows from. Asks the rows of this moment. */
export async function isStray(rows: RowReader, key: Uint8Array, value: Uint8Array): Promise<boolean> {
  try {
    const expected = await rowsBeside(rows, key, rows.open(key, value));
    return !expected.some((row) => equalBytes(row.key, key) && equalBytes(row.value, value));
  } catch (error) {
    // A record that cannot be read says nothing about its rows: they stay.
    return isFault(error, 'store.row-damaged') && keyspaceNameOf(key) === error.fields.keyspace;
  }
}

async function rowsBeside(
  rows: RowReader,
  key: Uint8Array,
  payload: Uint8Array | undefined,
): Promise<SealedRow[]> {
  if (keyspaceNameOf(key) === 'released') {
    const [peer, , index] = RELEASED.parse(key);
    const entryKey = LOG_ENTRY.key(`ledger/out/${peer}`, index);
    const entry = await rows.get(entryKey);
    return entry === undefined ? [] : rowsOfEntry(entryKey, entry);
  }
  const realm = REALMS.find((candidate) => RECORD.range(candidate).gte[0] === key[0]) as Realm;
  const arrival = payload === undefined ? undefined : arrivalIn(payload);
  if (arrival === undefined) return rowsOfTombstone(rows, key);
  const contentKey = RECORD.key(realm, arrival);
  return rowsOfContent(realm, contentKey, await rows.get(contentKey));
}

async function rowsOfTombstone(rows: RowReader, key: Uint8Array): Promise<SealedRow[]> {
  if (keyspaceNameOf(key) !== RECORD_ID.name) return [];
  const place = RECORD_ID.parse(key);
  return (await rows.get(TOMBSTONE.key(...place))) === undefined ? [] : [erasedRow(...place)];
}

function rowsOfContent(realm: Realm, key: Uint8Array, payload: Uint8Array | undefined): SealedRow[] {
  if (payload === undefined) return [];
  const { bytes, arrival } = openContent(realm, RECORD.parse(key)[1], payload);
  return derivedRows(headerOf(bytes), arrival);
}

function rowsOfEntry(key: Uint8Array, payload: Uint8Array | undefined): SealedRow[] {
  if (payload === undefined) return [];
  const [log, index] = LOG_ENTRY.parse(key);
  const [leaf] = decodeRowValue(payload) as [Uint8Array];
  return releasedRows(recipientOf(log) as StateId, index, leaf);
}
