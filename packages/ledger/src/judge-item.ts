import { toHex } from '@comity/digest';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import { decodeLedgerEntry, type LedgerEntry } from '@comity/log';
import { openView, type View } from '@comity/record';
import { authoriseBytes } from './ladder.ts';

/** One entry of a peer's ledger with what came with it, as received: hostile until judged. */
export interface ReceivedItem {
  readonly entry: Uint8Array;
  readonly record: Uint8Array | undefined;
  readonly disclosures: readonly Uint8Array[];
}

export type Judgement =
  | { readonly verdict: 'accepted'; readonly entry: LedgerEntry; readonly view: View }
  /** The sender's policy no longer allows what it once logged. */
  | { readonly verdict: 'bare'; readonly entry: LedgerEntry }
  | { readonly verdict: 'rejected'; readonly code: FaultCode }
  /** Not even the ledger entry can be read: such a ledger cannot be held, whatever comes with it. */
  | { readonly verdict: 'malformed'; readonly code: FaultCode };

/**
 * Judges one item by itself (ledger.md §3, §4.4, §4.5). Pure but for the directory; never throws for what a peer can send.
 */
export function judgeItem(item: ReceivedItem, directory: KeyDirectory, nowSeconds: number): Judgement {
  let entry: LedgerEntry;
  try {
    entry = decodeLedgerEntry(item.entry);
  } catch (error) {
    if (isFault(error)) return { verdict: 'malformed', code: error.code };
    throw error;
  }
  try {
    if (item.record === undefined) {
      if (item.disclosures.length > 0)
        throw new Fault('node.item-mismatch', 'disclosures came without the record that they belong to');
      return { verdict: 'bare', entry };
    }
    const view = openView(authoriseBytes(item.record, directory, nowSeconds), item.disclosures);
    if (toHex(entry.recordId) !== view.header.id) {
      throw new Fault('node.item-mismatch', 'the record is not the one that the ledger entry names');
    }
    requireDisclosures(view, entry);
    return { verdict: 'accepted', entry, view };
  } catch (error) {
    if (isFault(error)) return { verdict: 'rejected', code: error.code };
    throw error;
  }
}

/** What was handed over is exactly what the ledger says was handed over: the receipt covers both. */
function requireDisclosures(view: View, entry: LedgerEntry): void {
  let index = 0;
  if (view.disclosed.size === entry.disclosures.length) {
    for (const digest of view.disclosed.keys()) {
      const named = entry.disclosures[index];
      if (named === undefined || toHex(named) !== digest) break;
      index += 1;
    }
    if (index === view.disclosed.size) return;
  }
  throw new Fault('node.item-mismatch', 'the disclosures are not those that the ledger entry names');
}
