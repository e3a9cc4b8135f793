import { type YamuxMuxerInit, yamux } from '@chainsafe/libp2p-yamux';
import { Fault } from '@comity/fault';
import type { MessageStream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface';
import type { Uint8ArrayList } from 'uint8arraylist';
import { MAX_MUXER_FRAME_BYTES } from './limits.ts';
import { silentLogger } from './silent-logger.ts';

/** Bytes of a yamux frame header: version, type, flags (2), stream id (4), length (4). */
const HEADER_BYTES = 12;
const TYPE_DATA = 0;

/** What is touched of the muxer beyond its interface. Its version is pinned, and a test tells when this changes. */
interface OpenMuxer extends StreamMuxer {
  onData(data: Uint8Array | Uint8ArrayList): void;
  ping(): Promise<number>;
  readonly decoder?: { readonly buffer?: Uint8ArrayList };
}

/**
 * yamux, with two corrections. It keeps the bytes of a frame until the frame is whole, whatever length it declares: here
 * a length beyond every window this node grants closes the connection when the header is there. And it sizes windows
 * by a round trip that only its keep-alive measures, which is off because it never closes anything: here one ping
 * measures it, without which windows stay at 256 KiB and a distant peer is served at 256 KiB a round trip.
 *
 * @param make another muxer in place of yamux
 * @throws Fault `exchange.muxer-changed` (exchange.md §1.5)
 */
export function guardedYamux(
  init: YamuxMuxerInit,
  make: () => StreamMuxerFactory = yamux(init),
): () => StreamMuxerFactory {
  assertShown(make());
  return () => {
    const factory = make();
    const create = factory.createStreamMuxer.bind(factory);
    factory.createStreamMuxer = (connection) => guard(create(connection) as unknown as OpenMuxer) as never;
    return factory as StreamMuxerFactory;
  };
}

/** Looks at a muxer over no connection: a node that cannot guard must not start, rather than fail every handshake. */
function assertShown(factory: StreamMuxerFactory): void {
  const nowhere = Object.assign(new EventTarget(), {
    direction: 'outbound',
    log: silentLogger.forComponent('muxer'),
  });
  bufferOf(factory.createStreamMuxer(nowhere as unknown as MessageStream) as unknown as OpenMuxer);
}

function bufferOf(muxer: OpenMuxer): Uint8ArrayList {
  const buffer = muxer.decoder?.buffer;
  if (buffer === undefined) {
    throw new Fault('exchange.muxer-changed', 'the muxer does not show the header it is waiting on');
  }
  return buffer;
}

function guard(muxer: OpenMuxer): OpenMuxer {
  const buffer = bufferOf(muxer);
  const onData = muxer.onData.bind(muxer);
  // The muxer calls this.onData for each chunk of the connection; what it throws aborts the connection.
  muxer.onData = (data) => {
    onData(data);
    judgeHeader(buffer);
  };
  muxer.ping().catch(() => undefined);
  return muxer;
}

/** Judges the frame that the muxer is waiting to complete. */
function judgeHeader(buffer: Uint8ArrayList): void {
  if (buffer.byteLength < HEADER_BYTES || buffer.get(1) !== TYPE_DATA) return;
  const byteLength = buffer.getUint32(8);
  if (byteLength > MAX_MUXER_FRAME_BYTES) {
    throw new Fault('exchange.muxer-frame-too-large', `expected at most ${MAX_MUXER_FRAME_BYTES} bytes`, {
      fields: { byteLength },
    });
  }
}
