import type { StateId } from '@comity/label';
import type { Order } from '@comity/ledger';
import { encodeLedgerEntry } from '@comity/log';
import { disclosureDigestHex, headerOf, type RecordId } from '@comity/record';
import { type OrderRow, TABLES, WriteSet } from '@comity/store';
import { tallyOf } from '../ledgers/ledger-tally.ts';
import { eraseLetter, writerOf } from '../letters/letter-intake.ts';
import { Bell } from '../process/bell.ts';
import { reconcile, releaseMissing, reviseDoor } from '../recovery/reconcile.ts';
import { holdersOf } from '../release/holders.ts';
import { forgetHolds } from '../release/holds.ts';
import type { Sovereign } from '../sovereign.ts';
import { addReport, answerLate, bringersOf, type Execution } from './order-reports.ts';
import { issuerOfErased, type KnownOrder } from './orders.ts';
import { isRetained } from './retain.ts';

/** Orders of one peer that are acted upon in one commit, before the next peer has its turn. */
const MAX_ORDERS_OF_A_TURN = 16;

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

/**
 * Acts upon orders as they come until the node stops; first upon those that were received and not acted upon before, and
 * upon those of which something is held in spite of what was reported.
 */
export async function obeyOrders(
  sovereign: Sovereign,
  signal: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    let failure: Error | undefined;
    const obey = async (round: readonly KnownOrder[]): Promise<void> => {
      signal.throwIfAborted();
      try {
        await executeAll(sovereign, round, (order) => judge(sovereign, order));
      } catch (error) {
        // One that cannot be acted upon holds up no other; it is tried again with the next round.
        if (round.length === 1) failure ??= error as Error;
        else for (const known of round) await obey([known]);
      }
    };
    if (isFirst)
      for (const known of recordsFirst(sovereign.orders.all()))
        if (await isUndone(sovereign, known)) await obey([known]);
    const tried = new Set<string>();
    for (;;) {
      // In turns: whoever brings many does not keep waiting what another brings meanwhile.
      const round = sovereign.orders.nextReceived(
        MAX_ORDERS_OF_A_TURN,
        ({ order, row }) => !tried.has(order.id) && !sovereign.putBack.isAwaited(row.peer),
      );
      if (round.length === 0) break;
      for (const { order } of round) tried.add(order.id);
      await obey(recordsFirst(round));
    }
    await answerLate(sovereign);
    if (failure !== undefined) throw failure;
    succeeded();
    await bellOf(sovereign).rung(signal);
    signal.throwIfAborted();
  }
}

/** What is to be sealed waits for nothing else. */
function recordsFirst(known: readonly KnownOrder[]): readonly KnownOrder[] {
  return known.toSorted((a, b) => Number('record' in b.order) - Number('record' in a.order));
}

/** Whether something is held that an order, reported as applied, takes back: it may have been put back with a copy. */
async function isUndone(sovereign: Sovereign, { order, row }: KnownOrder): Promise<boolean> {
  if (row.state !== 'applied' || !('record' in order)) return false;
  if ((await writerOf(sovereign, order.record)) === order.issuer) return order.kind === 'recall';
  const held = await heldOf(sovereign, order.record);
  if (held === undefined || headerOf(held.bytes).issuer !== order.issuer) return false;
  if (order.kind === 'recall') return true;
  const taken = new Set<string>(order.digests);
  return held.disclosures.some((disclosure) => taken.has(disclosureDigestHex(disclosure)));
}

/** What an order comes to by itself: what the state's own law obliges it to keep, a person decides about. */
async function judge(sovereign: Sovereign, order: Order): Promise<Execution> {
  if (!('record' in order)) return { outcome: 'applied' };
  const writtenBy = await writerOf(sovereign, order.record);
  if (writtenBy !== undefined) return judgeLetter(writtenBy, order);
  const held = await heldOf(sovereign, order.record);
  // The record may come another way later: then it is refused, as the order is known.
  if (held === undefined) return { outcome: 'applied' };
  // Answered like one about a record that is not here: nobody finds out by ordering what is held of others.
  if (headerOf(held.bytes).issuer !== order.issuer) return { outcome: 'applied' };
  const isKept = (await isRetained(sovereign, order.record)) || (await wasRefused(sovereign, order));
  return isKept ? { outcome: 'acknowledged' } : { outcome: 'applied' };
}

/**
 * Whether a ledger that was taken back says that this state has refused an order: why the record is kept was lost with the store,
 * that it is was told. A person decides again.
 */
async function wasRefused(sovereign: Sovereign, { id }: Order): Promise<boolean> {
  if (sovereign.putBack.state.atSeconds === undefined) return false;
  for (const { state } of sovereign.peers.all())
    if ((await tallyOf(sovereign, state)).answered(id)?.outcome === 'refused') return true;
  return false;
}

/** A letter is taken back as a whole, by the state that wrote it, and by no other: that one finds out nothing. */
function judgeLetter(writtenBy: StateId, { kind, issuer }: Order): Execution {
  if (issuer === writtenBy && kind !== 'recall') return { outcome: 'refused', reason: 'invalid' };
  return { outcome: 'applied' };
}

async function heldOf({ store }: Sovereign, id: RecordId) {
  const realm = await store.realmOf(id);
  return realm === undefined ? undefined : store.records(realm).get(id);
}

