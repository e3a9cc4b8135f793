import { Fault } from '@comity/fault';
import type { Connection } from '@libp2p/interface';
import { receiveAll } from '../ask-all.ts';
import type { ExchangeContext } from '../context.ts';
import { readMessage, writeMessage } from '../messages.ts';
import type { QueryAnswer } from '../ports.ts';
import { MAX_QUESTION_BYTES, QUERY_PROTOCOL } from './constants.ts';
import { queryAnswerForm, queryRequestForm } from './wire.ts';

/**
 * Asks a peer a question and yields its answers as they come. Nothing is verified here but the form.
 *
 * @throws Fault `exchange.question-too-large`, what the peer refused with, or why the stream ended
 */
export async function* askQuestion(
  context: ExchangeContext,
  connection: Connection,
  question: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<QueryAnswer> {
  if (question.length === 0 || question.length > MAX_QUESTION_BYTES) {
    throw new Fault('exchange.question-too-large', `expected 1 to ${MAX_QUESTION_BYTES} bytes of question`);
  }
  const request = writeMessage(queryRequestForm, { question });
  for await (const bytes of receiveAll(context, connection, QUERY_PROTOCOL, request, signal)) {
    yield readMessage(queryAnswerForm, bytes);
  }
}
