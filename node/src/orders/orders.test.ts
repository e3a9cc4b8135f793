import type { StateId } from '@comity/label';
import type { Order } from '@comity/ledger';
import { MAX_DISCLOSURES, type RecordId } from '@comity/record';
import { expect, test } from 'vitest';
import { type KnownOrder, Orders } from './orders.ts';

const issuer = 'aa'.repeat(32) as StateId;
const record = 'bb'.repeat(32) as RecordId;

const row = { bytes: new Uint8Array(), peer: issuer, state: 'received', reason: null, atSeconds: 0 } as const;

const digestOf = (number: number): string => number.toString(16).padStart(64, '0');

function noteNarrow(orders: Orders, id: number, digests: readonly string[]): void {
  const order = { kind: 'narrow', id: digestOf(id), issuer, record, digests, issuedAtSeconds: id } as Order;
  orders.note({ order, row });
}

test('orders that take parts of one record back add up, whichever comes twice', () => {
  const orders = new Orders();
  noteNarrow(orders, 1, [digestOf(1), digestOf(2)]);
  noteNarrow(orders, 2, [digestOf(2), digestOf(3)]);
  expect(orders.recalled({ issuer, id: record })).toEqual(new Set([1, 2, 3].map(digestOf)));
  expect(orders.extentOf({ issuer, id: record })).toBe(3);
});

test('more parts than a record can have are all of it, and no list of them is kept', () => {
  const orders = new Orders();
  for (let id = 0; id < MAX_DISCLOSURES; id += 1) noteNarrow(orders, id, [digestOf(id)]);
  expect(orders.extentOf({ issuer, id: record })).toBe(MAX_DISCLOSURES);
  noteNarrow(orders, MAX_DISCLOSURES, [digestOf(MAX_DISCLOSURES)]);
  expect(orders.recalled({ issuer, id: record })).toBe('all');
});

test('orders are listed the newest first, all or those about one record, as they stand by now', () => {
  const orders = new Orders();
  const other = 'cc'.repeat(32) as RecordId;
  noteNarrow(orders, 1, [digestOf(1)]);
  noteNarrow(orders, 2, [digestOf(2)]);
  expect(orders.all()).toHaveLength(2);
  const first = orders.get(digestOf(1)) as KnownOrder;
  orders.note({ order: first.order, row: { ...first.row, state: 'applied' } });
  const listed = (known: readonly KnownOrder[]) =>
    known.map(({ order, row }) => [order.issuedAtSeconds, row.state]);
  const expected = [
    [2, 'received'],
    [1, 'applied'],
  ];
  expect(listed(orders.all())).toEqual(expected);
  expect(listed(orders.about(record, issuer))).toEqual(expected);
  expect(orders.about(record, 'ee'.repeat(32) as StateId)).toEqual([]);
  expect(orders.about(other)).toEqual([]);
});

test('a lift gives something free only where a bar was in force, whichever came first', () => {
  const barred = 'cc'.repeat(32) as StateId;
  const note = (orders: Orders, kind: 'bar' | 'lift', issuedAtSeconds: number): void => {
    const order = { kind, id: `${kind} ${issuedAtSeconds}`, issuer, state: barred, issuedAtSeconds };
    orders.note({ order: order as Order, row });
  };
  const orders = new Orders();
  note(orders, 'lift', 1);
  expect(orders.takeEnded(issuer, barred)).toBe(false);
  note(orders, 'bar', 2);
  expect(orders.takeEnded(issuer, barred)).toBe(false);
  note(orders, 'lift', 3);
  expect(orders.takeEnded(issuer, barred)).toBe(true);
  expect(orders.takeEnded(issuer, barred)).toBe(false);
  const loaded = new Orders();
  note(loaded, 'lift', 3);
  note(loaded, 'bar', 2);
  expect(loaded.takeEnded(issuer, barred)).toBe(true);
});

test('orders are acted upon in turns of those who brought them, no two about one record at once', () => {
  const orders = new Orders();
  const note = (
    id: number,
    peer: StateId,
    about: number,
    state: 'received' | 'applied' = 'received',
  ): void => {
    const order = { kind: 'recall', id: digestOf(id), issuer, record: digestOf(about), issuedAtSeconds: id };
    const row = { bytes: new Uint8Array(), peer, state, reason: null, atSeconds: 0 } as const;
    orders.note({ order: order as unknown as Order, row });
  };
  const other = 'cc'.repeat(32) as StateId;
  for (let id = 0; id < 100; id += 1) note(id, issuer, id % 50);
  note(1_000, other, 1_000);
  const ids = (): string[] => orders.nextReceived(2, () => true).map(({ order }) => order.id);
  expect(ids()).toEqual([0, 1, 1_000].map(digestOf));
  for (const id of [0, 1, 1_000]) note(id, id === 1_000 ? other : issuer, id, 'applied');
  expect(ids()).toEqual([2, 3].map(digestOf));
  expect(orders.nextReceived(100, () => true)).toHaveLength(50);
  expect(orders.isUnsettled).toBe(true);
  for (let id = 2; id < 100; id += 1) note(id, issuer, id % 50, 'applied');
  expect(orders.isUnsettled).toBe(false);
});
