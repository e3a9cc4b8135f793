import type { StateId } from '@comity/label';
import type { Order } from './order.ts';

/**
 * The bars that are in force by orders of whichever originators: for each the states to which its records are not to be passed
 * on. Of several orders about one state the latest by time of issue counts, and of those of one second a bar; in which order
 * they are given does not matter (ledger.md §7.11).
 */
export function barsInForce(orders: Iterable<Order>): ReadonlyMap<StateId, ReadonlySet<StateId>> {
  const latest = new Map<string, Order & { readonly kind: 'bar' | 'lift' }>();
  for (const order of orders) {
    if (order.kind !== 'bar' && order.kind !== 'lift') continue;
    const about = `${order.issuer} ${order.state}`;
    const known = latest.get(about);
    if (known === undefined || countsBefore(order, known)) latest.set(about, order);
  }
  const bars = new Map<StateId, Set<StateId>>();
  for (const { kind, issuer, state } of latest.values()) {
    if (kind === 'lift') continue;
    const states = bars.get(issuer);
    if (states === undefined) bars.set(issuer, new Set([state]));
    else states.add(state);
  }
  return bars;
}

function countsBefore(order: Order, other: Order): boolean {
  if (order.issuedAtSeconds !== other.issuedAtSeconds) return order.issuedAtSeconds > other.issuedAtSeconds;
  return order.kind === 'bar';
}
