import { setTimeout as sleep } from 'node:timers/promises';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, expect, test } from 'vitest';
import {
  collect,
  connectAll,
  createNode,
  createNodes,
  entryOf,
  seedOf,
  stopAll,
  type TestNode,
  until,
} from './federation.test-support.ts';
import { sampleItem } from './memory-ports.test-support.ts';
import { transportKeyOf } from './peer-address.ts';
import { createRawPeer } from './raw-peer.test-support.ts';
import { VirtualClock } from './virtual-clock.test-support.ts';

let nodes: TestNode[] = [];
afterEach(async () => {
  await stopAll(nodes);
  nodes = [];
});

/** Ends of TCP connections in this process, in which all nodes of a test are. */
function socketCount(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

test('both dial at the same instant: both become live, on one connection', async () => {
  nodes = await createNodes(2, { timings: { graceMs: 0, duplicateMs: 200 } });
  const [a, b] = nodes as [TestNode, TestNode];
  const before = socketCount();
  let most = 0;
  for (let round = 0; round < 3; round += 1) {
    a.exchange.addPeer(entryOf(b));
    b.exchange.addPeer(entryOf(a));
    await until(() => a.exchange.status(b.id).state === 'live' && b.exchange.status(a.id).state === 'live');
    most = Math.max(most, socketCount() - before);
    await until(() => socketCount() - before === 2);
    expect(a.exchange.status(b.id).state).toBe('live');
    expect(b.exchange.status(a.id).state).toBe('live');
    const size = a.ports.ledgerFor(b.id).size + 1;
    a.ports.ledgerFor(b.id).append(sampleItem(round));
    await until(() => a.ports.ledgerFor(b.id).receipts.has(size));
    await Promise.all([a.exchange.removePeer(b.id), b.exchange.removePeer(a.id)]);
  }
  expect(most).toBeLessThanOrEqual(4);
});

test('an idle second connection is closed by the side with the lower PeerId', async () => {
  nodes = await createNodes(1, { timings: { duplicateMs: 200 } });
  const [a] = nodes as [TestNode];
  const raw = await createRawPeer(await higherThan(a), a);
  await raw.serve('/nothing/1', async () => undefined);
  await until(() => a.exchange.status(raw.id).state === 'live');
  await raw.node.dial(multiaddr(a.exchange.addresses[0]), { force: true });
  expect(raw.node.getConnections().length).toBe(2);
  await until(() => raw.node.getConnections().length === 1, 2_000);
  expect(a.exchange.status(raw.id).state).toBe('live');
  await raw.stop();
});

/** The index of a node whose PeerId is higher. */
async function higherThan(node: TestNode): Promise<number> {
  for (let index = 40; ; index += 1) {
    const { peerId } = await transportKeyOf(seedOf(index));
    if (peerId > node.exchange.peerId) return index;
  }
}

test('a peer that comes back is live again without being dialled', async () => {
  nodes = await createNodes(2);
  const [a, b] = nodes as [TestNode, TestNode];
  await connectAll(nodes);
  await b.exchange.removePeer(a.id);
  await until(() => a.exchange.status(b.id).state !== 'live');
  b.exchange.addPeer(entryOf(a));
  await until(
    () => a.exchange.status(b.id).state === 'live' && b.exchange.status(a.id).state === 'live',
    3_000,
  );
});

test('a status tells when the peer was last heard of, and that is a time of the clock', async () => {
  nodes = await createNodes(2);
  const [a, b] = nodes as [TestNode, TestNode];
  await connectAll(nodes);
  const { lastContactAtSeconds } = a.exchange.status(b.id);
  expect(Math.abs((lastContactAtSeconds as number) - Date.now() / 1_000)).toBeLessThan(3);
  expect(a.exchange.peers()).toEqual([a.exchange.status(b.id)]);
});

test('a connection that has become old is closed for that, and replaced', async () => {
  const connectionAgeMs = 40_000;
  const clock = new VirtualClock();
  const a = await createNode(1, { clock, timings: { connectionAgeMs, duplicateMs: connectionAgeMs } });
  const b = await createNode(2);
  nodes = [a, b];
  await Promise.all(nodes.map(({ exchange }) => exchange.start()));
  b.exchange.addPeer(entryOf(a));
  a.exchange.addPeer(entryOf(b));
  await until(() => nodes.every(({ exchange }) => exchange.peers().every(({ state }) => state === 'live')));
  const faults = (): unknown[] =>
    a.events.flatMap((event) => (event.kind === 'status' ? [event.status.lastFaultCode] : []));
  await clock.advance(connectionAgeMs - 1);
  expect(a.exchange.status(b.id).state).toBe('live');
  expect(faults()).not.toContain('exchange.connection-aged');
  await clock.advance(1);
  expect(faults()).toContain('exchange.connection-aged');
  await until(() => a.exchange.status(b.id).state === 'live' && b.exchange.status(a.id).state === 'live');
});

test('stopping ends everything, and a stopped exchange asks nothing', async () => {
  nodes = await createNodes(2);
  const [a, b] = nodes as [TestNode, TestNode];
  await connectAll(nodes);
  b.ports.onAnswer = async function* (_question, signal) {
    for (;;) {
      await sleep(20);
      if (signal.aborted) return;
      yield { record: new Uint8Array(10), disclosures: [] };
    }
  };
  const asking = collect(a.exchange.ask(b.id, new Uint8Array(4)));
  const ended = expect(asking).rejects.toMatchObject({ code: expect.stringContaining('exchange.') });
  await sleep(100);
  await a.exchange.stop();
  await ended;
  expect(a.exchange.status(b.id).state).toBe('stopped');
  await expect(collect(a.exchange.ask(b.id, new Uint8Array(4)))).rejects.toMatchObject({
    code: 'exchange.stopping',
  });
  await until(() => b.exchange.status(a.id).state !== 'live');
  await b.exchange.stop();
  await until(() => socketCount() === 0);
});
