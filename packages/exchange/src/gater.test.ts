import { setTimeout as sleep } from 'node:timers/promises';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, expect, test } from 'vitest';
import {
  connectAll,
  createNode,
  createNodes,
  entryOf,
  stopAll,
  type TestNode,
  until,
} from './federation.test-support.ts';
import { createRawPeer } from './raw-peer.test-support.ts';

let nodes: TestNode[] = [];
afterEach(async () => {
  await stopAll(nodes);
  nodes = [];
});

async function started(index: number, options?: Parameters<typeof createNode>[1]): Promise<TestNode> {
  const node = await createNode(index, options);
  nodes.push(node);
  await node.exchange.start();
  return node;
}

test('a PeerId that is not known is turned away after it was proved, and reported', async () => {
  const host = await started(1);
  const stranger = await started(2);
  stranger.exchange.addPeer(entryOf(host));
  await until(() => host.events.some(({ kind }) => kind === 'denied'));
  expect(host.events).toContainEqual({ kind: 'denied', peerId: stranger.exchange.peerId });
  await until(() => stranger.exchange.status(host.id).lastFaultCode === 'exchange.not-admitted');
  expect(host.exchange.peers()).toEqual([]);
});

test.each([
  ['pre-shared key', { psk: new Uint8Array(32).fill(1) }, /^exchange\.(psk-mismatch|dial-timeout)$/],
  ['federation', { federation: 'another' }, /^exchange\.prologue-mismatch$/],
  ['era', { era: 2 }, /^exchange\.prologue-mismatch$/],
])('another %s never gets as far as a hello', async (_name, options, code) => {
  const a = await started(1);
  const b = await started(2, options);
  a.exchange.addPeer(entryOf(b));
  b.exchange.addPeer(entryOf(a));
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    await until(() => code.test(one.exchange.status(other.id).lastFaultCode ?? ''));
    expect(one.exchange.status(other.id).state).not.toBe('live');
    expect(one.ports.hellos).toEqual([]);
  }
});

test('a peer has at most two connections, however many it opens', async () => {
  const host = await started(1);
  const peer = await createRawPeer(2, host);
  const address = multiaddr(host.exchange.addresses[0]);
  await Promise.allSettled(Array.from({ length: 6 }, () => peer.node.dial(address, { force: true })));
  await Promise.allSettled(Array.from({ length: 4 }, () => peer.node.dial(address, { force: true })));
  await sleep(200);
  expect(peer.node.getConnections().filter(({ status }) => status === 'open').length).toBeLessThanOrEqual(2);
  await peer.greet();
  await peer.stop();
});

test('a certificate that expires cuts the connection it was opened under', async () => {
  nodes = await createNodes(2);
  const [a, b] = nodes as [TestNode, TestNode];
  await connectAll(nodes);
  const [transport] = entryOf(b).transports;
  const notAfterSeconds = Math.ceil(Date.now() / 1_000) + 1;
  if (transport === undefined) throw new Error('no transport');
  a.exchange.addPeer({ peer: b.id, transports: [{ ...transport, notAfterSeconds }] });
  expect(a.exchange.status(b.id).state).toBe('live');
  await until(() => a.exchange.status(b.id).state === 'waiting', 4_000);
  const faults = a.events.map((event) => (event.kind === 'status' ? event.status.lastFaultCode : undefined));
  expect(faults).toContain('exchange.revoked');
  // Known by nothing but the certificate, and dialling or dialled: the same reason is told.
  await until(() => a.exchange.status(b.id).lastFaultCode === 'exchange.no-valid-key', 4_000);
  await sleep(300);
  expect(b.exchange.status(a.id).state).not.toBe('live');
});

test('a peer whose keys are not valid yet, or any more, is not dialled', async () => {
  nodes = await createNodes(2);
  const [a, b] = nodes as [TestNode, TestNode];
  const [transport] = entryOf(b).transports;
  if (transport === undefined) throw new Error('no transport');
  const now = Math.floor(Date.now() / 1_000);
  for (const validity of [
    { notBeforeSeconds: now + 1_000, notAfterSeconds: now + 2_000 },
    { notBeforeSeconds: 0, notAfterSeconds: now - 1 },
  ]) {
    a.exchange.addPeer({ peer: b.id, transports: [{ ...transport, ...validity }] });
    await until(() => a.exchange.status(b.id).lastFaultCode === 'exchange.no-valid-key');
    await a.exchange.removePeer(b.id);
  }
});

test('a replaced transport key: the old one is cut, the new one let in', async () => {
  nodes = await createNodes(2);
  const [a, b] = nodes as [TestNode, TestNode];
  await connectAll(nodes);
  const successor = await started(9);
  const transports = entryOf(successor).transports;
  a.exchange.addPeer({ peer: b.id, transports });
  expect(a.exchange.status(b.id).state).not.toBe('stopped');
  await until(() => b.exchange.status(a.id).state !== 'live');
  successor.exchange.addPeer(entryOf(a));
  await until(
    () => a.exchange.status(b.id).state === 'live' && successor.exchange.status(a.id).state === 'live',
  );
});
