import { Fault } from '@comity/fault';
import type { End } from './frame.ts';
import type { MessageReader } from './message-reader.ts';

/**
 * The messages of an answer until END, which counts them (exchange.md §3.4). Returns what END says.
 *
 * @throws Fault `exchange.count-mismatch`, or why the stream ended
 */
export async function* readAnswers(
  read: () => ReturnType<MessageReader['read']>,
): AsyncGenerator<Uint8Array, End, undefined> {
  for (let count = 0; ; count += 1) {
    const received = await read();
    if (received.kind === 'data') {
      yield received.bytes;
      continue;
    }
    if (received.count === count) return received;
    throw new Fault('exchange.count-mismatch', `END counts ${received.count} messages, ${count} came`);
  }
}
