import type { ExchangeContext } from '../context.ts';
import type { ServedProtocol } from '../serve.ts';
import { HELLO_PROTOCOL, MAX_HELLO_STREAMS } from './constants.ts';
import { composeHello, judgeHello } from './greeting.ts';

/** Answers a peer's hello; from then on its other requests on this connection are served. */
export function helloServer(context: ExchangeContext): ServedProtocol {
  return {
    id: HELLO_PROTOCOL,
    maxInboundStreams: MAX_HELLO_STREAMS,
    afterHello: false,
    async handler(stream, peer, connection) {
      const request = await stream.readData({ frameMs: context.timings.requestMs });
      await judgeHello(context, peer, request);
      const answer = await composeHello(context, peer);
      // Before the answer goes out: the peer's next request may be on its heels.
      context.greeted.add(connection);
      await stream.write(answer);
    },
  };
}
