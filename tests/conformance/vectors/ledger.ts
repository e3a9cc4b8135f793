import { refusedBatchesFiles } from './ledger-batches-refused.ts';
import { entriesFile, refusedEntriesFile } from './ledger-entries.ts';
import { refusedHeadsFile } from './ledger-heads-refused.ts';
import { itemsFile } from './ledger-items.ts';
import { refusedItemsFile } from './ledger-items-refused.ts';
import { runsFile } from './ledger-runs.ts';
import type { VectorFile } from './vector.ts';

/** Vectors of ledger.md. */
export function ledgerVectors(): readonly VectorFile[] {
  return [
    entriesFile(),
    refusedEntriesFile(),
    itemsFile(),
    refusedItemsFile(),
    runsFile(),
    refusedHeadsFile(),
    ...refusedBatchesFiles(),
  ];
}
