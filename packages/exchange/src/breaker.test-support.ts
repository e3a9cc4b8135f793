import type { ConnectionEncrypter } from '@libp2p/interface';
import { AdmissionSet } from './admission.ts';
import { systemClock } from './clock.ts';
import { FEDERATION, PSK, seedOf, stateId } from './federation.test-support.ts';
import { HandshakeWatch } from './handshake-watch.ts';
import type { PeerEntry } from './index.ts';
import { transportKeyOf } from './peer-address.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import { createTransport } from './transport.ts';

/** noise as far as its name: it hangs up where its first message is due. */
class BrokenHandshake extends HandshakeWatch {
  override noise(prologueBytes: Uint8Array): ReturnType<HandshakeWatch['noise']> {
    const make = super.noise(prologueBytes);
    return (components) => {
      const encrypter: ConnectionEncrypter = make(components);
      encrypter.secureInbound = (connection) => {
        const reason = new Error('broken off');
        connection.abort(reason);
        return Promise.reject(reason);
      };
      return encrypter;
    };
  }
}

/** A node that has the pre-shared key, and breaks every handshake off. */
export async function createBreaker(index: number): Promise<{ entry: PeerEntry; stop(): Promise<void> }> {
  const { key } = await transportKeyOf(seedOf(index));
  const admission = new AdmissionSet(systemClock, () => undefined);
  const node = await createTransport(
    {
      key,
      psk: PSK,
      federation: FEDERATION,
      era: 1,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      announce: [],
      allowedNetworks: ['127.0.0.1/32'],
      expectedPeers: 2,
      timings: DEFAULT_TIMINGS,
    },
    admission,
    new BrokenHandshake(),
    () => undefined,
  );
  await node.start();
  const transport = {
    publicKey: key.publicKey.raw,
    addresses: node.getMultiaddrs().map(String),
    notBeforeSeconds: 0,
    notAfterSeconds: 4_000_000_000,
  };
  return {
    entry: { peer: stateId(index), transports: [transport] },
    async stop() {
      admission.close();
      await node.stop();
    },
  };
}
