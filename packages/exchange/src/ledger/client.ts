import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Connection } from '@libp2p/interface';
import { openCall } from '../call.ts';
import type { ExchangeContext } from '../context.ts';
import type { FrameStream } from '../frame-stream.ts';
import { readMessage, writeMessage } from '../messages.ts';
import type { LedgerHead, LedgerPosition } from '../ports.ts';
import { asFault } from '../refusal.ts';
import { LEDGER_PROTOCOL } from './constants.ts';
import { BatchIntake } from './intake.ts';
import { judgeHead } from './judge.ts';
import { headForm, type LedgerMode, requestForm } from './wire.ts';

/**
 * Brings this node's copy of a peer's ledger up to date: to the head (`pull`), or for as long as the connection lives
 * (`follow`). With `head`, only asks and judges it.
 *
 * @returns the size of the peer's ledger when the peer ended
 * @throws Fault `exchange.ledger-rewritten`, which was also given to the alarm port; what the sink threw; or why the
 *   stream ended
 */
export async function pullLedger(
  context: ExchangeContext,
  peer: StateId,
  connection: Connection,
  mode: LedgerMode,
  signal: AbortSignal,
): Promise<number> {
  const held = await context.ports.ledgerSink.position(peer);
  context.board(peer)?.held(held.size);
  const call = await openCall(context, connection, LEDGER_PROTOCOL, signal);
  const intake = new BatchIntake(context, peer, call.stream, held.size);
  try {
    const size = await pull(context, peer, call.stream, intake, held, mode);
    await call.end();
    return size;
  } catch (thrown) {
    const reason = intake.reasonOf(thrown);
    await call.stream.refuse(reason);
    await call.end(asFault(reason));
    throw reason;
  } finally {
    await intake.settled();
  }
}

async function pull(
  context: ExchangeContext,
  peer: StateId,
  stream: FrameStream,
  intake: BatchIntake,
  held: LedgerPosition,
  mode: LedgerMode,
): Promise<number> {
  const { size: heldSize, root: heldRoot, receipt } = held;
  const request = { mode, heldSize, heldRoot, ...(receipt === undefined ? {} : { receipt }) };
  await stream.write(writeMessage(requestForm, request));
  const head = readMessage(headForm, await stream.readData());
  await acceptHead(context, peer, held, head);
  const board = context.board(peer);
  let size = head.size;
  board?.contact();
  board?.announced(size);
  for (;;) {
    await intake.room();
    const received = await stream.read({ idleMs: context.timings.stillWithinMs }, () => board?.contact());
    board?.contact();
    if (received.kind === 'end') {
      await intake.done(received.count);
      break;
    }
    size = Math.max(size, intake.take(received.bytes));
    board?.announced(size);
  }
  await stream.writeEnd(intake.receiptedCount);
  return size;
}

/** Verifies and judges the head; a ledger that was rewritten is a matter for people. */
async function acceptHead(
  context: ExchangeContext,
  peer: StateId,
  held: LedgerPosition,
  head: LedgerHead,
): Promise<void> {
  const { size, root } = await context.ports.ledgerSink.verifyHead(peer, head.checkpoint);
  if (size !== head.size) {
    throw new Fault('exchange.message-malformed', 'HEAD names another size than its checkpoint');
  }
  try {
    judgeHead(held, { size, root, consistencyProof: head.consistencyProof });
  } catch (thrown) {
    if (isFault(thrown, 'exchange.ledger-rewritten')) {
      context.ports.alarm({ code: 'exchange.ledger-rewritten', peer, held, offered: head });
    }
    throw thrown;
  }
}
