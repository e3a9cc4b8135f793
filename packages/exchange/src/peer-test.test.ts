import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { createBreaker } from './breaker.test-support.ts';
import { deafListener } from './deaf-listener.test-support.ts';
import {
  connectAll,
  createNode,
  createNodes,
  entryOf,
  stateId,
  stopAll,
  type TestNode,
} from './federation.test-support.ts';
import { Refusal } from './index.ts';
import { sampleItems } from './memory-ports.test-support.ts';
import type { PeerTestReport } from './peer-test.ts';

let nodes: TestNode[] = [];
let listener: Server | undefined;
afterEach(async () => {
  await stopAll(nodes);
  nodes = [];
  listener?.close();
  listener = undefined;
});

/** How each stage went: `ok`, its code, or `-` where it was not reached. */
function summary({ stages }: PeerTestReport): string[] {
  return stages.map(({ outcome, code }) => (outcome === 'ok' ? 'ok' : (code ?? '-')));
}

async function started(index: number, options?: Parameters<typeof createNode>[1]): Promise<TestNode> {
  const node = await createNode(index, options);
  nodes.push(node);
  await node.exchange.start();
  return node;
}

test('all stages of a peer that is well, beside the connection that is there', async () => {
  nodes = await createNodes(2);
  const [a, b] = nodes as [TestNode, TestNode];
  b.ports.ledgerFor(a.id).append(...sampleItems(10));
  await connectAll(nodes);
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const report = await one.exchange.testPeer(other.id);
    expect(summary(report)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
    expect(report).toMatchObject({ ok: true, peer: other.id, address: other.exchange.addresses[0] });
    for (const { elapsedMs } of report.stages) expect(elapsedMs).toBeLessThan(1_000);
    expect(one.exchange.status(other.id).state).toBe('live');
  }
});

test('tcp: nothing listens, no address at all, a name that does not exist', async () => {
  const a = await started(1);
  const b = await createNode(2);
  const at = async (...addresses: string[]): Promise<string[]> => {
    a.exchange.addPeer(entryOf(b, addresses));
    return summary(await a.exchange.testPeer(b.id));
  };
  expect(await at('/ip4/127.0.0.1/tcp/1')).toEqual(['exchange.tcp-refused', '-', '-', '-', '-', '-']);
  expect(await at()).toEqual(['exchange.no-address', '-', '-', '-', '-', '-']);
  expect(await at('/dns4/no-such-host.invalid/tcp/1')).toEqual([
    'exchange.name-unknown',
    '-',
    '-',
    '-',
    '-',
    '-',
  ]);
});

test('tcp: a machine that does not answer', async () => {
  const a = await createNode(1, { timings: { addressMs: 300 } });
  const { address, stop } = await deafListener();
  onTestFinished(stop);
  a.exchange.addPeer(entryOf(await createNode(2), [address]));
  expect(summary(await a.exchange.testPeer(stateId(2)))).toEqual([
    'exchange.tcp-timeout',
    '-',
    '-',
    '-',
    '-',
    '-',
  ]);
});

test('psk: another key, and listeners that are no nodes', async () => {
  const a = await started(1);
  // What the first bytes decrypt to decides whether the other side refuses at once or waits for more of them.
  for (let index = 2; index < 8; index += 1) {
    const other = await started(index, { psk: new Uint8Array(32).fill(index) });
    a.exchange.addPeer(entryOf(other));
    expect(summary(await a.exchange.testPeer(other.id))).toEqual([
      'ok',
      'exchange.psk-mismatch',
      '-',
      '-',
      '-',
      '-',
    ]);
    await a.exchange.removePeer(other.id);
  }
  const absent = await createNode(9);
  const answers = [(socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), () => undefined];
  for (const answer of answers) {
    listener = createServer((socket) => answer(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    a.exchange.addPeer(entryOf(absent, [`/ip4/127.0.0.1/tcp/${port}`]));
    expect(summary(await a.exchange.testPeer(absent.id))).toEqual([
      'ok',
      'exchange.psk-mismatch',
      '-',
      '-',
      '-',
      '-',
    ]);
    listener.close();
  }
});

test('noise-identity: another federation, another era, another node at the address', async () => {
  const a = await started(1);
  const federation = await started(2, { federation: 'other' });
  const era = await started(3, { era: 2 });
  const stranger = await started(4);
  const absent = await createNode(5);
  for (const other of [federation, era]) {
    a.exchange.addPeer(entryOf(other));
    expect(summary(await a.exchange.testPeer(other.id))).toEqual([
      'ok',
      'ok',
      'exchange.prologue-mismatch',
      '-',
      '-',
      '-',
    ]);
  }
  const address = stranger.exchange.addresses[0]?.replace(/\/p2p\/.*/, '') as string;
  a.exchange.addPeer(entryOf(absent, [address]));
  expect(summary(await a.exchange.testPeer(absent.id))).toEqual([
    'ok',
    'ok',
    'exchange.identity-mismatch',
    '-',
    '-',
    '-',
  ]);
});

test('noise-identity: a node that breaks the handshake off', async () => {
  const a = await started(1);
  const { entry, stop } = await createBreaker(2);
  onTestFinished(stop);
  a.exchange.addPeer(entry);
  expect(summary(await a.exchange.testPeer(entry.peer))).toEqual([
    'ok',
    'ok',
    'exchange.handshake-failed',
    '-',
    '-',
    '-',
  ]);
});

test('hello: not let in, refused with and without a reason', async () => {
  const a = await started(1);
  const b = await started(2);
  a.exchange.addPeer(entryOf(b));
  expect(summary(await a.exchange.testPeer(b.id))).toEqual([
    'ok',
    'ok',
    'ok',
    'exchange.not-admitted',
    '-',
    '-',
  ]);
  b.exchange.addPeer(entryOf(a));
  b.ports.onHello = () => {
    throw new Refusal('exchange.other-era', 'told');
  };
  expect(summary(await a.exchange.testPeer(b.id))).toEqual([
    'ok',
    'ok',
    'ok',
    'exchange.other-era',
    '-',
    '-',
  ]);
  b.ports.onHello = () => {
    throw new Error('a secret');
  };
  expect(summary(await a.exchange.testPeer(b.id))).toEqual(['ok', 'ok', 'ok', 'exchange.refused', '-', '-']);
});

test('recognition: the peer sends none', async () => {
  const a = await started(1);
  const b = await started(2);
  b.ports.recognises = false;
  a.exchange.addPeer(entryOf(b));
  b.exchange.addPeer(entryOf(a));
  expect(summary(await a.exchange.testPeer(b.id))).toEqual([
    'ok',
    'ok',
    'ok',
    'ok',
    'exchange.not-recognised',
    '-',
  ]);
});

test('ledger: shorter than what is held of it', async () => {
  const a = await started(1);
  const b = await started(2);
  b.ports.ledgerFor(a.id).append(...sampleItems(3));
  a.ports.heldOf(b.id).tree = await b.ports.ledgerFor(a.id).grown(3, sampleItems(1, 3));
  a.exchange.addPeer(entryOf(b));
  b.exchange.addPeer(entryOf(a));
  expect(summary(await a.exchange.testPeer(b.id))).toEqual([
    'ok',
    'ok',
    'ok',
    'ok',
    'ok',
    'exchange.ledger-rewritten',
  ]);
});
