import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Checkpoint } from '@comity/log';
import { type CompactTree, leafHash } from '@comity/merkle';

/** A run of entries with the checkpoint of the ledger behind the last of them. */
export interface LedgerRun {
  /** Index of the first entry. */
  readonly from: number;
  /** As they are logged. */
  readonly entries: readonly Uint8Array[];
  /** Opened already. */
  readonly checkpoint: Checkpoint;
}

/**
 * The tree of what is held together with a batch (ledger.md §4.3).
 *
 * @throws Fault `exchange.batch-out-of-order` where the batch does not begin at the size held, `exchange.batch-mismatch` where
 *   its checkpoint is of another tree
 */
export function extendLedger(held: CompactTree, { from, entries, checkpoint }: LedgerRun): CompactTree {
  if (from !== held.size) {
    throw new Fault('exchange.batch-out-of-order', 'the batch does not begin where the ledger held ends', {
      fields: { from, size: held.size },
    });
  }
  const tree = held.clone();
  for (const entry of entries) tree.append(leafHash(entry));
  if (checkpoint.size !== tree.size || !equalBytes(tree.root(), checkpoint.root)) {
    throw new Fault('exchange.batch-mismatch', 'the entries are not those of the checkpoint', {
      fields: { from, to: tree.size },
    });
  }
  return tree;
}
