import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  collect,
  connectAll,
  createNodes,
  stopAll,
  type TestNode,
  until,
} from './federation.test-support.ts';
import { FETCH_PROTOCOL } from './fetch/constants.ts';
import { fetchItemForm } from './fetch/wire.ts';
import { MAX_FETCH_INDEXES } from './index.ts';
import { sampleItem, sampleItems } from './memory-ports.test-support.ts';
import { writeMessage } from './messages.ts';
import { createRawPeer } from './raw-peer.test-support.ts';

let nodes: TestNode[] = [];
let a: TestNode;
let b: TestNode;

beforeEach(async () => {
  nodes = await createNodes(2);
  [a, b] = nodes as [TestNode, TestNode];
  await connectAll(nodes);
});
afterEach(async () => {
  await stopAll(nodes);
  nodes = [];
});

test('entries come again, in the order asked for, bare where they are no longer allowed', async () => {
  const bare = { ...sampleItem(500), record: undefined, disclosures: [] };
  b.ports.ledgerFor(a.id).append(...sampleItems(500), bare);
  const fetched = await collect(a.exchange.fetch(b.id, [499, 3, 3, 500]));
  expect(fetched.map(({ index }) => index)).toEqual([499, 3, 3, 500]);
  expect(fetched.map(({ item }) => item)).toEqual([sampleItem(499), sampleItem(3), sampleItem(3), bare]);
});

test('fewer entries than asked for are not taken for all', async () => {
  b.ports.ledgerFor(a.id).append(...sampleItems(5));
  const fetching = collect(a.exchange.fetch(b.id, [1, 100]));
  await expect(fetching).rejects.toMatchObject({ code: 'exchange.fetch-incomplete' });
});

test('too few and too many indexes', async () => {
  for (const count of [0, MAX_FETCH_INDEXES + 1]) {
    const indexes = Array.from({ length: count }, (_, index) => index);
    await expect(collect(a.exchange.fetch(b.id, indexes))).rejects.toMatchObject({
      code: 'exchange.fetch-indexes',
    });
  }
});

test('more entries than asked for are refused', async () => {
  const raw = await createRawPeer(20, a);
  await raw.serve(FETCH_PROTOCOL, async (stream) => {
    await stream.readData();
    for (let index = 0; index < 3; index += 1)
      await stream.write(writeMessage(fetchItemForm, sampleItem(index)));
    await stream.writeEnd(3);
    await stream.finish();
  });
  await until(() => a.exchange.status(raw.id).state === 'live');
  await expect(collect(a.exchange.fetch(raw.id, [1, 2]))).rejects.toMatchObject({
    code: 'exchange.count-mismatch',
  });
  await raw.stop();
});

test('what a peer holds of the own ledger comes back, without content, and no more than there is', async () => {
  const items = sampleItems(600);
  a.ports.ledgerFor(b.id).append(...items);
  await until(() => b.ports.heldOf(a.id).items.length === 600);
  const returned = await collect(a.exchange.takeBack(b.id, 100));
  expect(returned[0]?.from).toBe(100);
  expect(returned.at(-1)?.to).toBe(600);
  expect(returned.at(-1)?.checkpoint).toBe(await a.ports.ledgerFor(b.id).checkpoint(600));
  expect(returned.flatMap((batch) => batch.items)).toEqual(
    items.slice(100).map(({ entry }) => ({ entry, record: undefined, disclosures: [] })),
  );
  expect(await collect(a.exchange.takeBack(b.id, 600))).toEqual([]);
  expect(await collect(a.exchange.takeBack(b.id, 10_000))).toEqual([]);
});
