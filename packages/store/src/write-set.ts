import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { NewAuditEntry } from './audit/audit-chain.ts';
import type { EngineOp } from './engine/engine.ts';
import type { LogName } from './layout/key-fields.ts';
import { sealRow } from './layout/row-seal.ts';
import type { RowValue } from './layout/row-value.ts';
import type { NewLogEntry } from './log/log-state.ts';
import type { MergeGuard } from './records/merge-guard.ts';
import type { IndexedHeader, NewRecord, NoteKind, StoredRecord } from './records/record-row.ts';
import type { Erasure, Table } from './tables.ts';

/** Entries for one log, in order. */
export interface LogAppend {
  readonly entries: NewLogEntry[];
  /** The size that the log must have before the first of them; undefined where any will do. */
  readonly atSize: number | undefined;
}

/** A signed checkpoint to be stored. */
export interface NewCheckpoint {
  readonly log: LogName;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** What is noted of a record as it was read. */
export interface RecordNote {
  readonly record: StoredRecord;
  readonly kind: NoteKind;
  readonly note: RowValue;
}

/** Whether a record may be put as it stands in the set, by what is known at the moment of asking. */
type PutGuard = (header: IndexedHeader) => boolean;

/**
 * Everything that one decision changes, collected and then committed as one batch: record, indexes, ledger, log, audit
 * (reliability §3, rule 1). It holds wishes, not rows: numbers, hashes and heads are decided by `Store.commit`, so a set
 * can be filled at leisure and thrown away.
 */
export class WriteSet {
  readonly ops: EngineOp[] = [];
  readonly records: NewRecord[] = [];
  /** By the record, and by the issuer that it has to have. */
  readonly erasures = new Map<RecordId, Map<StateId, Erasure>>();
  readonly notes: RecordNote[] = [];
  readonly narrowings = new Map<RecordId, Map<StateId, Set<string>>>();
  readonly appends = new Map<LogName, LogAppend>();
  readonly checkpoints: NewCheckpoint[] = [];
  readonly auditEntries: NewAuditEntry[] = [];
  mergeGuard: MergeGuard | undefined;
  putGuard: PutGuard | undefined;

  /**
   * Stores a record, or adds its disclosures and source to the one that is there. A record that was erased does not come
   * back: then the commit is refused with `store.record-erased`. Nor do parts that were taken away: they are left out.
   */
  putRecord(record: NewRecord): this {
    this.records.push(record);
    return this;
  }

  /** Notes something of a record that is held as it was read; nothing where it has changed since. */
  note(kind: NoteKind, record: StoredRecord, note: RowValue): this {
    this.notes.push({ record, kind, note });
    return this;
  }

  /**
   * Erases a record: content and indexes go, and the key of the content is destroyed before the commit resolves, so that no
   * copy of the engine's files can be read. A tombstone stays. Nothing happens where the record is not held, not any more, or
   * is one of another issuer.
   */
  eraseRecord(id: RecordId, issuer: StateId, erasure: Erasure): this {
    byIssuer(this.erasures, id).set(issuer, erasure);
    return this;
  }

  /**
   * Takes the parts with these digests (hexadecimal) away from a record for good, and what stands inside them. What is left is
   * sealed under another key, and the one of before is destroyed before the commit resolves. Nothing happens where the record
   * is not held or is one of another issuer.
   */
  narrowRecord(id: RecordId, issuer: StateId, digests: Iterable<string>): this {
    const narrowings = byIssuer(this.narrowings, id);
    narrowings.set(issuer, new Set([...(narrowings.get(issuer) ?? []), ...digests]));
    return this;
  }

  /**
   * Has the commit refused with `store.merge-refused` where a record would be stored with more disclosures than one arrival
   * had, and the guard says no. It is asked while nobody else can change these records.
   */
  guardMerges(guard: MergeGuard): this {
    this.mergeGuard = guard;
    return this;
  }

  /**
   * Has the commit refused with `store.put-refused` where the guard says no of a record that is put. It is asked while nobody
   * else can change these records: what became known while the set waited for them counts.
   */
  guardPuts(guard: PutGuard): this {
    this.putGuard = guard;
    return this;
  }

  /**
   * Appends entries to a log. With `atSize` the commit is refused where the log has moved on: for entries that were
   * checked against a checkpoint, or that a receipt was signed for.
   */
  append(log: LogName, entries: readonly NewLogEntry[], options?: { readonly atSize?: number }): this {
    const append = this.appends.get(log) ?? { entries: [], atSize: options?.atSize };
    append.entries.push(...entries);
    this.appends.set(log, append);
    return this;
  }

  /** Stores a checkpoint of a log, of the size that the log has after this set or of an earlier one. */
  putCheckpoint(checkpoint: NewCheckpoint): this {
    this.checkpoints.push(checkpoint);
    return this;
  }

  /** @throws Fault `store.key-invalid`, `cbor.*` */
  put<Key extends readonly unknown[], Row>(table: Table<Key, Row>, key: Key, row: Row): this {
    this.ops.push(sealRow(table.keyspace.key(...key), table.encode(row)));
    return this;
  }

  /** @throws Fault `store.key-invalid` */
  delete<Key extends readonly unknown[], Row>(table: Table<Key, Row>, key: Key): this {
    this.ops.push({ type: 'del', key: table.keyspace.key(...key) });
    return this;
  }

  /** Adds an entry to the audit chain. */
  audit(entry: NewAuditEntry): this {
    this.auditEntries.push(entry);
    return this;
  }

  get isEmpty(): boolean {
    return (
      this.ops.length === 0 &&
      this.records.length === 0 &&
      this.notes.length === 0 &&
      this.erasures.size === 0 &&
      this.narrowings.size === 0 &&
      this.appends.size === 0 &&
      this.checkpoints.length === 0 &&
      this.auditEntries.length === 0
    );
  }
}

function byIssuer<Value>(wishes: Map<RecordId, Map<StateId, Value>>, id: RecordId): Map<StateId, Value> {
  const known = wishes.get(id) ?? new Map<StateId, Value>();
  wishes.set(id, known);
  return known;
}
