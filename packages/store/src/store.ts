import { fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { AuditTip } from './audit/audit-chain.ts';
import { type CommitOutcome, planCommit } from './commit-plan.ts';
import type { Engine } from './engine/engine.ts';
import { GuardedEngine } from './engine/guarded-engine.ts';
import { type FsckOptions, type FsckReport, runFsck } from './fsck/fsck.ts';
import { Heads } from './heads.ts';
import { readAuditHead } from './home/audit-head.ts';
import { withSystemFaults } from './home/durable-file.ts';
import { HeadWriter } from './home/head-writer.ts';
import { createHome, giveUp, markHome, type OpenedHome, reopenHome } from './home/open-home.ts';
import { REALMS, type Realm } from './layout/keyspace.ts';
import { RowReader } from './layout/row-reader.ts';
import { type RebuildReport, rebuildDerivedRows } from './rebuild.ts';
import { refusedMerges } from './records/merge-guard.ts';
import { RecordLocks } from './records/record-locks.ts';
import { realmOf, type StoredRecord } from './records/record-row.ts';
import { hasIdentity, requireIdentity, writeIdentity } from './store-identity.ts';
import { StoreReader } from './store-reader.ts';
import { verifyHeads } from './verify-heads.ts';
import type { WriteSet } from './write-set.ts';

/** How a store is opened. */
export interface StoreOptions {
  /** Refuses a store of another state. */
  readonly state?: StateId;
  /** How far audit-head.json may be behind, 1000 by default. */
  readonly headIntervalMs?: number;
  /** Puts something around the engine before the store uses it: for faults in tests. */
  readonly decorateEngine?: (engine: Engine) => Engine;
}

const DEFAULT_HEAD_INTERVAL_MS = 1_000;

/**
 * What a node keeps: records, logs, the audit chain and the tables around them, in one engine.
 *
 * After a write has failed everything rejects with `store.stopped`: close, open again, compare the heads with the peers.
 *
 * @example
 *   await using store = await Store.open(directory);
 *   await store.commit(new WriteSet().putRecord(record).append('origin', [{ leaf }]).audit(entry));
 */
export class Store extends StoreReader {
  readonly state: StateId;
  readonly #engine: GuardedEngine;
  readonly #recordLocks = new RecordLocks();
  readonly #home: OpenedHome | undefined;
  readonly #headWriter: HeadWriter | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    engine: GuardedEngine,
    heads: Heads,
    state: StateId,
    home?: OpenedHome,
    headIntervalMs?: number,
  ) {
    super(new RowReader(engine), heads);
    this.state = state;
    this.#engine = engine;
    this.#home = home;
    if (home === undefined) return;
    this.#headWriter = new HeadWriter(
      home.paths,
      {
        exclusive: (job) => engine.exclusive(job),
        heads: () => ({
          commits: heads.commits,
          auditSequence: heads.audit.sequence,
          auditHash: toHex(heads.audit.hash),
        }),
        failed: (error) => engine.stop(error),
      },
      headIntervalMs ?? DEFAULT_HEAD_INTERVAL_MS,
    );
  }

  /**
   * Makes a new store in a directory of its own, and opens it.
   *
   * @throws Fault `store.exists`, `store.locked`, `store.io-failed`, `store.write-failed`
   */
  static create(directory: string, options: StoreOptions & { readonly state: StateId }): Promise<Store> {
    return withSystemFaults(() => Store.#create(directory, options));
  }

  static async #create(
    directory: string,
    options: StoreOptions & { readonly state: StateId },
  ): Promise<Store> {
    const home = await createHome(directory, options.state);
    const engine = guard(home.engine, options);
    return orAbandon(home, engine, async () => {
      await writeIdentity(engine, options.state);
      const store = new Store(
        engine,
        await Heads.load(new RowReader(engine)),
        options.state,
        home,
        options.headIntervalMs,
      );
      await store.#headWriter?.write('open');
      await markHome(home);
      return store;
    });
  }

  /**
   * Opens a store: its files are checked and copied first, and what it holds must reach the head written down outside it.
   *
   * @throws Fault `store.not-found`, `store.format-unsupported`, `store.wrong-state`, `store.locked`,
   *   `store.head-missing`, `store.damaged`, `store.rolled-back`, `store.audit-broken`, `store.row-damaged`,
   *   `store.io-failed`
   */
  static open(directory: string, options: StoreOptions = {}): Promise<Store> {
    return withSystemFaults(() => Store.#open(directory, options));
  }

  static async #open(directory: string, options: StoreOptions): Promise<Store> {
    const home = await reopenHome(directory, options.state);
    const engine = guard(home.engine, options);
    return orAbandon(home, engine, async () => {
      try {
        const rows = new RowReader(engine);
        await requireIdentity(rows, home.state);
        const heads = await Heads.load(rows);
        await verifyHeads(rows, heads, home.head);
        const store = new Store(engine, heads, home.state, home, options.headIntervalMs);
        await store.#headWriter?.write('open');
        await home.copy.keep();
        return store;
      } catch (error) {
        await giveUp(home.copy, error);
        throw error;
      }
    });
  }

  /** A store upon any engine, without files of its own: made where the engine is empty. For simulations. */
  static async onEngine(inner: Engine, options: StoreOptions & { readonly state: StateId }): Promise<Store> {
    const engine = guard(inner, options);
    const rows = new RowReader(engine);
    if (!(await hasIdentity(rows))) await writeIdentity(engine, options.state);
    await requireIdentity(rows, options.state);
    return new Store(engine, await Heads.load(rows), options.state);
  }

  /** Whether a failed write has stopped the store. */
  get stopped(): boolean {
    return this.#engine.stopped;
  }

  /** Takes arrival numbers for records whose rows are prepared elsewhere, and gives the first. Unused ones are gaps. */
  reserveArrivals(realm: Realm, count: number): number {
    return this.heads.reserveArrivals(realm, count);
  }

  /**
   * Makes everything in the set happen, in one durable batch, or nothing. Commits may run side by side: they are planned
   * in the order in which they get there, and written together.
   *
   * Rejects with `store.merge-refused` (fields: `puts`, indexes among the records of the set, and `codes`),
   * `store.log-moved`, `store.checkpoint-mismatch`, `store.record-id-mismatch`, `store.key-invalid`,
   * `log.*` or `cbor.*` where the set is refused, with `store.write-failed` where the outcome is unknown, and with
   * `store.stopped` or `store.closed`.
   */
  async commit(set: WriteSet): Promise<CommitOutcome> {
    if (set.isEmpty) return { records: [], logs: new Map() };
    const unlock = await this.#recordLocks.acquire(set.records.map(({ record }) => record.header.id));
    try {
      await this.heads.loadLogs([...set.appends.keys(), ...set.checkpoints.map(({ log }) => log)]);
      const stored = await this.#storedRecords(set);
      await refuseMerges(set, stored);
      // No await from here to the engine's queue: plans reach it in the order in which they were made.
      const { ops, move, outcome } = planCommit(set, this.heads, stored);
      const written = this.#engine.commit(ops);
      this.heads.advancePlanned(move);
      await written;
      this.heads.advanceCommitted(move);
      this.#headWriter?.noteCommit();
      return outcome;
    } finally {
      unlock();
    }
  }

  /**
   * The end of the audit chain as it was last written down outside the engine: what was acknowledged up to then has to be in
   * the chain, and nothing else in its place. Undefined for a store without files of its own.
   *
   * Rejects with `store.head-missing`.
   */
  async witnessedAuditTip(): Promise<AuditTip | undefined> {
    if (this.#home === undefined) return undefined;
    const { auditSequence, auditHash } = await readAuditHead(this.#home.paths.auditHead);
    return { sequence: auditSequence, hash: fromHex(auditHash) };
  }

  /** Builds the derived rows anew from records and ledgers. @throws as `commit` */
  rebuildDerived(): Promise<RebuildReport> {
    return rebuildDerivedRows(this.rows, this.#engine);
  }

  /** Checks everything the store holds, of one moment and without changing anything. */
  fsck(options?: FsckOptions): Promise<FsckReport> {
    return runFsck(this.#engine, this.#home?.paths.database, options);
  }

  /**
   * Ends what is under way, writes the head down and closes. After a failed write there is nothing to write down.
   *
   * Rejects with `store.io-failed` where the head could not be written; the store is closed all the same.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#headWriter?.stop();
      if (!this.#engine.stopped) await withSystemFaults(async () => this.#headWriter?.write('closed'));
    } catch (error) {
      if (!this.#engine.stopped) throw error;
    } finally {
      await this.#engine.close();
      await this.#home?.lock.release();
    }
  }

  async #storedRecords(set: WriteSet): Promise<ReadonlyMap<RecordId, StoredRecord>> {
    const found = new Map<RecordId, StoredRecord>();
    for (const realm of REALMS) {
      const headers = set.records
        .map(({ record }) => record.header)
        .filter((header) => realmOf(header) === realm);
      if (headers.length === 0) continue;
      const records = await this.records(realm).getMany(headers.map(({ id }) => id));
      for (const record of records) if (record !== undefined) found.set(record.id, record);
    }
    return found;
  }
}

async function refuseMerges(set: WriteSet, stored: ReadonlyMap<RecordId, StoredRecord>): Promise<void> {
  if (set.mergeGuard === undefined) return;
  const records = set.records.map(({ record }) => record);
  const refused = await refusedMerges(records, stored, set.mergeGuard);
  if (refused.length === 0) return;
  throw new Fault('store.merge-refused', 'a record would not be valid with the disclosures added to it', {
    fields: { puts: refused.map(({ put }) => put), codes: refused.map(({ code }) => code) },
  });
}

function guard(engine: Engine, options: StoreOptions): GuardedEngine {
  return new GuardedEngine(options.decorateEngine?.(engine) ?? engine);
}

/** Gives the engine and the lock back where opening fails. */
async function orAbandon(
  home: OpenedHome,
  engine: GuardedEngine,
  open: () => Promise<Store>,
): Promise<Store> {
  try {
    return await open();
  } catch (error) {
    await engine.close();
    await home.lock.release();
    throw error;
  }
}
