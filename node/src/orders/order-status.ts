import { Fault } from '@comity/fault';
import { type StateId, textIn } from '@comity/label';
import { headerOf, type RecordId } from '@comity/record';
import { type Tally, tallyOf } from '../ledgers/ledger-tally.ts';
import type { OrderStatus } from '../operations/orders.ts';
import { formatTime } from '../operations/shapes.ts';
import { REMOVED } from '../peers/peers.ts';
import { openReadable } from '../records/stored-view.ts';
import { titleText } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';
import type { KnownOrder } from './orders.ts';

const HOUR_SECONDS = 3_600;

/** Orders of one answer, where nobody says how many. */
const MAX_ORDERS = 1_000;

/**
 * The orders that are known here, the newest first, with what each peer to which one was passed has done about it, in pages.
 *
 * @throws Fault order.not-found where the order that the page before ended with is not known
 */
export async function orderStatuses(
  sovereign: Sovereign,
  {
    record,
    only,
    limit = MAX_ORDERS,
    after,
  }: {
    readonly record?: string | undefined;
    readonly only?: 'open' | 'overdue' | undefined;
    readonly limit?: number | undefined;
    readonly after?: string | undefined;
  },
): Promise<{ orders: OrderStatus[]; next: string | null }> {
  const known = sovereign.orders.all();
  const wanted =
    record === undefined
      ? known
      : known.filter(({ order }) => 'record' in order && order.record.startsWith(record));
  const before = after === undefined ? -1 : wanted.findIndex(({ order }) => order.id === after);
  if (after !== undefined && before < 0)
    throw new Fault('order.not-found', 'the page before ended with no order that is known', {
      fields: { order: after },
    });
  const orders: OrderStatus[] = [];
  const answers = await peerAnswers(sovereign);
  for (const each of wanted.slice(before + 1)) {
    if (orders.length === limit) return { orders, next: orders.at(-1)?.order ?? null };
    const peers = peersOf(sovereign, answers, each.order.id);
    const fate = { state: each.row.state, peers };
    if (only !== undefined && !(only === 'open' ? isOpen(fate) : isOverdue(fate))) continue;
    orders.push(await statusOf(sovereign, each, peers));
  }
  return { orders, next: null };
}

/** The same of the orders about one record, by `issuer` alone where that is known. */
export async function orderStatusesAbout(
  sovereign: Sovereign,
  record: RecordId,
  issuer: StateId | undefined,
): Promise<OrderStatus[]> {
  const about = sovereign.orders.about(record, issuer);
  if (about.length === 0) return [];
  const answers = await peerAnswers(sovereign);
  const found: OrderStatus[] = [];
  for (const known of about)
    found.push(await statusOf(sovereign, known, peersOf(sovereign, answers, known.order.id)));
  return found;
}

/** Whether somebody has still to obey or refuse an order: this node, or a peer to which it was passed. */
function isOpen({ state, peers }: Pick<OrderStatus, 'state' | 'peers'>): boolean {
  return state === 'received' || state === 'acknowledged' || peers.some(({ status }) => !isDone(status));
}

/** Whether a peer has had an order for longer than the configuration allows and has not said what became of it. */
function isOverdue({ peers }: Pick<OrderStatus, 'peers'>): boolean {
  return peers.some(({ overdue }) => overdue);
}

function isDone(status: OrderStatus['peers'][number]['status'] | undefined): boolean {
  return status === 'applied' || status === 'refused';
}

/**
 * How many orders wait for a person of this node, how many are not obeyed or refused by a peer yet, and of how many of these the
 * time is over.
 */
export async function orderCounts(
  sovereign: Sovereign,
): Promise<{ waiting: number; open: number; overdue: number }> {
  const { peers, orders } = sovereign;
  const known = orders.all();
  const [open, overdue] = [new Set<string>(), new Set<string>()];
  // Who has been removed has not obeyed for that.
  for (const { state } of known.length === 0 ? [] : [...peers.all(), ...peers.unreadable()]) {
    const tally = await tallyOf(sovereign, state);
    for (const { order } of known) {
      const sent = tally.sent(order.id);
      if (sent === undefined || isDone(tally.reported(order.id)?.outcome)) continue;
      open.add(order.id);
      if (isOverTime(sovereign, sent.atSeconds)) overdue.add(order.id);
    }
  }
  const waiting = known.filter(({ row }) => row.state === 'acknowledged').length;
  return { waiting, open: open.size, overdue: overdue.size };
}

