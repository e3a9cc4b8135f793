import { fromHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import type { Order } from '@comity/ledger';
import { encodeLedgerEntry, type ReportOutcome } from '@comity/log';
import { WriteSet } from '@comity/store';
import { tallyOf } from '../ledgers/ledger-tally.ts';
import type { Sovereign } from '../sovereign.ts';

/** What is done about an order, and reported. */
export interface Execution {
  readonly outcome: ReportOutcome;
  /** A word of protocol/registries/report-reasons.json; with `refused`. */
  readonly reason?: string;
}

/** Whoever has brought an order, and its originator, where that is a peer: they are told what became of it. */
export async function bringersOf(
  sovereign: Sovereign,
  order: Order,
  first: StateId | null,
): Promise<StateId[]> {
  const bringers: StateId[] = [];
  for (const { state } of sovereign.peers.all()) {
    const isTold = state === first || state === order.issuer;
    if (isTold || (await tallyOf(sovereign, state)).brought.has(order.id)) bringers.push(state);
  }
  return bringers;
}

/** Tells whoever has brought an order that was decided before (ledger.md §8.2). */
export async function answerLate(sovereign: Sovereign): Promise<void> {
  const { orders, peers, releases, store, growth } = sovereign;
  for (const { state: peer } of peers.all()) {
    if (sovereign.putBack.lacksLedger(peer)) continue;
    // In turn with decisions: of what is decided after this the peer is told with the decision.
    const isTold = await releases.take(async () => {
      const { brought, answered } = await tallyOf(sovereign, peer);
      const set = new WriteSet();
      for (const id of brought) {
        const known = orders.get(id);
        if (known === undefined) continue;
        const { state, reason } = known.row;
        if (state === 'issued' || state === 'received' || answered(id)?.outcome === state) continue;
        addReport(sovereign, set, peer, known.order, {
          outcome: state,
          ...(reason !== null && { reason }),
        });
      }
      const isOwed = !set.isEmpty;
      await store.commit(set);
      return isOwed;
    });
    if (isTold) growth.notify(new Set([peer]));
  }
}

/** Adds what became of an order to the ledger of a peer. */
export function addReport(
  { door, putBack, now }: Sovereign,
  set: WriteSet,
  peer: StateId,
  order: Order,
  { outcome, reason }: Execution,
): void {
  // Told when it is heard, as what was not answered in its ledger.
  if (putBack.lacksLedger(peer)) return;
  const leaf = encodeLedgerEntry({
    kind: 'report',
    orderDigest: fromHex(order.id),
    atSeconds: now(),
    outcome,
    ...(reason !== undefined && { reason }),
  });
  set.append(`ledger/out/${peer}`, [{ leaf, note: [door.revision, null] }]);
}
