import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import { type AuditEntry, type AuditTip, readAuditEntries } from './audit/audit-chain.ts';
import type { Heads } from './heads.ts';
import type { LogName } from './layout/key-fields.ts';
import { type LeadingValues, LOG_HEAD, REALMS, type Realm } from './layout/keyspace.ts';
import type { RowReader } from './layout/row-reader.ts';
import { LogReader } from './log/log-reader.ts';
import { RecordReader } from './records/record-reader.ts';
import { type ReleasedDigests, readReleased } from './released.ts';
import { getRow, listTable, type TableListing, type TableRow } from './table-reader.ts';
import type { Table, TombstoneRow } from './tables.ts';

/**
 * All that can be read of a store. Everything read was checked against its digest or its tag, and is on disk.
 *
 * Rejects with `store.row-damaged`, `store.row-missing`, `store.record-id-mismatch` and `store.damaged` where it is not
 * as it was written, and with `store.stopped` and `store.closed`.
 */
export class StoreReader {
  protected readonly rows: RowReader;
  protected readonly heads: Heads;
  readonly #records: Readonly<Record<Realm, RecordReader>>;

  protected constructor(rows: RowReader, heads: Heads) {
    this.rows = rows;
    this.heads = heads;
    this.#records = { real: new RecordReader(rows, 'real'), exercise: new RecordReader(rows, 'exercise') };
  }

  /** The records of a realm: real ones, unless exercise is said. */
  records(realm: Realm = 'real'): RecordReader {
    return this.#records[realm];
  }

  /** The realm that holds a record, for what knows only its id; undefined where neither does. */
  async realmOf(id: RecordId): Promise<Realm | undefined> {
    const [real, exercise] = await Promise.all(REALMS.map((realm) => this.#records[realm].arrivalsOf([id])));
    return real?.[0] !== undefined ? 'real' : exercise?.[0] !== undefined ? 'exercise' : undefined;
  }

  /** What is kept of a record that was erased, for what knows only its id; undefined for all others. */
  async tombstone(id: RecordId): Promise<TombstoneRow | undefined> {
    const [real, exercise] = await Promise.all(REALMS.map((realm) => this.#records[realm].tombstone(id)));
    return real ?? exercise;
  }

  /** A log, which is empty where nothing was appended to it yet. */
  async log(name: LogName): Promise<LogReader> {
    await this.heads.loadLogs([name]);
    return new LogReader(this.rows, name, () => this.heads.committedLog(name));
  }

  /** The names of the logs that have entries. */
  async logNames(): Promise<LogName[]> {
    const heads = await this.rows.all(LOG_HEAD.range());
    return heads.map(({ key }) => LOG_HEAD.parse(key)[0]);
  }

  /** What was released of a record to a peer so far. */
  released(peer: StateId, record: RecordId): Promise<ReleasedDigests> {
    return readReleased(this.rows, peer, record);
  }

  /** Entries of the audit chain from a sequence number on, in chunks, at most so many. @throws Fault `store.audit-broken` */
  audit(fromSequence = 1, limit?: number): AsyncIterableIterator<readonly AuditEntry[]> {
    return readAuditEntries(this.rows, fromSequence, limit);
  }

  /** The last committed entry of the audit chain. */
  get auditTip(): AuditTip {
    return this.heads.audit;
  }

  /** Batches committed since the store was made. */
  get commits(): number {
    return this.heads.commits;
  }

  get<Key extends readonly unknown[], Row>(table: Table<Key, Row>, key: Key): Promise<Row | undefined> {
    return getRow(this.rows, table, key);
  }

  /** The rows whose keys begin with these values, in the order of their keys. */
  list<Key extends readonly unknown[], Row>(
    table: Table<Key, Row>,
    leading: LeadingValues<Key>,
    listing?: TableListing<NoInfer<Key>>,
  ): Promise<TableRow<Key, Row>[]> {
    return listTable(this.rows, table, leading, listing);
  }
}
