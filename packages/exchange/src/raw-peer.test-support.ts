import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { AdmissionSet } from './admission.ts';
import { systemClock } from './clock.ts';
import { FEDERATION, PSK, seedOf, stateId, type TestNode } from './federation.test-support.ts';
import { FrameStream } from './frame-stream.ts';
import { HandshakeWatch } from './handshake-watch.ts';
import { CAPABILITIES, HELLO_PROTOCOL } from './hello/constants.ts';
import { helloForm } from './hello/wire.ts';
import { writeMessage } from './messages.ts';
import { transportKeyOf } from './peer-address.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import { createTransport } from './transport.ts';

/** A peer that is let in and says whatever a test wants it to say. */
export interface RawPeer {
  readonly id: StateId;
  readonly node: Libp2p;
  readonly connection: Connection;
  /** Opens a stream without reading or writing anything. */
  open(protocol: string): Promise<Stream>;
  /** Opens a stream that speaks frames. */
  speak(protocol: string): Promise<FrameStream>;
  /** Says a proper hello, so that other protocols are served. */
  greet(): Promise<void>;
  /** Answers hellos properly, and another protocol as the test says. */
  serve(protocol: string, handler: (stream: FrameStream) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** A raw peer with a connection to a node, which lets it in. */
export async function createRawPeer(index: number, target: TestNode): Promise<RawPeer> {
  const id = stateId(index);
  const always = { notBeforeSeconds: 0, notAfterSeconds: 4_000_000_000 };
  const admission = new AdmissionSet(systemClock, () => undefined);
  admission.admit(target.exchange.peerId, { peer: target.id, ...always });
  const { key } = await transportKeyOf(seedOf(index));
  const node = await createTransport(
    {
      key,
      psk: PSK,
      federation: FEDERATION,
      era: 1,
      listen: [],
      announce: [],
      allowedNetworks: [],
      expectedPeers: 4,
      timings: DEFAULT_TIMINGS,
    },
    admission,
    new HandshakeWatch(),
    () => undefined,
  );
  await node.start();
  const publicKey = key.publicKey.raw;
  target.exchange.addPeer({ peer: id, transports: [{ publicKey, addresses: [], ...always }] });
  const connection = await node.dial(multiaddr(target.exchange.addresses[0]));
  const open = (protocol: string): Promise<Stream> => connection.newStream(protocol);
  const speak = async (protocol: string): Promise<FrameStream> =>
    new FrameStream(await open(protocol), systemClock, DEFAULT_TIMINGS);
  return {
    id,
    node,
    connection,
    open,
    speak,
    async greet() {
      const stream = await speak(HELLO_PROTOCOL);
      await stream.write(sampleHello());
      await stream.readData();
      await stream.finish();
    },
    async serve(protocol, handler) {
      await node.handle(HELLO_PROTOCOL, async (raw) => {
        const stream = new FrameStream(raw, systemClock, DEFAULT_TIMINGS);
        await stream.readData();
        await stream.write(sampleHello());
        await stream.finish();
      });
      await node.handle(protocol, async (raw) => {
        const stream = new FrameStream(raw, systemClock, DEFAULT_TIMINGS);
        await handler(stream).catch(() => undefined);
        stream.abort(new Fault('exchange.stopping', 'the handler is done'));
      });
      target.exchange.wake(id);
    },
    async stop() {
      admission.close();
      await node.stop();
    },
  };
}

export function sampleHello(changes: { federation?: string; era?: number } = {}): Uint8Array {
  return writeMessage(helloForm, {
    federation: FEDERATION,
    era: 1,
    card: new Uint8Array(100),
    ledgerSize: 0,
    capabilities: CAPABILITIES,
    sentAtSeconds: 1_800_000_000,
    ...changes,
  });
}