/** Whether the time is over that a peer has to answer an order. */
function isOverTime({ config, now }: Sovereign, sentAtSeconds: number): boolean {
  return now() - sentAtSeconds > config.orders.overdueHours * HOUR_SECONDS;
}

async function statusOf(
  sovereign: Sovereign,
  { order, row }: KnownOrder,
  peers: OrderStatus['peers'],
): Promise<OrderStatus> {
  const { self } = sovereign;
  return {
    order: order.id,
    kind: order.kind,
    issuer: order.issuer === self.state ? self.charter.code : nameOf(sovereign, order.issuer),
    record: 'record' in order ? order.record : null,
    title: await titleOf(sovereign, order),
    parts: order.kind === 'narrow' ? order.digests.length : null,
    about: 'state' in order ? nameOf(sovereign, order.state) : null,
    reason: order.reason,
    note: order.note === undefined ? null : textIn(order.note, 'en').text,
    issuedAt: formatTime(order.issuedAtSeconds),
    from: row.peer === null ? null : nameOf(sovereign, row.peer),
    state: row.state,
    refused: row.reason,
    at: formatTime(row.atSeconds),
    peers,
  };
}

async function titleOf(sovereign: Sovereign, order: KnownOrder['order']): Promise<string | null> {
  if (!('record' in order)) return null;
  const stored = await sovereign.store.records('real').get(order.record);
  if (stored === undefined || headerOf(stored.bytes).issuer !== order.issuer) return null;
  const view = openReadable(sovereign, stored);
  return view === undefined ? null : (titleText(view) ?? null);
}

function nameOf({ peers }: Sovereign, state: StateId): string {
  return peers.codeOf(state) ?? state;
}

/** What a peer has said about orders, read once for all of them. */
interface PeerAnswers {
  readonly code: string;
  readonly isRemoved: boolean;
  readonly tally: Tally;
  /** Entries of the ledger to it for which it has given a receipt. */
  readonly receiptedCount: number;
}

/** Of every peer, those included that are none any more or cannot be read: what was passed to them they have. */
async function peerAnswers(sovereign: Sovereign): Promise<PeerAnswers[]> {
  const { peers, store } = sovereign;
  const answers: PeerAnswers[] = [];
  for (const { state, code } of [...peers.all(), ...peers.unreadable()]) {
    const tally = await tallyOf(sovereign, state);
    const receipt = await (await store.log(`ledger/out/${state}`)).latestCosignature(state);
    const isRemoved = peers.faultyOf(state)?.fault === REMOVED;
    answers.push({ code, isRemoved, tally, receiptedCount: receipt?.size ?? 0 });
  }
  return answers;
}

/** What has become of an order with each peer to which this state has passed it. */
function peersOf(sovereign: Sovereign, answers: readonly PeerAnswers[], order: string): OrderStatus['peers'] {
  return answers.flatMap(({ code, isRemoved, tally, receiptedCount }) => {
    const sent = tally.sent(order);
    if (sent === undefined) return [];
    const report = tally.reported(order);
    const known = report?.outcome ?? (receiptedCount > sent.index ? 'delivered' : 'sent');
    const status = isRemoved && !isDone(known) ? 'removed' : known;
    return {
      peer: code,
      sentAt: formatTime(sent.atSeconds),
      status,
      reason: report?.reason ?? null,
      reportedAt: report === undefined ? null : formatTime(report.atSeconds),
      overdue: !isDone(status) && isOverTime(sovereign, sent.atSeconds),
    };
  });
}

/** Ids of the orders that a state was passed and has neither obeyed nor refused, the newest first. */
export async function unansweredBy(sovereign: Sovereign, state: StateId): Promise<string[]> {
  const tally = await tallyOf(sovereign, state);
  return sovereign.orders
    .all()
    .map(({ order }) => order.id)
    .filter((id) => tally.sent(id) !== undefined && !isDone(tally.reported(id)?.outcome));
}
