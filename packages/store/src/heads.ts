import { type AuditTip, readAuditTip } from './audit/audit-chain.ts';
import type { LogName } from './layout/key-fields.ts';
import { RECORD, type Realm } from './layout/keyspace.ts';
import type { RowReader } from './layout/row-reader.ts';
import { type LogState, loadLogState } from './log/log-state.ts';
import { getRow } from './table-reader.ts';
import { TABLES } from './tables.ts';

/** Name of the meta row that counts committed batches. */
export const COMMITS = 'commits';

/** Name of the meta row with the arrival numbers that were not used yet when something was last erased. */
export const ARRIVALS = 'arrivals';

/** What a commit moves forward. */
export interface HeadMove {
  readonly commits: number;
  readonly audit: AuditTip;
  readonly nextArrival: Readonly<Record<Realm, number>>;
  readonly logs: readonly LogState[];
}

/**
 * The ends of everything that only grows, twice: as planned, which the next commit builds upon while earlier ones are
 * still being written, and as committed, which readers see. Where a write fails the engine refuses everything after it,
 * so a plan can never be built upon a batch that is not there.
 */
export class Heads {
  readonly #rows: RowReader;
  readonly #planned = new Map<LogName, LogState>();
  readonly #committed = new Map<LogName, LogState>();
  readonly #loading = new Map<LogName, Promise<LogState>>();
  #plannedCommits: number;
  #plannedAudit: AuditTip;
  readonly #nextArrival: Record<Realm, number>;
  #commits: number;
  #audit: AuditTip;

  private constructor(rows: RowReader, commits: number, audit: AuditTip, nextArrival: Record<Realm, number>) {
    this.#rows = rows;
    this.#plannedCommits = commits;
    this.#plannedAudit = audit;
    this.#commits = commits;
    this.#audit = audit;
    this.#nextArrival = nextArrival;
  }

  static async load(rows: RowReader): Promise<Heads> {
    const commits = (await getRow(rows, TABLES.meta, [COMMITS])) ?? 0;
    const arrivals = ((await getRow(rows, TABLES.meta, [ARRIVALS])) ?? [0, 0]) as [number, number];
    const nextArrival = {
      real: Math.max(arrivals[0], await arrivalAfter(rows, 'real')),
      exercise: Math.max(arrivals[1], await arrivalAfter(rows, 'exercise')),
    };
    return new Heads(rows, commits as number, await readAuditTip(rows), nextArrival);
  }

  /** Batches committed since the store was made. */
  get commits(): number {
    return this.#commits;
  }

  get audit(): AuditTip {
    return this.#audit;
  }

  get plannedCommits(): number {
    return this.#plannedCommits;
  }

  get plannedAudit(): AuditTip {
    return this.#plannedAudit;
  }

  get nextArrival(): Readonly<Record<Realm, number>> {
    return this.#nextArrival;
  }

  /** Reads the heads of logs that were not used yet. Afterwards they are here for good. */
  async loadLogs(logs: Iterable<LogName>): Promise<void> {
    for (const log of logs) {
      if (this.#planned.has(log)) continue;
      const loading = this.#loading.get(log) ?? loadLogState(this.#rows, log);
      this.#loading.set(log, loading);
      try {
        const state = await loading;
        // Whoever waited for the same head may have planned upon it already.
        if (!this.#planned.has(log)) this.#planned.set(log, state);
        if (!this.#committed.has(log)) this.#committed.set(log, state);
      } finally {
        this.#loading.delete(log);
      }
    }
  }

  plannedLog(log: LogName): LogState {
    return this.#planned.get(log) as LogState;
  }

  committedLog(log: LogName): LogState {
    return this.#committed.get(log) as LogState;
  }

  /** A plan goes to the engine: the next one builds upon it. */
  advancePlanned(move: HeadMove): void {
    this.#plannedCommits = move.commits;
    this.#plannedAudit = move.audit;
    this.#nextArrival.real = move.nextArrival.real;
    this.#nextArrival.exercise = move.nextArrival.exercise;
    for (const state of move.logs) this.#planned.set(state.log, state);
  }

  /** The engine has confirmed a plan. Confirmations come in the order of the plans. */
  advanceCommitted(move: HeadMove): void {
    this.#commits = move.commits;
    this.#audit = move.audit;
    for (const state of move.logs) this.#committed.set(state.log, state);
  }
}

async function arrivalAfter(rows: RowReader, realm: Realm): Promise<number> {
  const last = await rows.firstKey({ ...RECORD.range(realm), reverse: true });
  return last === undefined ? 0 : RECORD.parse(last)[1] + 1;
}
