import type { VectorFile } from '../vector.ts';
import { barsFiles } from './bars.ts';
import { refusedBatchesFiles } from './batches-refused.ts';
import { entriesFile, refusedEntriesFile } from './entries.ts';
import { refusedHeadsFile } from './heads-refused.ts';
import { itemsFile } from './items.ts';
import { refusedItemsFile } from './items-refused.ts';
import { letterItemsFiles } from './letter-items.ts';
import { orderItemsFiles } from './order-items.ts';
import { ordersFile } from './orders.ts';
import { refusedOrdersFile } from './orders-refused.ts';
import { otherEntriesFile, refusedOtherEntriesFile } from './other-entries.ts';
import { runsFile } from './runs.ts';

/** Vectors of ledger.md. */
export function ledgerVectors(): readonly VectorFile[] {
  return [
    entriesFile(),
    refusedEntriesFile(),
    otherEntriesFile(),
    refusedOtherEntriesFile(),
    itemsFile(),
    refusedItemsFile(),
    ...orderItemsFiles(),
    ...letterItemsFiles(),
    ordersFile(),
    refusedOrdersFile(),
    ...barsFiles(),
    runsFile(),
    refusedHeadsFile(),
    ...refusedBatchesFiles(),
  ];
}
