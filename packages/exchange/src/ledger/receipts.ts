import { Fault } from '@comity/fault';
import type { MessageReader } from '../message-reader.ts';
import { readMessage } from '../messages.ts';
import type { ReceiptWindow } from './receipt-window.ts';
import { type ReceiptMessage, receiptForm } from './wire.ts';

/**
 * Receipts, until the recipient has sent all it will send (exchange.md §7.5, §7.6). Each is for the batch that is first in
 * line, which has its receipt when the next one is asked for.
 *
 * @throws Fault `exchange.message-malformed`, `exchange.receipt-unexpected`, `exchange.count-mismatch`, or why the stream
 *   ended
 */
export async function* readReceipts(
  read: () => ReturnType<MessageReader['read']>,
  window: ReceiptWindow,
): AsyncGenerator<ReceiptMessage, void, undefined> {
  for (let count = 0; ; count += 1) {
    const received = await read();
    if (received.kind === 'end') {
      if (received.count === count) return;
      throw new Fault('exchange.count-mismatch', `END counts ${received.count} receipts, ${count} came`);
    }
    const receipt = readMessage(receiptForm, received.bytes);
    window.judge(receipt.size);
    yield receipt;
    window.receipted();
  }
}
