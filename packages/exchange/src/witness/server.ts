import type { ExchangeContext } from '../context.ts';
import { readMessage, writeMessage } from '../messages.ts';
import type { ServedProtocol } from '../serve.ts';
import { MAX_WITNESS_STREAMS, WITNESS_PROTOCOL } from './constants.ts';
import { witnessAnswerForm, witnessRequestForm } from './wire.ts';

/** Answers what a peer asks of this state as a witness. */
export function witnessServer(context: ExchangeContext): ServedProtocol {
  return {
    id: WITNESS_PROTOCOL,
    maxInboundStreams: MAX_WITNESS_STREAMS,
    afterHello: true,
    async handler(stream, peer) {
      const bytes = await stream.readData({ frameMs: context.timings.requestMs });
      const request = readMessage(witnessRequestForm, bytes);
      let count = 0;
      for await (const answer of context.ports.witness.answer(peer, request, stream.signal)) {
        await stream.write(writeMessage(witnessAnswerForm, answer));
        count += 1;
      }
      await stream.writeEnd(count);
    },
  };
}
