import { join, resolve } from 'node:path';

/** Where the files of a store are: but for one, inside the directory that belongs to it. */
export interface HomePaths {
  readonly home: string;
  /** Says that a store was made here, and of which format and state. */
  readonly marker: string;
  /** Witnesses the heads from outside the engine. */
  readonly auditHead: string;
  /** Secrets of the keys that contents are sealed under: in no copy of the engine's files. */
  readonly recordKeys: string;
  /**
   * What was erased, for engines and keys that are older: beside the directory, so that putting back a copy of all of it brings
   * back nothing that was erased since.
   */
  readonly erasureJournal: string;
  /** The engine's files. */
  readonly database: string;
  /** Only ever locked. */
  readonly lock: string;
  readonly preOpen: string;
  /** What a restored copy has replaced. */
  readonly setAside: string;
}

/** Where the journal of erasures is of a store in this directory: beside it. */
export function erasureJournalOf(home: string): string {
  return `${resolve(home)}-erasure-journal`;
}

export function homePaths(home: string): HomePaths {
  return {
    home,
    marker: join(home, 'store.json'),
    auditHead: join(home, 'audit-head.json'),
    recordKeys: join(home, 'record-keys'),
    erasureJournal: erasureJournalOf(home),
    database: join(home, 'db'),
    lock: join(home, 'lock'),
    preOpen: join(home, 'pre-open'),
    setAside: join(home, 'set-aside'),
  };
}
