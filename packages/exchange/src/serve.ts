import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import type { ExchangeContext } from './context.ts';
import { FrameStream } from './frame-stream.ts';
import { asFault } from './refusal.ts';

/** Answers one request of a peer. What it throws refuses the request. */
export type RequestHandler = (stream: FrameStream, peer: StateId, connection: Connection) => Promise<void>;

/** A protocol as it is served. */
export interface ServedProtocol {
  readonly id: string;
  /** Requests of one connection at a time; the muxer resets others. */
  readonly maxInboundStreams: number;
  /** Whether the peer's hello must have been accepted on the connection. */
  readonly afterHello: boolean;
  readonly handler: RequestHandler;
}

/** Registers a protocol. Each stream is freed on both sides whatever the handler and the peer do. */
export async function serve(node: Libp2p, context: ExchangeContext, protocol: ServedProtocol): Promise<void> {
  const { id, maxInboundStreams } = protocol;
  const handler = (stream: Stream, connection: Connection): Promise<void> =>
    answer(context, protocol, stream, connection);
  await node.handle(id, handler, { maxInboundStreams, runOnLimitedConnection: false });
}

async function answer(
  context: ExchangeContext,
  protocol: ServedProtocol,
  raw: Stream,
  connection: Connection,
): Promise<void> {
  // libp2p.md §3: removing a peer from the set does not close what is open, so every request asks again.
  const peer = context.admission.peerOf(connection.remotePeer.toString());
  if (peer === undefined) {
    const fault = new Fault('exchange.not-admitted', 'request from a PeerId that is not let in');
    raw.abort(fault);
    connection.abort(fault);
    return;
  }
  const stream = new FrameStream(raw, context.clock, context.timings);
  try {
    if (protocol.afterHello && !context.greeted.has(connection)) {
      throw new Fault('exchange.hello-required', 'request before an accepted hello');
    }
    context.board(peer)?.contact();
    await protocol.handler(stream, peer, connection);
    await stream.finish();
  } catch (thrown) {
    const fault = asFault(thrown);
    context.events.emit({ kind: 'served-fault', peer, protocol: protocol.id, code: fault.code });
    await stream.refuse(fault);
  }
}
