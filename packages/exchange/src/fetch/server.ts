import type { ExchangeContext } from '../context.ts';
import { readMessage, writeMessage } from '../messages.ts';
import type { ServedProtocol } from '../serve.ts';
import { FETCH_PROTOCOL, MAX_FETCH_STREAMS } from './constants.ts';
import { fetchItemForm, fetchRequestForm } from './wire.ts';

/** Sends a peer entries of this node's ledger for it again. */
export function fetchServer(context: ExchangeContext): ServedProtocol {
  return {
    id: FETCH_PROTOCOL,
    maxInboundStreams: MAX_FETCH_STREAMS,
    afterHello: true,
    async handler(stream, peer) {
      const bytes = await stream.readData({ frameMs: context.timings.requestMs });
      const { indexes } = readMessage(fetchRequestForm, bytes);
      let count = 0;
      for await (const item of context.ports.fetch.items(peer, indexes, stream.signal)) {
        await stream.write(writeMessage(fetchItemForm, item));
        count += 1;
      }
      await stream.writeEnd(count);
    },
  };
}
