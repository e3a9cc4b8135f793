import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@comity/fault';
import { afterEach, expect, test } from 'vitest';
import {
  connectAll,
  createNodes,
  entryOf,
  stopAll,
  type TestNode,
  until,
} from './federation.test-support.ts';
import type { ExchangeOptions, LedgerBatch } from './index.ts';
import { sampleItem, sampleItems } from './memory-ports.test-support.ts';

let nodes: TestNode[] = [];
afterEach(async () => {
  await stopAll(nodes);
  nodes = [];
});

/** A sender and a recipient that do not know each other yet. */
async function pair(options?: Partial<ExchangeOptions>): Promise<[TestNode, TestNode]> {
  nodes = await createNodes(2, options);
  return nodes as [TestNode, TestNode];
}

function heldCount(recipient: TestNode, sender: TestNode): number {
  return recipient.ports.heldOf(sender.id).items.length;
}

function receipted(sender: TestNode, recipient: TestNode, size: number): boolean {
  return sender.ports.ledgerFor(recipient.id).receipts.has(size);
}

test('20,000 entries arrive whole, in order, as they were, and receipted', async () => {
  const [a, b] = await pair();
  const items = Array.from({ length: 20_000 }, (_, index) => sampleItem(index, 250, 2, 60));
  a.ports.ledgerFor(b.id).append(...items);
  await connectAll(nodes);
  await until(() => receipted(a, b, 20_000), 25_000);
  expect(heldCount(b, a)).toBe(20_000);
  const held = b.ports.heldOf(a.id).items;
  for (const index of [0, 1, 255, 256, 12_345, 19_999]) {
    expect(held[index]).toEqual(items[index]);
  }
  expect(b.exchange.status(a.id)).toMatchObject({ state: 'live', lagEntries: 0, recognised: true });
  expect(b.exchange.status(a.id)).not.toHaveProperty('lastFaultCode');
}, 30_000);

test('a followed ledger delivers what is added, in milliseconds, both ways at once', async () => {
  const [a, b] = await pair();
  await connectAll(nodes);
  const times: number[] = [];
  for (let index = 0; index < 40; index += 1) {
    const sinceMs = performance.now();
    a.ports.ledgerFor(b.id).append(sampleItem(index));
    b.ports.ledgerFor(a.id).append(sampleItem(index));
    await until(() => receipted(a, b, index + 1) && receipted(b, a, index + 1));
    times.push(performance.now() - sinceMs);
  }
  times.sort((x, y) => x - y);
  expect(times[20]).toBeLessThan(100);
  expect(heldCount(a, b)).toBe(40);
});

test('a ledger with nothing new costs one request and one answer', async () => {
  const [a, b] = await pair();
  a.ports.ledgerFor(b.id).append(...sampleItems(300));
  await connectAll(nodes);
  await until(() => receipted(a, b, 300));
  const batches: LedgerBatch[] = [];
  b.ports.onBatch = async (batch) => {
    batches.push(batch);
  };
  await b.exchange.removePeer(a.id);
  b.exchange.addPeer(entryOf(a));
  await until(() => b.exchange.status(a.id).state === 'live' && b.exchange.status(a.id).lagEntries === 0);
  await sleep(100);
  expect(batches).toEqual([]);
  a.ports.ledgerFor(b.id).append(sampleItem(300));
  await until(() => receipted(a, b, 301));
  expect(batches.map(({ from, to }) => [from, to])).toEqual([[300, 301]]);
});

test('a receipt that was lost with the connection is sent again', async () => {
  const [a, b] = await pair();
  a.ports.ledgerFor(b.id).append(...sampleItems(10));
  await connectAll(nodes);
  await until(() => receipted(a, b, 10));
  a.ports.ledgerFor(b.id).receipts.clear();
  await b.exchange.removePeer(a.id);
  b.exchange.addPeer(entryOf(a));
  await until(() => receipted(a, b, 10));
});

