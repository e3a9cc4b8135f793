import { Fault } from '@comity/fault';
import { readMessage } from '../messages.ts';
import type { WitnessAnswer } from '../ports.ts';
import { witnessAnswerForm } from './wire.ts';

/**
 * The answers to a request: as many as were asked for (witness.md 5.3).
 *
 * @throws Fault `exchange.message-malformed`, `exchange.count-mismatch`, or why the stream ended
 */
export async function* readWitnessAnswers(
  messages: AsyncIterable<Uint8Array>,
  askedCount: number,
): AsyncGenerator<WitnessAnswer, void, undefined> {
  let count = 0;
  for await (const bytes of messages) {
    count += 1;
    if (count > askedCount) break;
    yield readMessage(witnessAnswerForm, bytes);
  }
  if (count !== askedCount)
    throw new Fault('exchange.count-mismatch', `expected ${askedCount} answers, got another number`);
}
