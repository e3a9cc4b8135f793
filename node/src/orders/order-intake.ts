import type { StateId } from '@comity/label';
import type { Order } from '@comity/ledger';
import { type OrderRow, TABLES, type WriteSet } from '@comity/store';
import type { JudgedItem } from '../jobs/judges.ts';
import type { Sovereign } from '../sovereign.ts';
import { ordersSoon } from './apply-orders.ts';

/**
 * Writes down the orders and reports that a peer's ledger brings, in the set that stores their entries. An order that is known
 * already, whoever brought it first, is obeyed once, and whoever brings it is told what became of it; one of this state's own comes
 * back from nobody.
 *
 * @returns the orders that it brings
 */
export function noteOrders(
  sovereign: Sovereign,
  set: WriteSet,
  peer: StateId,
  judged: readonly JudgedItem[],
  atSeconds: number,
): readonly Order[] {
  const { orders, self } = sovereign;
  const brought = new Map<string, Order>();
  for (const item of judged) {
    if (item.verdict === 'report') {
      const { order, outcome, reason } = item.report;
      set.audit({
        atSeconds,
        event: 'order-reported',
        fields: { peer, order, outcome, ...(reason !== undefined && { reason }) },
      });
    }
    if (item.verdict !== 'order') continue;
    const { order } = item;
    if (order.issuer === self.state || brought.has(order.id)) continue;
    brought.set(order.id, order);
    if (orders.get(order.id) !== undefined) continue;
    set.put(TABLES.orders, [order.id], receivedRow(order, peer, atSeconds)).audit({
      atSeconds,
      event: 'order-received',
      fields: { peer, ...orderLine(order) },
    });
  }
  return [...brought.values()];
}

/** After they are durable: from now on nothing goes out against them, and what is to be done about them is done. */
export function obey(
  sovereign: Sovereign,
  peer: StateId,
  received: readonly Order[],
  atSeconds: number,
): void {
  if (received.length === 0) return;
  const { orders, events, peers } = sovereign;
  for (const order of received) {
    if (orders.get(order.id) !== undefined) continue;
    orders.note({ order, row: receivedRow(order, peer, atSeconds) });
    events.emit('order-received', {
      peer: peers.codeOf(peer) ?? peer,
      order: order.id.slice(0, 12),
      kind: order.kind,
    });
  }
  ordersSoon(sovereign);
}

function receivedRow({ bytes }: Order, peer: StateId, atSeconds: number): OrderRow {
  return { bytes, peer, state: 'received', reason: null, atSeconds };
}

/** What lines of the audit log say of an order that came. */
export function orderLine(order: Order): Readonly<Record<string, string>> {
  const { id, kind, issuer, reason } = order;
  return { order: id, kind, issuer, reason, ...('record' in order && { record: order.record }) };
}
