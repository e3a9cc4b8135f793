import { Fault } from '@comity/fault';
import type { Connection } from '@libp2p/interface';
import { receiveAll } from '../ask-all.ts';
import type { ExchangeContext } from '../context.ts';
import { writeMessage } from '../messages.ts';
import type { LedgerItem } from '../ports.ts';
import { FETCH_PROTOCOL, MAX_FETCH_INDEXES } from './constants.ts';
import { readItems } from './items.ts';
import { fetchRequestForm } from './wire.ts';

/** An item of a peer's ledger, as it was sent again. The caller checks it against the leaf it holds. */
export interface FetchedItem {
  readonly index: number;
  readonly item: LedgerItem;
}

/**
 * Asks a peer for entries of its ledger again, and yields them in the order asked for.
 *
 * @throws Fault `exchange.fetch-indexes`, `exchange.fetch-incomplete`, what the peer refused with, or why the stream ended
 */
export async function* fetchItems(
  context: ExchangeContext,
  connection: Connection,
  indexes: readonly number[],
  signal: AbortSignal,
): AsyncGenerator<FetchedItem> {
  if (indexes.length === 0 || indexes.length > MAX_FETCH_INDEXES) {
    throw new Fault(
      'exchange.fetch-indexes',
      `expected 1 to ${MAX_FETCH_INDEXES} indexes, got ${indexes.length}`,
    );
  }
  const request = writeMessage(fetchRequestForm, { indexes });
  let count = 0;
  const answers = receiveAll(context, connection, FETCH_PROTOCOL, request, signal);
  for await (const item of readItems(answers, indexes.length)) {
    yield { index: indexes[count] as number, item };
    count += 1;
  }
}
