import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { AdmissionSet } from './admission.ts';
import { systemClock } from './clock.ts';
import { FEDERATION, PSK, seedOf, stateId, until } from './federation.test-support.ts';
import { FrameStream } from './frame-stream.ts';
import { HandshakeWatch } from './handshake-watch.ts';
import { transportKeyOf } from './peer-address.ts';
import { DEFAULT_TIMINGS, type Timings } from './timings.ts';
import { createTransport } from './transport.ts';

const PROTOCOL = '/test/link/1';

/** Two bare transports with one connection: what runs over a stream can be looked at from both ends. */
export interface Link {
  readonly client: Libp2p;
  readonly server: Libp2p;
  readonly connection: Connection;
  readonly timings: Timings;
  /** Opens a stream, raw at both ends. */
  raw(): Promise<{ near: Stream; far: Stream }>;
  /** Opens a stream that speaks frames at both ends. */
  open(): Promise<{ near: FrameStream; far: FrameStream; nearRaw: Stream; farRaw: Stream }>;
  /** Streams that exist at both ends together. */
  streamCount(): number;
  stop(): Promise<void>;
}

export async function createLink(
  changes: Partial<Timings> = {},
  through?: (address: string) => string,
): Promise<Link> {
  const timings = { ...DEFAULT_TIMINGS, ...changes };
  const admission = new AdmissionSet(systemClock, () => undefined);
  const keys = await Promise.all([transportKeyOf(seedOf(101)), transportKeyOf(seedOf(102))]);
  const always = { notBeforeSeconds: 0, notAfterSeconds: 4_000_000_000 };
  for (const [index, { peerId }] of keys.entries())
    admission.admit(peerId, { peer: stateId(101 + index), ...always });
  const [client, server] = await Promise.all(
    keys.map(({ key }, index) =>
      createTransport(
        {
          key,
          psk: PSK,
          federation: FEDERATION,
          era: 1,
          listen: index === 0 ? [] : ['/ip4/127.0.0.1/tcp/0'],
          announce: [],
          allowedNetworks: ['127.0.0.1/32'],
          expectedPeers: 2,
          timings,
        },
        admission,
        new HandshakeWatch(),
        () => undefined,
      ),
    ),
  );
  if (client === undefined || server === undefined) throw new Error('no transports');
  await Promise.all([client.start(), server.start()]);
  const arrivals: ((stream: Stream) => void)[] = [];
  await server.handle(PROTOCOL, (stream) => {
    arrivals.shift()?.(stream);
    // A handler that returns is no reason to close: the test does.
    return Promise.resolve();
  });
  const { multiaddr } = await import('@multiformats/multiaddr');
  const address = String(server.getMultiaddrs()[0]);
  const connection = await client.dial(multiaddr(through?.(address) ?? address));
  // Until the other side has it too, more than ten streams would be too many at once for it.
  await until(() => server.getConnections().length === 1);
  const raw = async (): Promise<{ near: Stream; far: Stream }> => {
    const arrived = new Promise<Stream>((resolve) => arrivals.push(resolve));
    const near = await connection.newStream(PROTOCOL);
    return { near, far: await arrived };
  };
  return {
    client,
    server,
    connection,
    timings,
    raw,
    async open() {
      const { near: nearRaw, far: farRaw } = await raw();
      return {
        near: new FrameStream(nearRaw, systemClock, timings),
        far: new FrameStream(farRaw, systemClock, timings),
        nearRaw,
        farRaw,
      };
    },
    streamCount: () =>
      [...client.getConnections(), ...server.getConnections()].reduce(
        (sum, each) => sum + each.streams.length,
        0,
      ),
    async stop() {
      admission.close();
      await Promise.all([client.stop(), server.stop()]);
    },
  };
}
