import { Fault } from '@comity/fault';
import type { StateId, TextMap } from '@comity/label';
import { issueOrder, type Order, type OrderDraft } from '@comity/ledger';
import type { View } from '@comity/record';
import { type OrderRow, TABLES, WriteSet } from '@comity/store';
import { appendOrder } from './apply-orders.ts';
import { findRecord } from './find-record.ts';
import { reconcile, reviseDoor } from './reconcile.ts';
import type { Sovereign } from './sovereign.ts';

export interface Recall {
  readonly id: string;
  /** Paths of the parts that are taken back, with all that stands in them; absent: the whole record. */
  readonly parts?: readonly string[] | undefined;
  /** A word of protocol/registries/order-reasons.json. */
  readonly reason: string;
  readonly note?: string | undefined;
  readonly language: string;
  /** Only say whom it would reach. */
  readonly dryRun: boolean;
}

interface Recalled {
  readonly record: string;
  readonly order: string | null;
  readonly parts: string[];
  readonly told: string[];
}

/**
 * Takes back a record of this state, or parts of it, from everybody to whom it was released, and from those to whom they have
 * passed it on. Their nodes seal it, and report. Nobody pretends that it un-sends what people have read.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.not-own, record.no-such-part, order.recalled-already, order.*
 */
export async function recallRecord(sovereign: Sovereign, recall: Recall): Promise<Recalled> {
  const { self, orders, peers } = sovereign;
  const { view } = await findRecord(sovereign, recall.id);
  const { id: record, issuer } = view.header;
  if (issuer !== self.state)
    throw new Fault('record.not-own', 'only the issuer may recall a record', { fields: { record } });
  if (orders.recalled(view.header) === 'all')
    throw new Fault('order.recalled-already', 'the record is recalled already', { fields: { record } });
  const taken = recall.parts === undefined ? undefined : partsUnder(view, recall.parts);
  const holders = await holdersOf(sovereign, view);
  const shown = {
    record,
    parts: taken?.map(({ pathText }) => pathText) ?? [],
    told: holders.map((state) => peers.codeOf(state) ?? state),
  };
  if (recall.dryRun) return { ...shown, order: null };
  const digests = taken?.map(({ digest }) => digest).sort();
  const order = await sign(sovereign, recall, {
    ...(digests === undefined ? { kind: 'recall', record } : { kind: 'narrow', record, digests }),
    issuer: self.state,
    reason: recall.reason,
  });
  await issue(sovereign, order, holders, (set) => {
    if (order.kind !== 'recall') return;
    for (const { state } of peers.all()) set.delete(TABLES.holds, [state, record]);
  });
  return { ...shown, order: order.id };
}

/**
 * Orders all peers not to pass records of this state on to a state any more, or ends that order.
 *
 * @returns the peers that are told
 */
export async function barState(
  sovereign: Sovereign,
  state: StateId,
  kind: 'bar' | 'lift',
  reason: string,
): Promise<string[]> {
  const { self, peers } = sovereign;
  const order = await sign(sovereign, { language: 'en' }, { kind, state, issuer: self.state, reason });
  const others = peers.all().filter((peer) => peer.state !== state);
  await issue(
    sovereign,
    order,
    others.map((peer) => peer.state),
    () => {},
  );
  return others.map(({ code }) => code);
}

/** Of two orders about a state in one second the bar counts (ledger.md §7): a lift is dated after what it ends. */
function timeOf({ orders, self, now }: Sovereign, draft: OrderDraft): number {
  if (!('state' in draft)) return now();
  const before = orders
    .all()
    .find(({ order }) => order.issuer === self.state && 'state' in order && order.state === draft.state);
  return Math.max(now(), (before?.order.issuedAtSeconds ?? 0) + 1);
}

function sign(
  sovereign: Sovereign,
  { note, language }: Pick<Recall, 'note' | 'language'>,
  draft: OrderDraft,
): Promise<Order> {
  const { signers, entropy } = sovereign;
  const text: TextMap | undefined = note === undefined ? undefined : new Map([[language, note]]);
  const noted = { ...draft, ...(text !== undefined && { note: text }) };
  return issueOrder(noted, signers.record, timeOf(sovereign, draft), entropy);
}

async function issue(
  sovereign: Sovereign,
  order: Order,
  told: readonly StateId[],
  addTo: (set: WriteSet) => void,
): Promise<void> {
  const { events, orders } = sovereign;
  const atSeconds = sovereign.now();
  const row: OrderRow = { bytes: order.bytes, peer: null, state: 'issued', reason: null, atSeconds };
  const set = new WriteSet().put(TABLES.orders, [order.id], row).audit({
    atSeconds,
    event: 'order-issued',
    fields: {
      order: order.id,
      kind: order.kind,
      reason: order.reason,
      ...('record' in order && { record: order.record }),
      peers: told.length,
    },
  });
  for (const peer of told) appendOrder(sovereign, set, peer, order);
  addTo(set);
  await reviseDoor(sovereign, set, () => orders.note({ order, row }));
  events.emit('order-issued', { order: order.id.slice(0, 12), kind: order.kind, peers: told.length });
  sovereign.growth.notify(new Set(told));
  await reconcile(sovereign, [], () => {});
}

/** Peers to whom some of a record was released. */
async function holdersOf({ store, peers }: Sovereign, { header }: View): Promise<StateId[]> {
  const holders: StateId[] = [];
  for (const { state } of [...peers.all(), ...peers.unreadable()]) {
    const { ledgerIndexes } = await store.released(state, header.id);
    if (ledgerIndexes.length > 0) holders.push(state);
  }
  return holders;
}

/** @throws Fault record.no-such-part */
function partsUnder(view: View, paths: readonly string[]): View['parts'] {
  for (const path of paths) {
    if (!view.parts.some(({ pathText }) => pathText === path))
      throw new Fault('record.no-such-part', `the record has no part ${path}`, { fields: { part: path } });
  }
  const roots = new Set(
    view.parts.filter(({ pathText }) => paths.includes(pathText)).map(({ digest }) => digest),
  );
  return view.parts.filter(
    ({ digest, ancestors }) => roots.has(digest) || ancestors.some((ancestor) => roots.has(ancestor)),
  );
}