/**
 * Acts upon an order, in one commit: content goes, the tombstone comes, whoever was handed the record by this state is passed
 * the order, and whoever brought it is told what became of it.
 *
 * @param decide asked in the turn in which it is done: nothing is released or retained in between
 */
export async function execute(
  sovereign: Sovereign,
  known: KnownOrder,
  decide: () => Promise<Execution>,
): Promise<Execution> {
  const [execution] = await executeAll(sovereign, [known], decide);
  return execution as Execution;
}

/** As `execute`, several orders in one commit: no two of them about one record. */
async function executeAll(
  sovereign: Sovereign,
  round: readonly KnownOrder[],
  decide: (order: Order) => Promise<Execution>,
): Promise<Execution[]> {
  const { orders, peers, events, growth } = sovereign;
  const told = new Set<StateId>();
  const done: { readonly order: Order; readonly execution: Execution; readonly row: OrderRow }[] = [];
  // What was decided before is decided again: to a state that is barred nothing more goes, to one that no longer is, all.
  await reviseDoor(
    sovereign,
    async () => {
      const set = new WriteSet();
      for (const known of round) {
        const { order } = known;
        const execution = await decide(order);
        done.push({ order, execution, row: await addExecution(sovereign, set, known, execution, told) });
      }
      return set;
    },
    () => {
      for (const { order, row } of done) orders.note({ order, row });
    },
  );
  for (const { order, execution } of done)
    events.emit('order-executed', {
      order: order.id.slice(0, 12),
      kind: order.kind,
      outcome: execution.outcome,
    });
  growth.notify(told);
  for (const { order } of done) {
    const isEnded = order.kind === 'lift' && orders.takeEnded(order.issuer, order.state);
    const barred = isEnded ? peers.get(order.state) : undefined;
    if (barred !== undefined) await releaseMissing(sovereign, [barred], () => {}, undefined, order.issuer);
  }
  await reconcile(sovereign, [], () => {});
  return done.map(({ execution }) => execution);
}

/** @returns what became of the order */
async function addExecution(
  sovereign: Sovereign,
  set: WriteSet,
  { order, row: before }: KnownOrder,
  execution: Execution,
  told: Set<StateId>,
): Promise<OrderRow> {
  const atSeconds = sovereign.now();
  const { outcome, reason = null } = execution;
  const row: OrderRow = { ...before, state: outcome, reason, atSeconds };
  set.put(TABLES.orders, [order.id], row).audit({
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
  if ('record' in order && before.state === 'received')
    for (const peer of await passOn(sovereign, set, order, before.peer)) told.add(peer);
  if ('record' in order && outcome === 'applied') {
    await erase(sovereign, set, order);
    if ((await writerOf(sovereign, order.record)) === order.issuer)
      await eraseLetter(sovereign, set, order.record);
  }
  for (const peer of await bringersOf(sovereign, order, before.peer)) {
    addReport(sovereign, set, peer, order, execution);
    told.add(peer);
  }
  return row;
}

/** Content goes with its key; of what is not held the order itself keeps out whatever comes later. */
async function erase(
  sovereign: Sovereign,
  set: WriteSet,
  order: Extract<Order, { readonly record: RecordId }>,
): Promise<void> {
  if (order.kind === 'narrow') set.narrowRecord(order.record, order.issuer, order.digests);
  else {
    const { id, reason } = order;
    set.eraseRecord(order.record, order.issuer, { atSeconds: sovereign.now(), order: id, reason });
  }
  for (const peer of await forgetHolds(sovereign, set, order.record))
    sovereign.holds.remove(peer, order.record);
}

/** Who has signed a record that is or was held here; undefined where that is not known. */
async function issuerOf(sovereign: Sovereign, record: RecordId): Promise<StateId | undefined> {
  const held = await heldOf(sovereign, record);
  if (held !== undefined) return headerOf(held.bytes).issuer;
  const tombstone = await sovereign.store.tombstone(record);
  return tombstone && issuerOfErased(sovereign, tombstone);
}

/** Passes an order on to those to whom this state has handed what it is about. */
async function passOn(
  sovereign: Sovereign,
  set: WriteSet,
  order: Extract<Order, { readonly record: RecordId }>,
  from: StateId | null,
): Promise<StateId[]> {
  const told: StateId[] = [];
  // Nobody recalls what another has issued, though it be held no more.
  const issuer = await issuerOf(sovereign, order.record);
  if (issuer !== undefined && issuer !== order.issuer) return told;
  for (const state of await holdersOf(sovereign, order.record)) {
    if (state === from || state === order.issuer) continue;
    // In a ledger that was taken back it is already.
    if ((await tallyOf(sovereign, state)).sent(order.id) !== undefined) continue;
    appendOrder(sovereign, set, state, order);
    told.push(state);
  }
  return told;
}

/** Adds an order to the ledger of a peer. */
export function appendOrder(sovereign: Sovereign, set: WriteSet, peer: StateId, order: Order): void {
  // Told when it is heard (owed-orders.ts): what is written into this ledger now might not continue what the peer holds.
  if (sovereign.putBack.lacksLedger(peer)) return;
  const atSeconds = sovereign.now();
  const leaf = encodeLedgerEntry({ kind: 'order', order: order.bytes, atSeconds });
  set.append(`ledger/out/${peer}`, [{ leaf, note: [sovereign.door.revision, null] }]);
  set.audit({ atSeconds, event: 'order-sent', fields: { peer, order: order.id, kind: order.kind } });
}
