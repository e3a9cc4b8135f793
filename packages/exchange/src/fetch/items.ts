import { Fault } from '@comity/fault';
import { readMessage } from '../messages.ts';
import type { LedgerItem } from '../ports.ts';
import { fetchItemForm } from './wire.ts';

/**
 * The items of an answer to a fetch: as many as were asked for (exchange.md §8.2).
 *
 * @throws Fault `exchange.message-malformed`, `exchange.count-mismatch`, `exchange.fetch-incomplete`, or why the stream
 *   ended
 */
export async function* readItems(
  answers: AsyncIterable<Uint8Array>,
  askedCount: number,
): AsyncGenerator<LedgerItem, void, undefined> {
  let count = 0;
  for await (const bytes of answers) {
    if (count === askedCount) throw new Fault('exchange.count-mismatch', 'more items than were asked for');
    count += 1;
    yield readMessage(fetchItemForm, bytes);
  }
  if (count < askedCount)
    throw new Fault('exchange.fetch-incomplete', `expected ${askedCount} items, got ${count}`);
}
