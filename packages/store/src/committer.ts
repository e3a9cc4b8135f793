import { Fault, isFault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { type CommitOutcome, NOTHING, planCommit } from './commit-plan.ts';
import type { GuardedEngine } from './engine/guarded-engine.ts';
import type { Heads } from './heads.ts';
import { claimNumbers, type Keeping, makeFinal } from './keys/settle-keys.ts';
import type { RowReader } from './layout/row-reader.ts';
import { refusedMerges } from './records/merge-guard.ts';
import { readHeld } from './records/read-held.ts';
import { RecordLocks } from './records/record-locks.ts';
import type { SealedRecord } from './records/record-row.ts';
import type { WriteSet } from './write-set.ts';

/** What commits are made upon. */
export interface CommitGround {
  readonly engine: GuardedEngine;
  readonly keeping: Keeping;
  readonly heads: Heads;
  readonly rows: RowReader;
}

/** Locked by whatever takes rows away: a rebuild that is under way would put them back. */
const ERASING = 'erasing';

/** Carries write sets out: waits for its turn, looks at what is held, plans, writes, and destroys the keys that have to go. */
export class Committer {
  readonly #ground: CommitGround;
  readonly #locks = new RecordLocks();

  constructor(ground: CommitGround) {
    this.#ground = ground;
  }

  /** As `Store.commit`. @param onCommitted called when the batch is on disk */
  async commit(set: WriteSet, onCommitted: () => void): Promise<CommitOutcome> {
    if (set.isEmpty) return NOTHING;
    const { engine, keeping, heads, rows } = this.#ground;
    const { keys, journal } = keeping;
    const unlock = await this.#locks.acquire(lockedBy(set));
    try {
      await heads.loadLogs([...set.appends.keys(), ...set.checkpoints.map(({ log }) => log)]);
      const held = await readHeld(rows, set);
      refusePuts(set);
      await refuseMerges(set, held);
      // One number for each record that may be new, and one for each that is sealed anew.
      const count = set.records.length + set.narrowings.size;
      const firstKeyNumber = await this.#writingBeside(claimNumbers(engine, keeping, count));
      // No await from here to the engine's queue: plans reach it in the order in which they were made.
      const withdrawnOf = (id: RecordId) => journal.withdrawnOf(id);
      const ground = { held, keys, firstKeyNumber, withdrawnOf };
      const { ops, move, outcome, pending } = planCommit(set, heads, ground);
      keys.requireRoom(pending.flatMap(({ keyNumber, isDestroyed }) => (isDestroyed ? [keyNumber] : [])));
      journal.requireRoom(pending.map(({ entry }) => entry));
      const written = engine.commit(ops);
      heads.advancePlanned(move);
      await written;
      heads.advanceCommitted(move);
      onCommitted();
      if (pending.length > 0) await this.#writingBeside(makeFinal(engine, keeping, pending));
      return outcome;
    } finally {
      unlock();
    }
  }

  /** Runs something while nothing is erased or narrowed. */
  async withoutErasing<Result>(work: () => Promise<Result>): Promise<Result> {
    const unlock = await this.#locks.acquire([ERASING]);
    try {
      return await work();
    } finally {
      unlock();
    }
  }

  /** As with the engine: after a failed write it is unknown what is on disk, so nothing more is acknowledged. */
  async #writingBeside<Result>(written: Promise<Result>): Promise<Result> {
    try {
      return await written;
    } catch (cause) {
      if (isFault(cause)) throw cause;
      this.#ground.engine.stop(cause);
      throw new Fault('store.write-failed', 'the files beside the engine could not be written', { cause });
    }
  }
}

function lockedBy(set: WriteSet): string[] {
  const ids = [
    ...set.records.map(({ header }): string => header.id),
    ...set.notes.map(({ record }): string => record.id),
  ];
  if (set.erasures.size === 0 && set.narrowings.size === 0) return ids;
  return [...ids, ...set.erasures.keys(), ...set.narrowings.keys(), ERASING];
}

function refusePuts({ putGuard, records }: WriteSet): void {
  if (putGuard === undefined) return;
  const puts = records.flatMap(({ header }, put) => (putGuard(header) ? [] : [put]));
  if (puts.length === 0) return;
  throw new Fault('store.put-refused', 'a record may no longer be stored as it was to be', {
    fields: { puts },
  });
}

async function refuseMerges(set: WriteSet, held: ReadonlyMap<RecordId, SealedRecord>): Promise<void> {
  if (set.mergeGuard === undefined) return;
  const refused = await refusedMerges(set.records, held, set.mergeGuard);
  if (refused.length === 0) return;
  throw new Fault('store.merge-refused', 'a record would not be valid with the disclosures added to it', {
    fields: { puts: refused.map(({ put }) => put), codes: refused.map(({ code }) => code) },
  });
}
