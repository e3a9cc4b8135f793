import { BatchRow } from '../ledger/batches.ts';
import type { LedgerBatch } from '../ports.ts';

/**
 * The batches of an answer, each of which begins where the one before ended (exchange.md §7.9).
 *
 * @throws Fault `exchange.message-malformed`, `exchange.batch-out-of-order`, or why the stream ended
 */
export async function* readReturned(
  answers: AsyncIterable<Uint8Array>,
  heldSize: number,
): AsyncGenerator<LedgerBatch, void, undefined> {
  const row = new BatchRow(heldSize);
  for await (const bytes of answers) yield row.take(bytes);
}
