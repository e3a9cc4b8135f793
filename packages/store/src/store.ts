import { fromHex, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { AuditTip } from './audit/audit-chain.ts';
import type { CommitOutcome } from './commit-plan.ts';
import { Committer } from './committer.ts';
import type { Engine } from './engine/engine.ts';
import { GuardedEngine } from './engine/guarded-engine.ts';
import { MemoryEngine } from './engine/memory-engine.ts';
import { type FsckOptions, type FsckReport, runFsck } from './fsck/fsck.ts';
import { Heads } from './heads.ts';
import { readAuditHead } from './home/audit-head.ts';
import { withSystemFaults } from './home/durable-file.ts';
import { HeadWriter } from './home/head-writer.ts';
import { createHome, giveUp, markHome, type OpenedHome, reopenHome } from './home/open-home.ts';
import { ErasureJournal } from './keys/erasure-journal.ts';
import { type JournalFile, MemoryJournalFile } from './keys/journal-file.ts';
import { type KeyFile, MemoryKeyFile } from './keys/key-file.ts';
import { RecordKeys } from './keys/record-keys.ts';
import { type Keeping, settleKeys } from './keys/settle-keys.ts';
import { RowReader } from './layout/row-reader.ts';
import { type RebuildReport, rebuildDerivedRows } from './rebuild.ts';
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
  readonly #keeping: Keeping;
  readonly #committer: Committer;
  readonly #home: OpenedHome | undefined;
  readonly #headWriter: HeadWriter | undefined;
  readonly #listeners = new Set<(ids: readonly RecordId[]) => void>();
  #closing: Promise<void> | undefined;

  private constructor(
    { engine, keeping, heads, state }: StoreParts,
    home?: OpenedHome,
    headIntervalMs?: number,
  ) {
    super(new RowReader(engine, keeping.keys), heads);
    this.state = state;
    this.#engine = engine;
    this.#keeping = keeping;
    this.#committer = new Committer({ engine, keeping, heads, rows: this.rows });
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
      const { keeping } = home;
      const { state, headIntervalMs } = options;
      await writeIdentity(engine, state, keeping);
      const heads = await Heads.load(new RowReader(engine, keeping.keys));
      const store = new Store({ engine, keeping, heads, state }, home, headIntervalMs);
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
   *   `store.keys-missing`, `store.keys-damaged`, `store.keys-outdated`, `store.journal-missing`,
   *   `store.journal-damaged`, `store.io-failed`, `store.write-failed`
   */
  static open(directory: string, options: StoreOptions = {}): Promise<Store> {
    return withSystemFaults(() => Store.#open(directory, options));
  }

  static async #open(directory: string, options: StoreOptions): Promise<Store> {
    const home = await reopenHome(directory, options.state);
    const engine = guard(home.engine, options);
    return orAbandon(home, engine, async () => {
      try {
        const { keeping, state } = home;
        const rows = new RowReader(engine, keeping.keys);
        await requireIdentity(rows, state);
        const heads = await Heads.load(rows);
        await verifyHeads(rows, heads, home.head);
        await settleKeys(rows, engine, keeping, heads);
        const store = new Store({ engine, keeping, heads, state }, home, options.headIntervalMs);
        await store.#headWriter?.write('open');
        await home.copy.keep();
        return store;
      } catch (error) {
        await giveUp(home.copy, error);
        throw error;
      }
    });
  }

  /**
   * A store upon any engine, without files of its own: made where the engine is empty. For simulations.
   *
   * @param options.keyFile where the keys of the store are; default: on the medium of a memory engine, and for any other in
   *   memory, so that they end with the store
   * @param options.journalFile where the journal of erasures is; default: as with the keys
   * @throws Fault as `open`, but for what concerns files
   */
  static async onEngine(
    inner: Engine,
    options: StoreOptions & {
      readonly state: StateId;
      readonly keyFile?: KeyFile;
      readonly journalFile?: JournalFile;
    },
  ): Promise<Store> {
    const engine = guard(inner, options);
    const own =
      inner instanceof MemoryEngine
        ? inner
        : { keyFile: new MemoryKeyFile(), journalFile: new MemoryJournalFile() };
    const { state, keyFile = own.keyFile, journalFile = own.journalFile } = options;
    const isNew = !(await hasIdentity(engine));
    const keys = await (isNew ? RecordKeys.create(keyFile) : RecordKeys.open(keyFile));
    const journal = await (isNew
      ? ErasureJournal.create(journalFile, keys.store)
      : ErasureJournal.open(journalFile));
    const keeping = { keys, journal };
    if (isNew) await writeIdentity(engine, state, keeping);
    const rows = new RowReader(engine, keys);
    await requireIdentity(rows, state);
    const heads = await Heads.load(rows);
    await settleKeys(rows, engine, keeping, heads);
    return new Store({ engine, keeping, heads, state });
  }

  /** Whether a failed write has stopped the store. */
  get stopped(): boolean {
    return this.#engine.stopped;
  }

  /**
   * Makes everything in the set happen, in one durable batch, or nothing. Commits may run side by side: they are planned
   * in the order in which they get there, and written together.
   *
   * Where something is erased or narrowed, its keys are destroyed when this resolves.
   *
   * Rejects with `store.record-erased` (fields: `puts`, indexes among the records of the set that were erased),
   * `store.put-refused` (fields: `puts`), `store.merge-refused` (fields: `puts` and `codes`), `store.keys-exhausted`,
   * `store.log-moved`, `store.checkpoint-mismatch`, `store.record-id-mismatch`, `store.key-invalid`, `log.*` or `cbor.*` where the set is
   * refused, with `store.write-failed` where the outcome is unknown, and with `store.stopped` or `store.closed`.
   */
  async commit(set: WriteSet): Promise<CommitOutcome> {
    const outcome = await this.#committer.commit(set, () => this.#headWriter?.noteCommit());
    const { records, erased, narrowed } = outcome;
    const changed = [
      ...records.flatMap(({ id, isChanged }) => (isChanged ? [id] : [])),
      ...erased,
      ...narrowed,
    ];
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed);
    return outcome;
  }

  /**
   * Has a listener told of the records of either realm that came, gained or lost something, or went: after that is on disk and
   * before the commit resolves. It must not throw. What is returned ends that.
   */
  onRecords(listener: (ids: readonly RecordId[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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

  /** Builds the derived rows anew from records, tombstones and ledgers. @throws as `commit` */
  rebuildDerived(): Promise<RebuildReport> {
    return this.#committer.withoutErasing(() =>
      rebuildDerivedRows(this.rows, this.#engine, this.#keeping.keys.ofNow()),
    );
  }

  /** Checks everything the store holds, of one moment and without changing anything. */
  fsck(options?: FsckOptions): Promise<FsckReport> {
    return runFsck(this.#engine, this.#keeping.keys.ofNow(), this.#home?.paths.database, options);
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
      await this.#keeping.keys.close();
      await this.#engine.close();
      await this.#home?.lock.release();
    }
  }
}

/** The parts that a store is made of. */
interface StoreParts {
  readonly engine: GuardedEngine;
  readonly keeping: Keeping;
  readonly heads: Heads;
  readonly state: StateId;
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
