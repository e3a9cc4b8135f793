import type { LedgerBatch } from '@comity/exchange';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { extendLedger, type Order, verifyOrder } from '@comity/ledger';
import { type Checkpoint, decodeLedgerEntry, ledgerLogName, noteVerifier, openedBy } from '@comity/log';
import { CompactTree } from '@comity/merkle';
import type { RecordId } from '@comity/record';
import { type EntryNote, type OrderRow, TABLES, WriteSet } from '@comity/store';
import { ordersSoon } from '../orders/apply-orders.ts';
import { orderLine } from '../orders/order-intake.ts';
import type { KnownOrder } from '../orders/orders.ts';
import { forgetHolds } from '../release/holds.ts';
import type { Sovereign } from '../sovereign.ts';
import { reconcile, reviseDoor } from './reconcile.ts';

/** Of entries that come back: decided under no revision there is, so that they are decided again before they are served. */
const DECIDED_BEFORE: EntryNote = [-1, null];

/**
 * Takes back a run of this state's own ledger for a peer from what the peer holds of it, and puts in force the orders in it as if
 * they were just made (ledger.md §2.5). What this state has signed itself counts, and nothing else.
 *
 * @throws Fault `log.no-log-signature` where no own key has signed it; `exchange.batch-mismatch`, `exchange.batch-out-of-order`
 *   where it does not continue what there is
 */
export async function takeIn(sovereign: Sovereign, peer: StateId, batch: LedgerBatch): Promise<void> {
  const checkpoint = ownCheckpoint(sovereign, peer, batch.checkpoint);
  const entries = batch.items.map(({ entry }) => entry);
  const name = `ledger/out/${peer}` as const;
  await putInForce(sovereign, peer, ordersIn(sovereign, entries), async (set) => {
    const log = await sovereign.store.log(name);
    const { size, frontier } = log.head();
    if (batch.from !== size)
      throw new Fault('exchange.batch-out-of-order', 'the ledger has grown while it was taken back');
    extendLedger(CompactTree.resume(size, frontier), { from: batch.from, entries, checkpoint });
    set
      .append(
        name,
        entries.map((leaf) => ({ leaf, note: DECIDED_BEFORE })),
        { atSize: size },
      )
      .putCheckpoint({ log: name, size: batch.to, root: checkpoint.root, note: batch.checkpoint })
      .audit({
        atSeconds: sovereign.now(),
        event: 'ledger-taken-back',
        fields: { peer, from: batch.from, to: batch.to },
      });
  });
}

/** Puts in force the own orders in a run of a ledger that does not continue what there is: each bears its own signature. */
export async function takeOrders(sovereign: Sovereign, peer: StateId, batch: LedgerBatch): Promise<void> {
  const entries = batch.items.map(({ entry }) => entry);
  const own = ordersIn(sovereign, entries).filter(({ issuer }) => issuer === sovereign.self.state);
  await putInForce(sovereign, peer, own, async () => {});
}

/** @throws Fault log.no-log-signature */
export function ownCheckpoint(
  { self, federation, directory, now }: Sovereign,
  peer: StateId,
  note: string,
): Checkpoint {
  const origin = ledgerLogName(federation.name, self.state, peer);
  // A key that was replaced since has signed what it has signed; one that is revoked may be in other hands.
  const keys = self.certificates.filter(({ usage, kid }) => {
    if (usage !== 'log') return false;
    try {
      directory.resolve(kid, usage, now(), self.state);
      return true;
    } catch (error) {
      return isFault(error) && error.code !== 'identity.key-revoked';
    }
  });
  const verifiers = keys.map(({ publicKey }) => noteVerifier(origin, 'log', publicKey));
  const signed = openedBy(note, verifiers);
  if (signed === undefined)
    throw new Fault('log.no-log-signature', 'no log key of this state has signed the checkpoint', {
      fields: { peer },
    });
  return signed.opened.checkpoint;
}

/** The orders in entries that verify now: of a key that is not known here any more, nothing can be told. */
function ordersIn({ directory, now }: Sovereign, entries: readonly Uint8Array[]): Order[] {
  const found: Order[] = [];
  for (const leaf of entries) {
    const entry = decodeLedgerEntry(leaf);
    if (entry.kind !== 'order') continue;
    try {
      found.push(verifyOrder(entry.order, directory, now()));
    } catch (error) {
      if (!isFault(error)) throw error;
    }
  }
  return found;
}

async function putInForce(
  sovereign: Sovereign,
  peer: StateId,
  orders: readonly Order[],
  add: (set: WriteSet) => Promise<void>,
): Promise<void> {
  const { events } = sovereign;
  let fresh: readonly KnownOrder[] = [];
  const forgotten: [peer: StateId, record: RecordId][] = [];
  await reviseDoor(
    sovereign,
    async () => {
      const set = new WriteSet();
      await add(set);
      fresh = [...new Map(orders.map((order) => [order.id, order])).values()]
        .filter(({ id }) => sovereign.orders.get(id) === undefined)
        .map((order) => ({ order, row: rowOf(sovereign, order) }));
      for (const known of fresh) forgotten.push(...(await addOrder(sovereign, set, peer, known)));
      return set;
    },
    () => {
      for (const known of fresh) sovereign.orders.note(known);
      for (const hold of forgotten) sovereign.holds.remove(...hold);
    },
  );
  for (const { order } of fresh)
    events.emit('order-taken-back', {
      peer: sovereign.peers.codeOf(peer) ?? peer,
      order: order.id.slice(0, 12),
      kind: order.kind,
    });
  await reconcile(sovereign, [], () => {});
  ordersSoon(sovereign);
}

/** An own order is in force by being there. One of another state that was passed on is to be acted upon again. */
function rowOf({ self, now }: Sovereign, { bytes, issuer, issuedAtSeconds }: Order): OrderRow {
  return issuer === self.state
    ? { bytes, peer: null, state: 'issued', reason: null, atSeconds: issuedAtSeconds }
    : { bytes, peer: issuer, state: 'received', reason: null, atSeconds: now() };
}

/** @returns what no longer waits for a person because of it */
async function addOrder(
  sovereign: Sovereign,
  set: WriteSet,
  peer: StateId,
  { order, row }: KnownOrder,
): Promise<[peer: StateId, record: RecordId][]> {
  set.put(TABLES.orders, [order.id], row).audit({
    atSeconds: sovereign.now(),
    event: 'order-taken-back',
    fields: { peer, ...orderLine(order) },
  });
  if (row.state !== 'issued' || order.kind !== 'recall') return [];
  // As when it was issued: a letter of this id is sealed nowhere here.
  const { record } = order;
  set.delete(TABLES.sealedLetters, [record]);
  const peers = await forgetHolds(sovereign, set, record);
  return peers.map((each) => [each, record]);
}