test('batches are bounded by entries and by bytes, a large item goes alone and in parts', async () => {
  const [a, b] = await pair({ batches: { maxEntries: 50, maxBytes: 100_000, window: 2 } });
  const items = [
    ...sampleItems(120),
    sampleItem(1, 65_536, 512, 8_000),
    sampleItem(2, 0, 0),
    sampleItem(3, 60_000),
    sampleItem(4, 60_000),
  ];
  a.ports.ledgerFor(b.id).append(...items);
  const batches: LedgerBatch[] = [];
  b.ports.onBatch = async (batch) => {
    batches.push(batch);
  };
  await connectAll(nodes);
  await until(() => receipted(a, b, items.length));
  expect(batches.map(({ items: { length } }) => length)).toEqual([50, 50, 20, 1, 2, 1]);
  expect(b.ports.heldOf(a.id).items).toEqual(items);
  for (const { bytes, items: received } of batches) {
    for (const { entry, record } of received) {
      expect(entry.buffer).toBe(bytes.buffer);
      if (record !== undefined) expect(record.buffer).toBe(bytes.buffer);
    }
  }
});

test('an item that is too large goes without its record, and a person is told', async () => {
  const [a, b] = await pair();
  const huge = sampleItem(1, 65_536, 512, 8_200);
  a.ports.ledgerFor(b.id).append(sampleItem(0), huge, sampleItem(2));
  await connectAll(nodes);
  await until(() => receipted(a, b, 3));
  expect(b.ports.heldOf(a.id).items).toEqual([
    sampleItem(0),
    { entry: huge.entry, record: undefined, disclosures: [] },
    sampleItem(2),
  ]);
  expect(a.ports.alarms).toEqual([{ code: 'exchange.item-too-large', peer: b.id, index: 1 }]);
});

test('verification of a batch overlaps the commit of the one before, within the window', async () => {
  const [a, b] = await pair({ batches: { maxEntries: 10, window: 3 } });
  a.ports.ledgerFor(b.id).append(...sampleItems(200));
  b.ports.heldOf(a.id).commitMs = 20;
  let open = 0;
  let most = 0;
  b.ports.onBatch = async () => {
    open += 1;
    most = Math.max(most, open);
    await sleep(30);
    open -= 1;
  };
  await connectAll(nodes);
  await until(() => receipted(a, b, 200));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(3);
});

test('no receipt before the batch is durable', async () => {
  const [a, b] = await pair();
  a.ports.ledgerFor(b.id).append(...sampleItems(5));
  const durable = Promise.withResolvers<void>();
  b.ports.onBatch = () => durable.promise;
  await connectAll(nodes);
  await sleep(200);
  expect(a.ports.ledgerFor(b.id).receipts.size).toBe(0);
  expect(b.exchange.status(a.id).lagEntries).toBe(5);
  durable.resolve();
  await until(() => receipted(a, b, 5));
});

test('a batch that the sink refuses stops those after it, and is asked for again', async () => {
  const [a, b] = await pair({ batches: { maxEntries: 10, window: 4 } });
  a.ports.ledgerFor(b.id).append(...sampleItems(100));
  let failures = 0;
  b.ports.onBatch = async ({ from }) => {
    if (from !== 30 || failures >= 2) return;
    failures += 1;
    await sleep(10);
    throw new Fault('exchange.batch-mismatch', 'the disk is full');
  };
  await connectAll(nodes);
  await until(() => receipted(a, b, 100));
  expect(failures).toBe(2);
  expect(b.ports.heldOf(a.id).items).toEqual(sampleItems(100));
  const codes = (node: TestNode): string[] =>
    node.events.flatMap((event) => ('code' in event ? [event.code] : []));
  expect(codes(b)).toContain('exchange.batch-mismatch');
  expect(codes(a)).toContain('exchange.batch-mismatch');
});

test('a connection cut in the middle: the missing entries come, none twice', async () => {
  const [a, b] = await pair({ batches: { maxEntries: 20 } });
  a.ports.ledgerFor(b.id).append(...sampleItems(2_000));
  b.ports.heldOf(a.id).commitMs = 2;
  let seen = 0;
  b.ports.onBatch = async ({ items }) => {
    seen += items.length;
  };
  a.exchange.addPeer(entryOf(b));
  b.exchange.addPeer(entryOf(a));
  for (const at of [200, 700, 1_300]) {
    await until(() => heldCount(b, a) >= at);
    await a.exchange.removePeer(b.id);
    a.exchange.addPeer(entryOf(b));
  }
  await until(() => receipted(a, b, 2_000), 15_000);
  expect(b.ports.heldOf(a.id).items).toEqual(sampleItems(2_000));
  // Only what was on its way and not stored yet came twice: at most a window for each cut.
  expect(seen).toBeLessThanOrEqual(2_000 + 3 * 5 * 20);
});

