import { Fault } from '@comity/fault';
import type { Connection } from '@libp2p/interface';
import { readAnswers } from './answers.ts';
import { openCall } from './call.ts';
import type { ExchangeContext } from './context.ts';
import type { QueryEnd } from './ports.ts';
import { asFault } from './refusal.ts';

/** What a protocol allows an answer besides its messages. */
export interface AnswerForm {
  /** It may say at its end that there is more. */
  readonly isPaged?: boolean;
  /** The peer may take this long between two messages, if it says meanwhile that it is still there. */
  readonly withinMs?: number;
}

/**
 * One request, and the messages of its answer until END, under back-pressure: a message is read when the caller asks
 * for it. A caller that stops early frees the stream on both sides.
 *
 * @throws Fault `exchange.count-mismatch`, `exchange.truncated`, what the peer refused with, or why the stream ended
 */
export async function* receiveAll(
  context: ExchangeContext,
  connection: Connection,
  protocol: string,
  request: Uint8Array,
  signal: AbortSignal,
  { isPaged = false, withinMs }: AnswerForm = {},
): AsyncGenerator<Uint8Array, QueryEnd, undefined> {
  const { clock, timings } = context;
  const silence = withinMs === undefined ? undefined : { idleMs: Math.min(timings.stillWithinMs, withinMs) };
  let sinceMs = clock.nowMs();
  const onStill =
    withinMs === undefined
      ? undefined
      : (): void => {
          if (clock.nowMs() - sinceMs > withinMs)
            throw new Fault('exchange.read-deadline', 'the peer is there, but its answer does not go on');
        };
  const call = await openCall(context, connection, protocol, signal);
  let fault: Fault | undefined;
  let whole = false;
  try {
    await call.stream.write(request);
    await call.stream.closeWrite();
    const answers = readAnswers(() => call.stream.read(silence, onStill, isPaged));
    for (;;) {
      const next = await answers.next();
      if (next.done === true) {
        whole = true;
        return { more: next.value.more };
      }
      yield next.value;
      sinceMs = clock.nowMs();
    }
  } catch (thrown) {
    fault = asFault(thrown);
    throw fault;
  } finally {
    if (!whole) fault ??= new Fault('exchange.stopping', 'the answer is not wanted any more');
    await call.end(fault);
  }
}
