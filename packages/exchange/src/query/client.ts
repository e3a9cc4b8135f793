import { Fault } from '@comity/fault';
import type { Connection } from '@libp2p/interface';
import { receiveAll } from '../ask-all.ts';
import type { ExchangeContext } from '../context.ts';
import { readMessage, writeMessage } from '../messages.ts';
import type { QueryAnswer, QueryEnd } from '../ports.ts';
import { MAX_QUESTION_BYTES, QUERY_PROTOCOL } from './constants.ts';
import { queryAnswerForm, queryRequestForm } from './wire.ts';

/**
 * Asks a peer a question and yields its answers as they come. Nothing is verified here but the form. Returns whether the
 * peer stopped at its limit.
 *
 * @throws Fault `exchange.question-too-large`, what the peer refused with, or why the stream ended
 */
export async function* askQuestion(
  context: ExchangeContext,
  connection: Connection,
  question: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
  if (question.length === 0 || question.length > MAX_QUESTION_BYTES) {
    throw new Fault('exchange.question-too-large', `expected 1 to ${MAX_QUESTION_BYTES} bytes of question`);
  }
  const request = writeMessage(queryRequestForm, { question });
  const answers = receiveAll(context, connection, QUERY_PROTOCOL, request, signal, {
    isPaged: true,
    // Between two answers the peer may go through much that it does not hand over.
    withinMs: context.timings.answerWithinMs,
  });
  try {
    for (;;) {
      const next = await answers.next();
      if (next.done === true) return next.value;
      yield readMessage(queryAnswerForm, next.value);
    }
  } finally {
    // A caller that stops early stops the peer.
    await answers.return({ more: false });
  }
}