test('a slow sink slows the sender: what is on its way is bounded', async () => {
  const [a, b] = await pair({ batches: { maxEntries: 64, maxBytes: 262_144, window: 4 } });
  const big = Array.from({ length: 300 }, (_, index) => sampleItem(index, 20_000, 4, 5_000));
  a.ports.ledgerFor(b.id).append(...big);
  let received = 0;
  const gate = Promise.withResolvers<void>();
  b.ports.onBatch = ({ items }) => {
    received += items.length;
    return gate.promise;
  };
  let read = 0;
  const { ledgerSource } = a.ports;
  const items = ledgerSource.items.bind(ledgerSource);
  a.ports.ledgerSource.items = async function* (...args) {
    for await (const item of items(...args)) {
      read += 1;
      yield item;
    }
  };
  await connectAll(nodes);
  await sleep(500);
  // 40 KB an item, 6 or 7 a batch; four batches with the sink, and the sender has read two ahead.
  expect(received).toBeLessThanOrEqual(4 * 7);
  expect(read).toBeLessThanOrEqual(6 * 7 + 1);
  gate.resolve();
  await until(() => receipted(a, b, 300), 20_000);
}, 30_000);

test('a rewritten ledger: alarm with the evidence, nothing stored, not asked again until woken', async () => {
  const [a, b] = await pair();
  a.ports.ledgerFor(b.id).append(...sampleItems(20));
  const held = b.ports.heldOf(a.id);
  held.tree = await a.ports.ledgerFor(b.id).grown(0, sampleItems(10, 1_000));
  await connectAll(nodes);
  await until(() => b.ports.alarms.length > 0);
  expect(b.ports.alarms[0]).toMatchObject({
    code: 'exchange.ledger-rewritten',
    peer: a.id,
    held: { size: 10 },
    offered: { size: 20, checkpoint: await a.ports.ledgerFor(b.id).checkpoint(20) },
  });
  await until(() => a.ports.alarms.length > 0);
  expect(a.ports.alarms[0]).toMatchObject({
    code: 'exchange.ledger-disputed',
    peer: b.id,
    held: { size: 10 },
  });
  await until(() => b.exchange.status(a.id).lastFaultCode === 'exchange.ledger-rewritten');
  expect(b.exchange.status(a.id).state).toBe('live');
  await sleep(600);
  expect(b.ports.alarms.length).toBe(1);
  expect(held.items).toEqual([]);
  b.exchange.wake(a.id);
  await until(() => b.ports.alarms.length === 2);
});

test('a sender that has lost its ledger hears of it from its peer', async () => {
  const [a, b] = await pair();
  a.ports.ledgerFor(b.id).append(...sampleItems(5));
  const held = b.ports.heldOf(a.id);
  held.tree = await a.ports.ledgerFor(b.id).grown(5, sampleItems(3, 5));
  held.receipt = 'the receipt of b for 8 entries';
  await connectAll(nodes);
  await until(() => a.ports.alarms.length > 0);
  expect(a.ports.alarms).toEqual([
    {
      code: 'exchange.ledger-disputed',
      peer: b.id,
      held: { size: 8, root: held.tree.root(), receipt: 'the receipt of b for 8 entries' },
    },
  ]);
  await until(() => b.ports.alarms.length > 0);
  expect(b.ports.alarms[0]).toMatchObject({ code: 'exchange.ledger-rewritten', held: { size: 8 } });
});

test('three nodes: each pair has a ledger of its own, each way', async () => {
  nodes = await createNodes(3);
  for (const from of nodes) {
    for (const to of nodes)
      if (from !== to) from.ports.ledgerFor(to.id).append(...sampleItems(50, from.index * 100));
  }
  await connectAll(nodes);
  await until(() => nodes.every((from) => nodes.every((to) => from === to || receipted(from, to, 50))));
  for (const from of nodes) {
    for (const to of nodes) {
      if (from !== to) expect(to.ports.heldOf(from.id).items).toEqual(sampleItems(50, from.index * 100));
    }
  }
});

test('what a session watched is let go when it ends', async () => {
  const [a, b] = await pair();
  await connectAll(nodes);
  await until(() => a.ports.ledgerFor(b.id).watchers === 1);
  await b.exchange.removePeer(a.id);
  await until(() => a.ports.ledgerFor(b.id).watchers === 0);
});
