import type { ExchangeContext } from '../context.ts';
import { keepAlive } from '../keep-alive.ts';
import { readMessage, writeMessage } from '../messages.ts';
import type { ServedProtocol } from '../serve.ts';
import { MAX_QUERY_STREAMS, QUERY_PROTOCOL } from './constants.ts';
import { queryAnswerForm, queryRequestForm } from './wire.ts';

/**
 * Answers a peer's questions. Nothing found and nothing allowed are the same END that counts nothing; an END that says
 * there is more speaks of what would be handed over and of nothing else.
 */
export function queryServer(context: ExchangeContext): ServedProtocol {
  return {
    id: QUERY_PROTOCOL,
    maxInboundStreams: MAX_QUERY_STREAMS,
    afterHello: true,
    async handler(stream, peer) {
      const bytes = await stream.readData({ frameMs: context.timings.requestMs });
      const { question } = readMessage(queryRequestForm, bytes);
      let count = 0;
      const silence = keepAlive(stream, context);
      const answers = context.ports.query.answer(peer, question, stream.signal);
      try {
        for (;;) {
          const next = await answers.next();
          if (next.done === true) {
            silence();
            await stream.writeEnd(count, next.value.more);
            return;
          }
          await stream.write(writeMessage(queryAnswerForm, next.value));
          count += 1;
        }
      } finally {
        // A peer that takes no more stops the answering.
        silence();
        await answers.return({ more: false });
      }
    },
  };
}
