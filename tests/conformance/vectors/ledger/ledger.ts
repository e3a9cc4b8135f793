import type { VectorFile } from '../vector.ts';
import { refusedBatchesFiles } from './batches-refused.ts';
import { entriesFile, refusedEntriesFile } from './entries.ts';
import { refusedHeadsFile } from './heads-refused.ts';
import { itemsFile } from './items.ts';
import { refusedItemsFile } from './items-refused.ts';
import { runsFile } from './runs.ts';

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
