import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { FaultCode } from '@comity/fault';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { createBreaker } from './breaker.test-support.ts';
import { createNode, entryOf, stopAll, type TestNode, until } from './federation.test-support.ts';
import type { PeerEntry } from './index.ts';

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

/** A listener that does what it is told with each connection, and the address of it. */
async function listener(answer: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    answer(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`;
}

/** Has a node dial the peer, and waits for the first reason why that failed. */
async function failureOf(entry: PeerEntry, addressMs = 10_000): Promise<FaultCode | undefined> {
  const dialling = await started(1, { timings: { addressMs, dialMs: 10_000, graceMs: 0 } });
  const code = (): FaultCode | undefined => dialling.exchange.status(entry.peer).lastFaultCode;
  dialling.exchange.addPeer(entry);
  await until(() => code() !== undefined);
  return code();
}

test('a peer without an address waits to be heard of', async () => {
  expect(await failureOf(entryOf(await createNode(2), []))).toBe('exchange.no-address');
});

test('an address at which nothing listens', async () => {
  const other = await started(2);
  const entry = entryOf(other);
  await other.exchange.stop();
  expect(await failureOf(entry)).toBe('exchange.unreachable');
});

test('a listener that takes the connection and says nothing', async () => {
  const address = await listener(() => undefined);
  expect(await failureOf(entryOf(await createNode(2), [address]), 300)).toBe('exchange.dial-timeout');
});

test('a listener that answers without the pre-shared key', async () => {
  const address = await listener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect(await failureOf(entryOf(await createNode(2), [address]))).toBe('exchange.psk-mismatch');
});

test('another node at the address', async () => {
  const stranger = await started(3);
  const addresses = stranger.exchange.addresses.map((address) => address.replace(/\/p2p\/.*/, ''));
  expect(await failureOf(entryOf(await createNode(2), addresses))).toBe('exchange.identity-mismatch');
});

test('a node that breaks the handshake off', async () => {
  const { entry, stop } = await createBreaker(2);
  onTestFinished(stop);
  expect(await failureOf(entry)).toBe('exchange.handshake-failed');
});
