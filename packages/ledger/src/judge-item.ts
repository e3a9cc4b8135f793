import { toHex } from '@comity/digest';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import {
  decodeLedgerEntry,
  type LedgerEntry,
  type LetterEntry,
  type ReleaseEntry,
  type ReportEntry,
} from '@comity/log';
import { openView, type View } from '@comity/record';
import { authoriseBytes } from './ladder.ts';
import { type Order, verifyOrder } from './order.ts';
import { joinLetter } from './sealed-letter.ts';

/** One entry of a peer's ledger with what came with it, as received: hostile until judged. */
export interface ReceivedItem {
  readonly entry: Uint8Array;
  readonly record: Uint8Array | undefined;
  /** With a letter its pieces. */
  readonly disclosures: readonly Uint8Array[];
}

export type Judgement =
  | { readonly verdict: 'accepted'; readonly entry: ReleaseEntry; readonly view: View }
  /** The sender's policy no longer allows what it once logged. */
  | { readonly verdict: 'bare'; readonly entry: ReleaseEntry }
  /** An order of whichever state signed it: the sender has passed it on. */
  | { readonly verdict: 'order'; readonly order: Order }
  /** What the sender has done about an order. */
  | { readonly verdict: 'report'; readonly report: ReportEntry }
  /** Something for one officer, as it is sealed; undefined where the sender does not hand it over, or no longer. */
  | { readonly verdict: 'letter'; readonly entry: LetterEntry; readonly letter: Uint8Array | undefined }
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
    if (entry.kind === 'release') return judgeRelease(entry, item, directory, nowSeconds);
    if (entry.kind === 'letter') return judgeLetter(entry, item);
    if (item.record !== undefined || item.disclosures.length > 0)
      throw new Fault('node.item-mismatch', 'content came with an entry that releases none');
    return entry.kind === 'order'
      ? { verdict: 'order', order: verifyOrder(entry.order, directory, nowSeconds) }
      : { verdict: 'report', report: entry };
  } catch (error) {
    if (isFault(error)) return { verdict: 'rejected', code: error.code };
    throw error;
  }
}

function judgeRelease(
  entry: ReleaseEntry,
  { record, disclosures }: ReceivedItem,
  directory: KeyDirectory,
  nowSeconds: number,
): Judgement {
  if (record === undefined) {
    if (disclosures.length > 0)
      throw new Fault('node.item-mismatch', 'disclosures came without the record that they belong to');
    return { verdict: 'bare', entry };
  }
  const view = openView(authoriseBytes(record, directory, nowSeconds), disclosures);
  if (toHex(entry.recordId) !== view.header.id)
    throw new Fault('node.item-mismatch', 'the record is not the one that the ledger entry names');
  requireDisclosures(view, entry);
  return { verdict: 'accepted', entry, view };
}

/** A letter is looked at from outside: who it is for, and that it is the one that the ledger names. */
function judgeLetter(entry: LetterEntry, { record, disclosures }: ReceivedItem): Judgement {
  if (record !== undefined) throw new Fault('node.item-mismatch', 'a record came with the entry of a letter');
  const letter = disclosures.length === 0 ? undefined : joinLetter(disclosures, entry.letterDigest);
  return { verdict: 'letter', entry, letter };
}

/** What was handed over is exactly what the ledger says was handed over: the receipt covers both. */
function requireDisclosures(view: View, entry: ReleaseEntry): void {
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
