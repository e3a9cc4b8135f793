import type { StateId } from '@comity/label';
import { headerOf } from '@comity/record';
import { tallyOf } from './ledger-tally.ts';
import type { OrderStatus } from './operations/orders.ts';
import { formatTime } from './operations/shapes.ts';
import type { KnownOrder } from './orders.ts';
import type { Sovereign } from './sovereign.ts';
import { openReadable } from './stored-view.ts';
import { titleText } from './summary.ts';

const HOUR_SECONDS = 3_600;

/** The orders that are known here, the newest first, with what each peer to which one was passed has done about it. */
export async function orderStatuses(sovereign: Sovereign, record?: string): Promise<OrderStatus[]> {
  const wanted = sovereign.orders
    .all()
    .filter(({ order }) => record === undefined || ('record' in order && order.record.startsWith(record)));
  const found: OrderStatus[] = [];
  for (const known of wanted) found.push(await statusOf(sovereign, known));
  return found;
}

async function statusOf(sovereign: Sovereign, { order, row }: KnownOrder): Promise<OrderStatus> {
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
    issuedAt: formatTime(order.issuedAtSeconds),
    from: row.peer === null ? null : nameOf(sovereign, row.peer),
    state: row.state,
    refused: row.reason,
    at: formatTime(row.atSeconds),
    peers: await peersOf(sovereign, order.id),
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

/** What has become of an order with each peer to which this state has passed it. */
async function peersOf(sovereign: Sovereign, order: string): Promise<OrderStatus['peers']> {
  const { peers, store, config, now } = sovereign;
  const found: OrderStatus['peers'] = [];
  for (const { state, code } of peers.all()) {
    const tally = await tallyOf(sovereign, state);
    const sent = tally.sent(order);
    if (sent === undefined) continue;
    const log = await store.log(`ledger/out/${state}`);
    const receipt = await log.latestCosignature(state);
    const isDelivered = receipt !== undefined && receipt.size > sent.index;
    const report = tally.reported(order);
    const status = report?.outcome ?? (isDelivered ? 'delivered' : 'sent');
    const isOpen = status !== 'applied' && status !== 'refused';
    found.push({
      peer: code,
      sentAt: formatTime(sent.atSeconds),
      status,
      reason: report?.reason ?? null,
      reportedAt: report === undefined ? null : formatTime(report.atSeconds),
      overdue: isOpen && now() - sent.atSeconds > config.orders.overdueHours * HOUR_SECONDS,
    });
  }
  return found;
}
