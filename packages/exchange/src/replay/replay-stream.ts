import { type FaultCode, isFault } from '@comity/fault';
import { readAnswers } from '../answers.ts';
import type { Clock } from '../clock.ts';
import { readItems } from '../fetch/items.ts';
import { fetchRequestForm } from '../fetch/wire.ts';
import { readHello } from '../hello/greeting.ts';
import { BatchRow } from '../ledger/batches.ts';
import { ReceiptWindow } from '../ledger/receipt-window.ts';
import { readReceipts } from '../ledger/receipts.ts';
import { headForm, requestForm } from '../ledger/wire.ts';
import { MessageReader } from '../message-reader.ts';
import { readMessage } from '../messages.ts';
import { queryAnswerForm, queryRequestForm } from '../query/wire.ts';
import { codeForQuestion, isToldByPeer } from '../refusal.ts';
import { readReturned } from '../return/batches.ts';
import { returnRequestForm } from '../return/wire.ts';
import { DEFAULT_TIMINGS } from '../timings.ts';
import { readWitnessAnswers } from '../witness/answers.ts';
import { witnessRequestForm } from '../witness/wire.ts';
import { RecordedFrames } from './recorded-frames.ts';

/** Which side of which protocol has written the bytes, and what its reader knows besides. */
export type RecordedSide =
  | { readonly protocol: 'hello'; readonly federation: string; readonly era: number }
  | { readonly protocol: 'ledger'; readonly side: 'asking'; readonly batchEnds: readonly number[] }
  | { readonly protocol: 'ledger'; readonly side: 'answering'; readonly heldSize: number }
  | { readonly protocol: 'return'; readonly side: 'asking' }
  | { readonly protocol: 'return'; readonly side: 'answering'; readonly heldSize: number }
  | { readonly protocol: 'fetch'; readonly side: 'asking' }
  | { readonly protocol: 'fetch'; readonly side: 'answering'; readonly askedCount: number }
  | { readonly protocol: 'query'; readonly side: 'asking' | 'answering' }
  | { readonly protocol: 'witness'; readonly side: 'asking' }
  | { readonly protocol: 'witness'; readonly side: 'answering'; readonly askedCount: number };

/** What a side has said, when it said it as it should. */
export interface Replayed {
  /** Messages that were read. */
  readonly messages: number;
  /** The side refused, with this code as far as its reader takes it over. */
  readonly refused?: FaultCode;
  /** Its END says that there is more. */
  readonly more?: true;
}

/** No time passes: whatever was written is there. */
const STOPPED_CLOCK: Clock = { nowMs: () => 0, schedule: () => () => undefined };

const NOTHING = (): void => undefined;

/**
 * Reads what one side has written on a stream as the exchange reads it from the network, up to the end of what that side
 * has to say. What is signed is not verified.
 *
 * @throws Fault `exchange.*`, with what first breaks the protocol
 */
export async function replayStream(side: RecordedSide, bytes: Uint8Array): Promise<Replayed> {
  const reader = new MessageReader(new RecordedFrames(bytes), STOPPED_CLOCK, DEFAULT_TIMINGS);
  let messages = 0;
  try {
    for await (const said of saidBy(side, reader)) {
      if (said === 'more') return { messages, more: true };
      messages += 1;
    }
    return { messages };
  } catch (thrown) {
    if (isFault(thrown) && isToldByPeer(thrown)) {
      const isAnswer = side.protocol === 'query' && side.side === 'answering';
      return { messages, refused: isAnswer ? codeForQuestion(thrown) : thrown.code };
    }
    throw thrown;
  }
}

type Saying = AsyncGenerator<'message' | 'more', void, undefined>;

/** One turn for each message of a side, in the order of its protocol. */
function saidBy(side: RecordedSide, reader: MessageReader): Saying {
  if (side.protocol === 'hello') return hello(reader, side);
  if (side.protocol === 'ledger')
    return side.side === 'asking'
      ? ledgerRecipient(reader, side.batchEnds)
      : ledgerSender(reader, side.heldSize);
  if (side.protocol === 'return')
    return side.side === 'asking' ? request(reader, returnRequestForm) : returned(reader, side.heldSize);
  if (side.protocol === 'fetch')
    return side.side === 'asking' ? request(reader, fetchRequestForm) : fetchAnswer(reader, side.askedCount);
  if (side.protocol === 'witness')
    return side.side === 'asking'
      ? request(reader, witnessRequestForm)
      : witnessAnswer(reader, side.askedCount);
  return side.side === 'asking' ? request(reader, queryRequestForm) : queryAnswer(reader);
}

async function* hello(reader: MessageReader, own: { federation: string; era: number }): Saying {
  readHello(await reader.readData(), own);
  yield 'message';
}

async function* request(reader: MessageReader, form: Parameters<typeof readMessage>[0]): Saying {
  readMessage(form, await reader.readData());
  yield 'message';
}

async function* ledgerRecipient(reader: MessageReader, batchEnds: readonly number[]): Saying {
  yield* request(reader, requestForm);
  const window = new ReceiptWindow(
    STOPPED_CLOCK,
    DEFAULT_TIMINGS.receiptMs,
    Number.POSITIVE_INFINITY,
    NOTHING,
  );
  for (const size of batchEnds) window.sent(size);
  for await (const _receipt of readReceipts(() => reader.read(), window)) yield 'message';
}

async function* ledgerSender(reader: MessageReader, heldSize: number): Saying {
  yield* request(reader, headForm);
  const row = new BatchRow(heldSize);
  for (;;) {
    const received = await reader.read({}, NOTHING);
    if (received.kind === 'end') return row.end(received.count);
    row.take(received.bytes);
    yield 'message';
  }
}

async function* returned(reader: MessageReader, heldSize: number): Saying {
  for await (const _batch of readReturned(
    readAnswers(() => reader.read()),
    heldSize,
  ))
    yield 'message';
}

async function* fetchAnswer(reader: MessageReader, askedCount: number): Saying {
  for await (const _item of readItems(
    readAnswers(() => reader.read()),
    askedCount,
  ))
    yield 'message';
}

async function* witnessAnswer(reader: MessageReader, askedCount: number): Saying {
  const messages = readAnswers(() => reader.read());
  for await (const _answer of readWitnessAnswers(messages, askedCount)) yield 'message';
}

async function* queryAnswer(reader: MessageReader): Saying {
  const answers = readAnswers(() => reader.read({}, NOTHING, true));
  for (;;) {
    const next = await answers.next();
    if (next.done === true) {
      if (next.value.more) yield 'more';
      return;
    }
    readMessage(queryAnswerForm, next.value);
    yield 'message';
  }
}
