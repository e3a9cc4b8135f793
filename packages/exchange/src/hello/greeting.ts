import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { nowSeconds } from '../clock.ts';
import type { ExchangeContext } from '../context.ts';
import { readMessage, writeMessage } from '../messages.ts';
import type { Hello } from '../ports.ts';
import { CAPABILITIES } from './constants.ts';
import { helloForm } from './wire.ts';

/** What this node says to a peer, as bytes. */
export async function composeHello(context: ExchangeContext, peer: StateId): Promise<Uint8Array> {
  const statement = await context.ports.hello.compose(peer);
  const hello: Hello = {
    ...statement,
    federation: context.federation,
    era: context.era,
    capabilities: CAPABILITIES,
    sentAtSeconds: nowSeconds(context.clock),
  };
  return writeMessage(helloForm, hello);
}

/**
 * Reads a hello of the reader's own federation and era (exchange.md §6.1, §6.3).
 *
 * @throws Fault `exchange.message-malformed`, `exchange.other-federation`, `exchange.other-era`
 */
export function readHello(
  bytes: Uint8Array,
  own: { readonly federation: string; readonly era: number },
): Hello {
  const hello = readMessage(helloForm, bytes);
  if (hello.federation !== own.federation) {
    throw new Fault('exchange.other-federation', 'the peer speaks of another federation');
  }
  if (hello.era !== own.era) {
    throw new Fault('exchange.other-era', `expected era ${own.era}, got ${hello.era}`);
  }
  return hello;
}

/**
 * Judges what a peer says: first that it speaks of the same federation and era, which its handshake has shown already,
 * then what the node's port makes of the rest.
 *
 * @throws Fault `exchange.message-malformed`, `exchange.other-federation`, `exchange.other-era`, or the port's
 */
export async function judgeHello(
  context: ExchangeContext,
  peer: StateId,
  bytes: Uint8Array,
): Promise<{ hello: Hello; recognised: boolean }> {
  const hello = readHello(bytes, context);
  const { recognised } = await context.ports.hello.receive(peer, hello);
  const board = context.board(peer);
  board?.contact();
  board?.announced(hello.ledgerSize);
  board?.recognised(recognised);
  return { hello, recognised };
}
