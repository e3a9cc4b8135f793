import type { Connection } from '@libp2p/interface';
import { receiveAll } from '../ask-all.ts';
import type { ExchangeContext } from '../context.ts';
import { writeMessage } from '../messages.ts';
import type { LedgerBatch } from '../ports.ts';
import { readReturned } from './batches.ts';
import { RETURN_PROTOCOL } from './constants.ts';
import { returnRequestForm } from './wire.ts';

/**
 * Asks a peer for what it holds of this node's own ledger beyond a size, and yields it batch by batch. The caller checks each
 * against the checkpoint that this state has signed.
 *
 * @throws Fault `exchange.batch-out-of-order`, what the peer refused with, or why the stream ended
 */
export async function* takeBackLedger(
  context: ExchangeContext,
  connection: Connection,
  heldSize: number,
  signal: AbortSignal,
): AsyncGenerator<LedgerBatch, void, undefined> {
  const request = writeMessage(returnRequestForm, { heldSize });
  yield* readReturned(receiveAll(context, connection, RETURN_PROTOCOL, request, signal), heldSize);
}
