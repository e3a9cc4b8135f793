import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { ExchangeContext } from '../context.ts';
import type { FrameStream } from '../frame-stream.ts';
import { readMessage } from '../messages.ts';
import type { ServedProtocol } from '../serve.ts';
import { LEDGER_PROTOCOL, MAX_LEDGER_STREAMS } from './constants.ts';
import { LedgerSession } from './source.ts';
import { requestForm } from './wire.ts';

/** Serves this node's ledger for each peer, to one stream of that peer at a time. */
export function ledgerServer(context: ExchangeContext): ServedProtocol {
  const current = new Map<StateId, FrameStream>();
  return {
    id: LEDGER_PROTOCOL,
    maxInboundStreams: MAX_LEDGER_STREAMS,
    afterHello: true,
    async handler(stream, peer) {
      const bytes = await stream.readData({ frameMs: context.timings.requestMs });
      const request = readMessage(requestForm, bytes);
      const session = new LedgerSession(context, peer, stream);
      if (request.mode === 'head') {
        await session.run(request);
        return;
      }
      // The newest wins: after a silent loss the peer is back before this side has noticed that it was gone.
      void current.get(peer)?.refuse(new Fault('exchange.superseded', 'the peer opened its ledger anew'));
      current.set(peer, stream);
      try {
        await session.run(request);
      } finally {
        if (current.get(peer) === stream) current.delete(peer);
      }
    },
  };
}
