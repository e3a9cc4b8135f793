import type { Connection, Libp2p } from '@libp2p/interface';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { expect, onTestFinished, test } from 'vitest';
import { AdmissionSet } from './admission.ts';
import { systemClock } from './clock.ts';
import { Connections } from './connections.ts';
import { FEDERATION, PSK, seedOf, stateId, until } from './federation.test-support.ts';
import { HandshakeWatch } from './handshake-watch.ts';
import { transportKeyOf } from './peer-address.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import { createTransport } from './transport.ts';

const ALWAYS = { notBeforeSeconds: 0, notAfterSeconds: 4_000_000_000 };
const HOST = 111;
const PEER = 112;

/** A bare transport that lets host and peer in. */
async function startTransport(index: number): Promise<{ node: Libp2p; admission: AdmissionSet }> {
  const admission = new AdmissionSet(systemClock, () => undefined);
  for (const known of [HOST, PEER]) {
    const { peerId } = await transportKeyOf(seedOf(known));
    admission.admit(peerId, { peer: stateId(known), ...ALWAYS });
  }
  const { key } = await transportKeyOf(seedOf(index));
  const node = await createTransport(
    {
      key,
      psk: PSK,
      federation: FEDERATION,
      era: 1,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      announce: [],
      allowedNetworks: ['127.0.0.1/32'],
      expectedPeers: 4,
      timings: DEFAULT_TIMINGS,
    },
    admission,
    new HandshakeWatch(),
    () => undefined,
  );
  await node.start();
  onTestFinished(async () => {
    admission.close();
    await node.stop();
  });
  return { node, admission };
}

test('two nodes under one key, neither of which knows of the other: the third connection is closed', async () => {
  const { node: host, admission } = await startTransport(HOST);
  const connections = new Connections(host, admission, systemClock, DEFAULT_TIMINGS);
  const judged: (string | undefined)[] = [];
  const reasons: unknown[] = [];
  host.addEventListener('connection:open', ({ detail }) => {
    detail.addEventListener('close', ({ error }) => reasons.push(error));
    judged.push(connections.judge(detail));
  });
  const addresses: Multiaddr[] = [];
  for (let count = 0; count < 2; count += 1) {
    const { node } = await startTransport(PEER);
    addresses.push(multiaddr(String(node.getMultiaddrs()[0])));
  }
  const [first, second] = addresses as [Multiaddr, Multiaddr];
  const dial = (address: Multiaddr): Promise<Connection> => host.dial(address, { force: true });
  const kept = [await dial(first), await dial(first)];
  expect(judged).toEqual([stateId(PEER), stateId(PEER)]);
  const third = await dial(second).catch(() => undefined);
  await until(() => reasons.length > 0);
  expect(reasons).toEqual([expect.objectContaining({ code: 'exchange.too-many-connections' })]);
  expect(judged).toEqual([stateId(PEER), stateId(PEER), undefined]);
  expect(third?.status).not.toBe('open');
  expect(kept.map(({ status }) => status)).toEqual(['open', 'open']);
});
