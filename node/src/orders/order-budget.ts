import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Order } from '@comity/ledger';
import type { JudgedItem } from '../jobs/judges.ts';
import { perPeer } from '../peers/per-peer.ts';
import type { Sovereign } from '../sovereign.ts';

/** Orders that are new here and that one peer may bring in an hour: more than a state takes back of its own accord. */
export const MAX_ORDERS_PER_HOUR = 16_384;
/** Bytes of orders that are kept of one peer though nothing is held that they could take back: some 60,000 of usual length. */
export const MAX_KEPT_BYTES = 16_777_216;

const HOUR_SECONDS = 3_600;

/** What one peer has brought. In memory: starting again costs a peer more than it gains. */
interface Brought {
  /** When orders came in the last hour, UTC seconds, and how many. */
  hours: { readonly atSeconds: number; readonly count: number }[];
  /** Undefined until it was counted what is kept from before. */
  keptBytes: number | undefined;
}

const broughtBy = perPeer((): Brought => ({ hours: [], keptBytes: undefined }));

/**
 * Lets the orders of a batch in, before anything of it is stored. A batch with too many is not taken, and its sender offers it again:
 * nothing of it is lost, and nobody else waits (ledger.md §7.13).
 *
 * @returns to be called when the batch is durable
 * @throws Fault order.budget, order.too-many-kept
 */
export async function admitOrders(
  sovereign: Sovereign,
  peer: StateId,
  judged: readonly JudgedItem[],
  atSeconds: number,
): Promise<() => void> {
  const fresh = freshOrders(sovereign, judged);
  if (fresh.length === 0) return () => {};
  const brought = broughtBy(sovereign, peer);
  brought.hours = brought.hours.filter((each) => Math.abs(atSeconds - each.atSeconds) < HOUR_SECONDS);
  const recent = brought.hours.reduce((sum, { count }) => sum + count, 0);
  if (recent > 0 && recent + fresh.length > MAX_ORDERS_PER_HOUR)
    throw new Fault('order.budget', 'the peer brings more orders in an hour than are taken', {
      fields: { perHour: MAX_ORDERS_PER_HOUR },
    });
  brought.keptBytes ??= await keptBytes(
    sovereign,
    sovereign.orders.all().flatMap(({ order, row }) => (row.peer === peer ? [order] : [])),
  );
  const added = await keptBytes(sovereign, fresh);
  if (added > 0 && brought.keptBytes + added > MAX_KEPT_BYTES)
    throw new Fault(
      'order.too-many-kept',
      'the peer brings more orders about what is not held here than are kept',
      {
        fields: { maxBytes: MAX_KEPT_BYTES },
      },
    );
  return () => {
    brought.hours.push({ atSeconds, count: fresh.length });
    brought.keptBytes = (brought.keptBytes ?? 0) + added;
  };
}

function freshOrders({ orders, self }: Sovereign, judged: readonly JudgedItem[]): Order[] {
  const fresh = new Map<string, Order>();
  for (const item of judged) {
    if (item.verdict !== 'order' || item.order.issuer === self.state) continue;
    if (orders.get(item.order.id) === undefined) fresh.set(item.order.id, item.order);
  }
  return [...fresh.values()];
}

/** A recall of what is held, or was, is one for a record that somebody has issued; of all others a peer can make any number. */
async function keptBytes({ store }: Sovereign, orders: readonly Order[]): Promise<number> {
  let sum = 0;
  for (const order of orders) {
    const isOfSomething =
      order.kind === 'recall' &&
      ((await store.realmOf(order.record)) !== undefined ||
        (await store.tombstone(order.record)) !== undefined);
    if (!isOfSomething) sum += order.bytes.length;
  }
  return sum;
}
