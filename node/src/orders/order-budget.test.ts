import type { StateId } from '@comity/label';
import type { Order } from '@comity/ledger';
import { expect, test } from 'vitest';
import type { JudgedItem } from '../jobs/judges.ts';
import type { Sovereign } from '../sovereign.ts';
import { admitOrders, MAX_KEPT_BYTES, MAX_ORDERS_PER_HOUR } from './order-budget.ts';
import { Orders } from './orders.ts';

const A = 'aa'.repeat(32) as StateId;
const B = 'bb'.repeat(32) as StateId;

/** A node that holds the record whose id is all zeros, and no other. */
function nodeOf(): Sovereign {
  const held = '0'.repeat(64);
  const store = {
    realmOf: async (id: string) => (id === held ? 'real' : undefined),
    tombstone: async () => undefined,
  };
  return { store, self: { state: 'cc'.repeat(32) }, orders: new Orders() } as unknown as Sovereign;
}

function items(from: number, count: number, byteLength = 1, record = (id: number) => id + 1): JudgedItem[] {
  return Array.from({ length: count }, (_, index) => {
    const id = from + index;
    const order = {
      kind: 'recall',
      id: id.toString(16).padStart(64, '0'),
      issuer: A,
      record: record(id).toString(16).padStart(64, '0'),
      bytes: new Uint8Array(byteLength),
    };
    return { verdict: 'order', order: order as unknown as Order };
  });
}

test('of one peer so many orders in an hour, and of another its own', async () => {
  const node = nodeOf();
  const half = MAX_ORDERS_PER_HOUR / 2;
  (await admitOrders(node, A, items(0, half), 1_000))();
  (await admitOrders(node, A, items(half, half), 1_001))();
  await expect(admitOrders(node, A, items(2 * half, 1), 1_002)).rejects.toMatchObject({
    code: 'order.budget',
  });
  (await admitOrders(node, B, items(2 * half, 1), 1_002))();
  (await admitOrders(node, A, items(2 * half, 1), 1_000 + 3_600))();
});

test('a batch that was not stored is not counted, nor one that came before', async () => {
  const node = nodeOf();
  await admitOrders(node, A, items(0, MAX_ORDERS_PER_HOUR), 1_000);
  (await admitOrders(node, A, items(0, MAX_ORDERS_PER_HOUR), 1_000))();
  for (const item of items(0, MAX_ORDERS_PER_HOUR)) {
    if (item.verdict !== 'order') continue;
    const row = { bytes: item.order.bytes, peer: A, state: 'applied', reason: null, atSeconds: 0 } as const;
    node.orders.note({ order: item.order, row });
  }
  await admitOrders(node, A, items(0, MAX_ORDERS_PER_HOUR), 1_001);
});

test('of orders about what is not held so many bytes are kept, of recalls of what is held any number', async () => {
  const node = nodeOf();
  (await admitOrders(node, A, items(0, 1, MAX_KEPT_BYTES), 1_000))();
  await expect(admitOrders(node, A, items(1, 1), 1_001)).rejects.toMatchObject({
    code: 'order.too-many-kept',
  });
  (
    await admitOrders(
      node,
      A,
      items(1, 1, 24_576, () => 0),
      1_002,
    )
  )();
  (await admitOrders(node, B, items(1, 1), 1_003))();
});
