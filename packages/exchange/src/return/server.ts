import type { ExchangeContext } from '../context.ts';
import { batchForm } from '../ledger/wire.ts';
import { readMessage, writeMessage } from '../messages.ts';
import type { ServedProtocol } from '../serve.ts';
import { MAX_RETURN_STREAMS, RETURN_PROTOCOL } from './constants.ts';
import { returnRequestForm } from './wire.ts';

/** Gives a peer back what this node holds of the peer's own ledger. */
export function returnServer(context: ExchangeContext): ServedProtocol {
  return {
    id: RETURN_PROTOCOL,
    maxInboundStreams: MAX_RETURN_STREAMS,
    afterHello: true,
    async handler(stream, peer) {
      const bytes = await stream.readData({ frameMs: context.timings.requestMs });
      const { heldSize } = readMessage(returnRequestForm, bytes);
      let count = 0;
      for await (const batch of context.ports.returns.batches(peer, heldSize, stream.signal)) {
        await stream.write(writeMessage(batchForm, batch));
        count += 1;
      }
      await stream.writeEnd(count);
    },
  };
}
