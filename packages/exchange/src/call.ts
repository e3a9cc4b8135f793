import { Fault } from '@comity/fault';
import type { Connection, Stream } from '@libp2p/interface';
import type { ExchangeContext } from './context.ts';
import { FrameStream } from './frame-stream.ts';
import { stopping } from './supervisor.ts';

/** A stream that this node has opened to make a request. */
export interface Call {
  readonly stream: FrameStream;
  /** Ends the call: cleanly when everything was said on both sides, otherwise with a reset. */
  end(fault?: Fault): Promise<void>;
}

/**
 * Opens a stream for a request. The caller must `end` it, in a `finally`.
 *
 * @throws Fault `exchange.protocol-unsupported`, `exchange.connection-lost`, `exchange.stopping` when the signal aborts
 */
export async function openCall(
  context: ExchangeContext,
  connection: Connection,
  protocol: string,
  signal: AbortSignal,
): Promise<Call> {
  const raw = await openStream(context, connection, protocol, signal);
  const stream = new FrameStream(raw, context.clock, context.timings);
  const interrupt = (): void => stream.abort(stopping());
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();
  return {
    stream,
    async end(fault) {
      if (fault === undefined) await stream.finish();
      else stream.abort(fault);
      signal.removeEventListener('abort', interrupt);
    },
  };
}

async function openStream(
  context: ExchangeContext,
  connection: Connection,
  protocol: string,
  signal: AbortSignal,
): Promise<Stream> {
  if (signal.aborted) throw stopping();
  // One signal with a timer that is cleared: combined and timed signals stay alive long after the request.
  const opening = new AbortController();
  const abort = (): void => opening.abort();
  const cancel = context.clock.schedule(context.timings.openMs, abort);
  signal.addEventListener('abort', abort);
  try {
    return await connection.newStream(protocol, { signal: opening.signal });
  } catch (cause) {
    if (signal.aborted) throw stopping();
    if (cause instanceof Error && cause.name === 'UnsupportedProtocolError') {
      throw new Fault('exchange.protocol-unsupported', 'the peer does not speak the protocol', {
        fields: { protocol },
        cause,
      });
    }
    throw new Fault('exchange.connection-lost', 'no stream could be opened', { fields: { protocol }, cause });
  } finally {
    cancel();
    signal.removeEventListener('abort', abort);
  }
}
