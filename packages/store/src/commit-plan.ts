import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { chainEntry } from './audit/audit-chain.ts';
import type { EngineOp } from './engine/engine.ts';
import { ARRIVALS, COMMITS, type HeadMove, type Heads } from './heads.ts';
import type { PendingErasure } from './keys/pending-erasure.ts';
import type { LogName } from './layout/key-fields.ts';
import { sealRow } from './layout/row-seal.ts';
import type { RowValue } from './layout/row-value.ts';
import type { LogHead } from './log/log-reader.ts';
import { growLog, type LogState, rootOfState } from './log/log-state.ts';
import { type PutOutcome, planRecords, type RecordGround } from './record-plan.ts';
import { recipientOf, releasedRows } from './released.ts';
import { TABLES } from './tables.ts';
import type { WriteSet } from './write-set.ts';

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
  /** Records that were held, and are no more. */
  readonly erased: readonly RecordId[];
  /** Records of which something was taken away, or will not come back. */
  readonly narrowed: readonly RecordId[];
}

/** What a commit without anything in it has done. */
export const NOTHING: CommitOutcome = { records: [], logs: new Map(), erased: [], narrowed: [] };

/** A batch and what it moves. */
export interface CommitPlan {
  readonly ops: readonly EngineOp[];
  readonly move: HeadMove;
  readonly outcome: CommitOutcome;
  /** What is to be made final when the batch is on disk. */
  readonly pending: readonly PendingErasure[];
}

/**
 * Turns a write set into one batch upon the planned heads. Synchronous: nothing else is planned between reading the
 * heads and moving them. Changes nothing itself, so a set that is refused leaves no trace.
 *
 * @throws Fault `store.log-moved`, `store.checkpoint-mismatch`, `store.record-id-mismatch`, `store.key-invalid`
 */
export function planCommit(set: WriteSet, heads: Heads, ground: RecordGround): CommitPlan {
  const ops: EngineOp[] = [...set.ops];
  const nextArrival = { ...heads.nextArrival };
  const { puts, erased, narrowed, pending } = planRecords(set, ground, nextArrival, ops);
  // What is erased no longer says which numbers were used.
  if (erased.length > 0) ops.push(metaRow(ARRIVALS, [nextArrival.real, nextArrival.exercise]));
  const { logs, states } = planLogs(set, heads, ops);
  planCheckpoints(set, heads, states, ops);
  let audit = heads.plannedAudit;
  for (const entry of set.auditEntries) {
    const link = chainEntry(audit, entry);
    audit = link.tip;
    ops.push(link.row);
  }
  const commits = heads.plannedCommits + 1;
  ops.push(metaRow(COMMITS, commits));
  return {
    ops,
    move: { commits, audit, nextArrival, logs: [...states.values()] },
    outcome: { records: puts, logs, erased, narrowed },
    pending,
  };
}

function metaRow(name: string, value: RowValue): EngineOp {
  return sealRow(TABLES.meta.keyspace.key(name), TABLES.meta.encode(value));
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
