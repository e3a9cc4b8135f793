import type { ExchangeContext } from '../context.ts';
import { readMessage, writeMessage } from '../messages.ts';
import type { ServedProtocol } from '../serve.ts';
import { MAX_QUERY_STREAMS, QUERY_PROTOCOL } from './constants.ts';
import { queryAnswerForm, queryRequestForm } from './wire.ts';

/** Answers a peer's questions. Nothing found and nothing allowed are the same END that counts nothing. */
export function queryServer(context: ExchangeContext): ServedProtocol {
  return {
    id: QUERY_PROTOCOL,
    maxInboundStreams: MAX_QUERY_STREAMS,
    afterHello: true,
    async handler(stream, peer) {
      const bytes = await stream.readData({ frameMs: context.timings.requestMs });
      const { question } = readMessage(queryRequestForm, bytes);
      let count = 0;
      for await (const answer of context.ports.query.answer(peer, question, stream.signal)) {
        await stream.write(writeMessage(queryAnswerForm, answer));
        count += 1;
      }
      await stream.writeEnd(count);
    },
  };
}
