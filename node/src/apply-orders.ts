import { fromHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import type { Order } from '@comity/ledger';
import { encodeLedgerEntry, type ReportOutcome } from '@comity/log';
import { headerOf, type RecordId } from '@comity/record';
import { type OrderRow, TABLES, WriteSet } from '@comity/store';
import { Bell } from './bell.ts';
import { eraseLetter, writerOf } from './letter-intake.ts';
import type { KnownOrder } from './orders.ts';
import { reconcile, reviseDoor } from './reconcile.ts';
import { isRetained } from './retain.ts';
import type { Sovereign } from './sovereign.ts';

/** What is done about an order, and reported. */
export interface Execution {
  readonly outcome: ReportOutcome;
  /** A word of protocol/registries/report-reasons.json; with `refused`. */
  readonly reason?: string;
}

const bells = new WeakMap<Sovereign, Bell>();

function bellOf(sovereign: Sovereign): Bell {
  const bell = bells.get(sovereign) ?? new Bell();
  bells.set(sovereign, bell);
  return bell;
}

/** Has the orders that were received acted upon. */
export function ordersSoon(sovereign: Sovereign): void {
  bellOf(sovereign).ring();
}

/** Acts upon orders as they come until the node stops; first upon those that were received and not acted upon before. */
export async function obeyOrders(
  sovereign: Sovereign,
  signal: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  for (;;) {
    for (const known of sovereign.orders.all()) {
      signal.throwIfAborted();
      if (known.row.state === 'received')
        await execute(sovereign, known, await judge(sovereign, known.order));
    }
    succeeded();
    await bellOf(sovereign).rung(signal);
    signal.throwIfAborted();
  }
}

/** What an order comes to by itself: what the state's own law obliges it to keep, a person decides about. */
async function judge(sovereign: Sovereign, order: Order): Promise<Execution> {
  if (!('record' in order)) return { outcome: 'applied' };
  const writtenBy = await writerOf(sovereign, order.record);
  if (writtenBy !== undefined) return judgeLetter(writtenBy, order);
  const held = await heldOf(sovereign, order.record);
  // The record may come another way later: then it is refused, as the order is known.
  if (held === undefined) return { outcome: 'applied' };
  if (headerOf(held.bytes).issuer !== order.issuer) return { outcome: 'refused', reason: 'invalid' };
  return (await isRetained(sovereign, order.record)) ? { outcome: 'acknowledged' } : { outcome: 'applied' };
}

/** A letter is taken back as a whole, by the state that wrote it, and by no other. */
function judgeLetter(writtenBy: StateId, { kind, issuer }: Order): Execution {
  if (kind === 'recall' && issuer === writtenBy) return { outcome: 'applied' };
  return { outcome: 'refused', reason: 'invalid' };
}

async function heldOf({ store }: Sovereign, id: RecordId) {
  const realm = await store.realmOf(id);
  return realm === undefined ? undefined : store.records(realm).get(id);
}

/**
 * Acts upon an order, in one commit: content goes, the tombstone comes, whoever was handed the record by this state is passed
 * the order, and whoever brought it is told what became of it.
 */
export async function execute(
  sovereign: Sovereign,
  { order, row }: KnownOrder,
  execution: Execution,
): Promise<void> {
  const { events } = sovereign;
  const atSeconds = sovereign.now();
  const { outcome, reason = null } = execution;
  const state: OrderRow = { ...row, state: outcome, reason, atSeconds };
  const set = new WriteSet().put(TABLES.orders, [order.id], state).audit({
    atSeconds,
    event: `order-${outcome}`,
    fields: {
      order: order.id,
      kind: order.kind,
      issuer: order.issuer,
      ...('record' in order && { record: order.record }),
      ...(reason !== null && { reason }),
    },
  });
  const told = new Set<StateId>();
  if ('record' in order && row.state === 'received' && reason !== 'invalid')
    for (const peer of await passOn(sovereign, set, order, row.peer)) told.add(peer);
  if ('record' in order && outcome === 'applied') {
    erase(sovereign, set, order);
    await eraseLetter(sovereign, set, order.record);
  }
  for (const peer of report(sovereign, set, order, row.peer, execution)) told.add(peer);
  // What was decided before is decided again: to a state that is barred nothing more goes, to one that no longer is, all.
  await reviseDoor(sovereign, set, () => sovereign.orders.note({ order, row: state }));
  events.emit('order-executed', { order: order.id.slice(0, 12), kind: order.kind, outcome });
  sovereign.growth.notify(told);
  await reconcile(sovereign, order.kind === 'lift' ? sovereign.peers.all() : [], () => {});
}

/** Content goes with its key; of what is not held the order itself keeps out whatever comes later. */
function erase(
  sovereign: Sovereign,
  set: WriteSet,
  order: Extract<Order, { readonly record: RecordId }>,
): void {
  if (order.kind === 'narrow') set.narrowRecord(order.record, order.issuer, order.digests);
  else {
    const { id, reason } = order;
    set.eraseRecord(order.record, order.issuer, { atSeconds: sovereign.now(), order: id, reason });
  }
  for (const { state } of sovereign.peers.all()) set.delete(TABLES.holds, [state, order.record]);
}

/** Passes an order on to those to whom this state has handed what it is about. */
async function passOn(
  sovereign: Sovereign,
  set: WriteSet,
  order: Extract<Order, { readonly record: RecordId }>,
  from: StateId | null,
): Promise<StateId[]> {
  const told: StateId[] = [];
  for (const { state } of sovereign.peers.all()) {
    if (state === from || state === order.issuer) continue;
    const { ledgerIndexes } = await sovereign.store.released(state, order.record);
    if (ledgerIndexes.length === 0) continue;
    appendOrder(sovereign, set, state, order);
    told.push(state);
  }
  return told;
}

/** Adds an order to the ledger of a peer. */
export function appendOrder(sovereign: Sovereign, set: WriteSet, peer: StateId, order: Order): void {
  const atSeconds = sovereign.now();
  const leaf = encodeLedgerEntry({ kind: 'order', order: order.bytes, atSeconds });
  set.append(`ledger/out/${peer}`, [{ leaf, note: [sovereign.door.revision, null] }]);
  set.audit({ atSeconds, event: 'order-sent', fields: { peer, order: order.id, kind: order.kind } });
}

/** Adds what became of an order to the ledgers of the peer that brought it and of its originator, where that is a peer. */
function report(
  sovereign: Sovereign,
  set: WriteSet,
  order: Order,
  from: StateId | null,
  { outcome, reason }: Execution,
): StateId[] {
  const { peers, door } = sovereign;
  const told = [...new Set([from, order.issuer])].filter(
    (state): state is StateId => state !== null && peers.get(state) !== undefined,
  );
  const leaf = encodeLedgerEntry({
    kind: 'report',
    orderDigest: fromHex(order.id),
    atSeconds: sovereign.now(),
    outcome,
    ...(reason !== undefined && { reason }),
  });
  for (const peer of told) set.append(`ledger/out/${peer}`, [{ leaf, note: [door.revision, null] }]);
  return told;
}
