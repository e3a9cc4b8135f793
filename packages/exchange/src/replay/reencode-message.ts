import { fetchItemForm, fetchRequestForm } from '../fetch/wire.ts';
import { decodeEnd, decodeError, encodeEnd, encodeError } from '../frame.ts';
import { helloForm } from '../hello/wire.ts';
import { batchForm, headForm, receiptForm, requestForm } from '../ledger/wire.ts';
import { type MessageForm, readMessage, writeMessage } from '../messages.ts';
import { queryAnswerForm, queryRequestForm } from '../query/wire.ts';
import { returnRequestForm } from '../return/wire.ts';
import { witnessAnswerForm, witnessRequestForm } from '../witness/wire.ts';

type Reencode = (bytes: Uint8Array) => Uint8Array;

const of =
  <T>(form: MessageForm<T>): Reencode =>
  (bytes) =>
    writeMessage(form, readMessage(form, bytes));

/** Every message of the exchange, and the bodies that say something, by the name of its rule in the grammar. */
const MESSAGES = {
  hello: of(helloForm),
  'ledger-request': of(requestForm),
  'ledger-head': of(headForm),
  'ledger-batch': of(batchForm),
  'ledger-receipt': of(receiptForm),
  'return-request': of(returnRequestForm),
  'fetch-request': of(fetchRequestForm),
  'fetch-item': of(fetchItemForm),
  'query-request': of(queryRequestForm),
  'query-answer': of(queryAnswerForm),
  'witness-request': of(witnessRequestForm),
  'witness-answer': of(witnessAnswerForm),
  'end-body': (bytes) => encodeEnd(decodeEnd(bytes, true)),
  'error-body': (bytes) => encodeError(decodeError(bytes)),
} satisfies Record<string, Reencode>;

export type MessageName = keyof typeof MESSAGES;

export const MESSAGE_NAMES = Object.freeze(Object.keys(MESSAGES)) as readonly MessageName[];

/**
 * Reads a message, or the body of a frame, as it is read from a peer, and writes it anew: the same bytes.
 *
 * @throws Fault `exchange.message-malformed`, of a body `exchange.frame-malformed`
 */
export function reencodeMessage(name: MessageName, bytes: Uint8Array): Uint8Array {
  return MESSAGES[name](bytes);
}
