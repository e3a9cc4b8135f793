import { type AuditHead, measureFiles, writeAuditHead } from './audit-head.ts';
import type { HomePaths } from './home-paths.ts';

/** What the head file is written from. */
export interface HeadSource {
  /** Runs a job while nothing is written to the engine. */
  exclusive(job: () => Promise<void>): Promise<void>;
  /** The heads as committed. */
  heads(): Omit<AuditHead, 'files' | 'closed'>;
  /** Called with the error when the file could not be written: what is acknowledged from then on has no witness. */
  failed(error: unknown): void;
}

/** Keeps audit-head.json at most an interval behind the store. */
export class HeadWriter {
  readonly #paths: HomePaths;
  readonly #source: HeadSource;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** Something was committed after what is being written was measured. */
  #isBehind = false;

  constructor(paths: HomePaths, source: HeadSource, intervalMs: number) {
    this.#paths = paths;
    this.#source = source;
    this.#intervalMs = intervalMs;
  }

  /** Something was committed: the file follows within the interval. */
  noteCommit(): void {
    if (this.#timer !== undefined) return;
    // On a slow disk a write takes longer than the interval. Two at a time would put half a file in place of a whole one.
    if (this.#writing !== undefined) {
      this.#isBehind = true;
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.write('open')
        .catch((error: unknown) => this.#source.failed(error))
        .finally(() => {
          this.#writing = undefined;
          if (!this.#isBehind) return;
          this.#isBehind = false;
          this.noteCommit();
        });
    }, this.#intervalMs);
    // The head of a store is no reason to keep a process alive: closing writes it too.
    this.#timer.unref();
  }

  /** Writes the file now. `closed` with the last one before the store is closed. */
  async write(closed: 'open' | 'closed'): Promise<void> {
    let head: AuditHead | undefined;
    await this.#source.exclusive(async () => {
      // Between two batches a log holds whole records only, all of them on disk.
      head = {
        ...this.#source.heads(),
        closed: closed === 'closed',
        files: await measureFiles(this.#paths.database),
      };
    });
    if (head !== undefined) await writeAuditHead(this.#paths.auditHead, head);
  }

  /** Ends what runs in the background. */
  async stop(): Promise<void> {
    this.#disarm();
    await this.#writing;
    // What was being written may have been behind.
    this.#disarm();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
