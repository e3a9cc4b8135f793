import { Fault, type FaultCode } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Connection } from '@libp2p/interface';
import { openCall } from '../call.ts';
import type { ExchangeContext } from '../context.ts';
import { asFault } from '../refusal.ts';
import { HELLO_PROTOCOL } from './constants.ts';
import { composeHello, judgeHello } from './greeting.ts';

/** How a stream ends when the peer drops the connection under it. */
const DROPPED: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'exchange.connection-lost',
  'exchange.stream-closed',
  'exchange.stream-reset',
  'exchange.truncated',
]);

/**
 * Says hello on a connection. Resolves when both sides have accepted what the other said.
 *
 * @throws Fault `exchange.not-admitted` when the peer closed without a word: it does not let this node's PeerId in
 */
export async function sayHello(
  context: ExchangeContext,
  peer: StateId,
  connection: Connection,
  signal: AbortSignal,
): Promise<{ recognised: boolean }> {
  try {
    return await exchangeHellos(context, peer, connection, signal);
  } catch (thrown) {
    if (DROPPED.has(asFault(thrown).code)) {
      // The dialler of a denied connection sees it open, then aborted without a reason (libp2p.md §3).
      throw new Fault('exchange.not-admitted', 'the peer closed without an answer', { cause: thrown });
    }
    throw thrown;
  }
}

async function exchangeHellos(
  context: ExchangeContext,
  peer: StateId,
  connection: Connection,
  signal: AbortSignal,
): Promise<{ recognised: boolean }> {
  const request = await composeHello(context, peer);
  const call = await openCall(context, connection, HELLO_PROTOCOL, signal);
  try {
    await call.stream.write(request);
    const answer = await call.stream.readData();
    const { recognised } = await judgeHello(context, peer, answer);
    await call.end();
    return { recognised };
  } catch (thrown) {
    await call.stream.refuse(thrown);
    await call.end(asFault(thrown));
    throw thrown;
  }
}
