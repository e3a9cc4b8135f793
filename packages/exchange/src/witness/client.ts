import type { Connection } from '@libp2p/interface';
import { receiveAll } from '../ask-all.ts';
import type { ExchangeContext } from '../context.ts';
import { writeMessage } from '../messages.ts';
import type { WitnessAnswer, WitnessRequest } from '../ports.ts';
import { readWitnessAnswers } from './answers.ts';
import { WITNESS_PROTOCOL } from './constants.ts';
import { answersTo, witnessRequestForm } from './wire.ts';

/**
 * Asks a peer as witness, and yields its answers in the order of the texts. Nothing is verified here but the form.
 *
 * @throws Fault `exchange.count-mismatch`, what the peer refused with, or why the stream ended
 */
export function askWitness(
  context: ExchangeContext,
  connection: Connection,
  request: WitnessRequest,
  signal: AbortSignal,
): AsyncGenerator<WitnessAnswer, void, undefined> {
  const bytes = writeMessage(witnessRequestForm, request);
  return readWitnessAnswers(
    receiveAll(context, connection, WITNESS_PROTOCOL, bytes, signal),
    answersTo(request),
  );
}
