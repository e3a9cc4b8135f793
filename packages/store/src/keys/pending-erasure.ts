import { ERASURE } from '../layout/keyspace.ts';
import { type SealedRow, sealRow } from '../layout/row-seal.ts';
import type { RowValue } from '../layout/row-value.ts';
import { TABLES } from '../tables.ts';
import { entryOfRow, type JournalEntry, rowOfEntry } from './erasure-journal.ts';

/** Something that a batch has erased or taken away, and that has to be made final when the batch is on disk. */
export interface PendingErasure {
  /** Of the key that sealed it. */
  readonly keyNumber: number;
  /** Not where nothing that was on disk went away. */
  readonly isDestroyed: boolean;
  readonly entry: JournalEntry;
}

/** The row that a batch says it by, for whoever opens the store next. */
export function pendingRow({ keyNumber, isDestroyed, entry }: PendingErasure): SealedRow {
  return sealRow(ERASURE.key(keyNumber), TABLES.erasures.encode([isDestroyed, rowOfEntry(entry)]));
}

/** What {@link pendingRow} wrote. */
export function pendingOf(keyNumber: number, row: RowValue): PendingErasure {
  const [isDestroyed, entry] = row as [boolean, RowValue];
  return { keyNumber, isDestroyed, entry: entryOfRow(entry) };
}
