import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { chainEntry } from './audit/audit-chain.ts';
import type { EngineOp } from './engine/engine.ts';
import { COMMITS, type HeadMove, type Heads } from './heads.ts';
import type { LogName } from './layout/key-fields.ts';
import type { Realm } from './layout/keyspace.ts';
import { sealRow } from './layout/row-seal.ts';
import type { LogHead } from './log/log-reader.ts';
import { growLog, type LogState, rootOfState } from './log/log-state.ts';
import {
  contentRow,
  mergeArrival,
  type NewRecord,
  realmOf,
  recordRows,
  requireOwnId,
  type StoredRecord,
} from './records/record-row.ts';
import { recipientOf, releasedRows } from './released.ts';
import { TABLES } from './tables.ts';
import type { PreparedRows, WriteSet } from './write-set.ts';

/** What became of a record that was put. */
export interface PutOutcome {
  readonly id: RecordId;
  readonly realm: Realm;
  readonly arrival: number;
  /** Whether it was not here before. */
  readonly isNew: boolean;
  /** Whether anything was written for it. */
  readonly isChanged: boolean;
}

/** What became of a log that was appended to. */
export interface AppendOutcome extends LogHead {
  /** Index of the first entry of the set. */
  readonly firstIndex: number;
}

/** What a commit has done. */
export interface CommitOutcome {
  /** In the order in which they were put. */
  readonly records: readonly PutOutcome[];
  readonly logs: ReadonlyMap<LogName, AppendOutcome>;
}

/** A batch and what it moves. */
export interface CommitPlan {
  readonly ops: readonly EngineOp[];
  readonly move: HeadMove;
  readonly outcome: CommitOutcome;
}

/**
 * Turns a write set into one batch upon the planned heads. Synchronous: nothing else is planned between reading the
 * heads and moving them. Changes nothing itself, so a set that is refused leaves no trace.
 *
 * @throws Fault `store.log-moved`, `store.checkpoint-mismatch`, `store.record-id-mismatch`, `store.key-invalid`
 */
export function planCommit(
  set: WriteSet,
  heads: Heads,
  stored: ReadonlyMap<RecordId, StoredRecord>,
): CommitPlan {
  const ops: EngineOp[] = [...set.ops];
  const nextArrival = { ...heads.nextArrival };
  const records = planRecords(set, nextArrival, stored, ops);
  const { logs, states } = planLogs(set, heads, ops);
  planCheckpoints(set, heads, states, ops);
  let audit = heads.plannedAudit;
  for (const entry of set.auditEntries) {
    const link = chainEntry(audit, entry);
    audit = link.tip;
    ops.push(link.row);
  }
  const commits = heads.plannedCommits + 1;
  ops.push(sealRow(TABLES.meta.keyspace.key(COMMITS), TABLES.meta.encode(commits)));
  return {
    ops,
    move: { commits, audit, nextArrival, logs: [...states.values()] },
    outcome: { records, logs },
  };
}

interface Draft {
  readonly stored: StoredRecord;
  readonly isNew: boolean;
  readonly isChanged: boolean;
  /** Of a new record: what its indexes are made from, and rows that are still right for it. */
  readonly record?: NewRecord;
  readonly prepared?: PreparedRows | undefined;
}

function planRecords(
  set: WriteSet,
  nextArrival: Record<Realm, number>,
  stored: ReadonlyMap<RecordId, StoredRecord>,
  ops: EngineOp[],
): PutOutcome[] {
  const drafts = new Map<RecordId, Draft>();
  for (const { record, prepared } of set.records) {
    requireOwnId(record);
    const { id } = record.header;
    const held = stored.get(id);
    const before =
      drafts.get(id) ?? (held === undefined ? undefined : { stored: held, isNew: false, isChanged: false });
    drafts.set(
      id,
      before === undefined ? draftNew(record, prepared, nextArrival) : draftMerged(before, record),
    );
  }
  for (const draft of drafts.values()) if (draft.isChanged) ops.push(...rowsOf(draft));
  return set.records.map(({ record }) => {
    const { stored: result, isNew, isChanged } = drafts.get(record.header.id) as Draft;
    return { id: result.id, realm: result.realm, arrival: result.arrival, isNew, isChanged };
  });
}

function draftNew(
  record: NewRecord,
  prepared: PreparedRows | undefined,
  nextArrival: Record<Realm, number>,
): Draft {
  const { header, bytes, disclosures, source } = record;
  const realm = realmOf(header);
  const arrival = prepared?.arrival ?? nextArrival[realm];
  if (prepared === undefined) nextArrival[realm] = arrival + 1;
  const stored = { id: header.id, realm, arrival, bytes, disclosures, sources: [source] };
  return { stored, isNew: true, isChanged: true, record, prepared };
}

function draftMerged(before: Draft, record: NewRecord): Draft {
  const merged = mergeArrival(before.stored, record);
  if (merged === undefined) return before;
  return { ...before, stored: { ...before.stored, ...merged }, isChanged: true, prepared: undefined };
}

function rowsOf({ stored, record, prepared }: Draft): readonly EngineOp[] {
  if (prepared !== undefined) return prepared.rows;
  const { realm, arrival, bytes, disclosures, sources } = stored;
  if (record === undefined) return [contentRow(realm, arrival, bytes, disclosures, sources)];
  const rows = recordRows(record, arrival);
  // Put twice in one set: the content is that of both.
  if (stored.sources.length > 1) rows[0] = contentRow(realm, arrival, bytes, disclosures, sources);
  return rows;
}

function planLogs(set: WriteSet, heads: Heads, ops: EngineOp[]) {
  const logs = new Map<LogName, AppendOutcome>();
  const states = new Map<LogName, LogState>();
  for (const [log, { entries, atSize }] of set.appends) {
    const before = heads.plannedLog(log);
    if (atSize !== undefined && atSize !== before.size) {
      throw new Fault(
        'store.log-moved',
        `expected the log to have ${atSize} entries, it has ${before.size}`,
        {
          fields: { log, expected: atSize, got: before.size },
        },
      );
    }
    const { state, rows } = growLog(before, entries);
    ops.push(...rows);
    const peer = recipientOf(log);
    if (peer !== undefined) {
      for (const [added, { leaf }] of entries.entries())
        ops.push(...releasedRows(peer, before.size + added, leaf));
    }
    states.set(log, state);
    logs.set(log, {
      firstIndex: before.size,
      size: state.size,
      root: rootOfState(state),
      frontier: state.frontier,
    });
  }
  return { logs, states };
}

function planCheckpoints(
  set: WriteSet,
  heads: Heads,
  states: ReadonlyMap<LogName, LogState>,
  ops: EngineOp[],
): void {
  for (const { log, size, root, note } of set.checkpoints) {
    const before = heads.plannedLog(log);
    const state = states.get(log) ?? before;
    // An older size was checked when the log had it; fsck recomputes them all.
    const comparable = [state, before].find((candidate) => candidate.size === size);
    if (size > state.size || (comparable !== undefined && !equalBytes(rootOfState(comparable), root))) {
      throw new Fault('store.checkpoint-mismatch', `a checkpoint of size ${size} is not one of this log`, {
        fields: { log, size, logSize: state.size },
      });
    }
    ops.push(sealRow(TABLES.checkpoints.keyspace.key(log, size), TABLES.checkpoints.encode({ root, note })));
  }
}
