import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { concatBytes, sha256 } from '@comity/digest';
import { peerIdOf } from '@comity/exchange';
import { decodeStateCard } from '@comity/identity';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { preSharedKey } from '@libp2p/pnet';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import type { ForeignState } from '../federation/foreign-state.ts';
import type { FoundedState } from '../federation/founding.ts';

/** A connection without the exchange on it: whatever is written goes out, framed or not. */
export interface RawConnection extends AsyncDisposable {
  /** Opens a stream of a protocol, writes the bytes, and leaves it open. */
  write(protocol: string, bytes: Uint8Array): Promise<void>;
  /** Opens a stream, writes the bytes, and gives everything that comes back until that is whole, or the other side ends it. */
  exchange(protocol: string, bytes: Uint8Array, isWhole: (came: Uint8Array) => boolean): Promise<Uint8Array>;
}

/** Connects as a state does, with its transport key and the secrets of the federation. */
export async function rawConnection(state: ForeignState, under: FoundedState): Promise<RawConnection> {
  const shared = JSON.parse(await readFile(join(under.home, 'federation.json'), 'utf8')) as {
    name: string;
    era: number;
    psk: string;
  };
  const key = decodeStateCard(under.card).certificates.find(({ usage }) => usage === 'transport')?.publicKey;
  if (key === undefined) throw new Error('the card has no transport key');
  const psk = Buffer.from(`/key/swarm/psk/1.0.0/\n/base16/\n${shared.psk}`);
  const node = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', state.transportSeed),
    transports: [tcp()],
    connectionProtector: preSharedKey({ psk }),
    connectionEncrypters: [
      noise({ prologueBytes: sha256(Buffer.from(`${shared.name}\u0000${shared.era}`)) }),
    ],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
  });
  const connection = await node.dial(multiaddr(`/ip4/127.0.0.1/tcp/${under.port}/p2p/${peerIdOf(key)}`));
  return {
    async write(protocol, bytes) {
      const stream = await connection.newStream(protocol);
      stream.send(bytes);
    },
    async exchange(protocol, bytes, isWhole) {
      const stream = await connection.newStream(protocol);
      stream.send(bytes);
      let came: Uint8Array = new Uint8Array(0);
      for await (const chunk of stream) {
        came = concatBytes(came, chunk instanceof Uint8Array ? chunk : chunk.subarray());
        if (isWhole(came)) break;
      }
      stream.abort(new Error('all of it came'));
      return came;
    },
    [Symbol.asyncDispose]: async () => {
      await node.stop();
    },
  };
}
