import type { StateId } from '@comity/label';
import { TABLES, WriteSet } from '@comity/store';
import { tallyOf } from '../ledgers/ledger-tally.ts';
import type { Sovereign } from '../sovereign.ts';
import { appendOrder } from './apply-orders.ts';
import type { KnownOrder } from './orders.ts';

/** Tells a peer the orders that it is to know and that are not in the ledger for it: those that were made before it was heard. */
export async function tellOrders(sovereign: Sovereign, peer: StateId): Promise<void> {
  const { orders, releases, store, growth } = sovereign;
  await releases.take(async () => {
    const { sent, brought } = await tallyOf(sovereign, peer);
    const set = new WriteSet();
    // Oldest first: of bars and lifts the last one counts, and so the peer sees them as they were made.
    for (const known of orders.all().toReversed()) {
      const { order, row } = known;
      if (sent(order.id) !== undefined || brought.has(order.id)) continue;
      if (row.peer === peer || order.issuer === peer) continue;
      if (await isToldTo(sovereign, peer, known)) appendOrder(sovereign, set, peer, order);
    }
    await store.commit(set);
  });
  growth.notify([peer]);
}

/** A recall is told to those who were handed some of what it takes back, a bar of this state to everybody but who is barred. */
async function isToldTo(
  { store, self }: Sovereign,
  peer: StateId,
  { order, row }: KnownOrder,
): Promise<boolean> {
  const isInForce = row.state === 'issued' || row.state === 'applied';
  if (!isInForce) return false;
  if ('state' in order) return order.issuer === self.state && order.state !== peer;
  const { ledgerIndexes } = await store.released(peer, order.record);
  if (ledgerIndexes.length > 0) return true;
  const letter = await store.get(TABLES.sentLetters, [order.record]);
  return letter?.peer === peer;
}
