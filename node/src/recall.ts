import { Fault } from '@comity/fault';
import type { StateId, TextMap } from '@comity/label';
import { issueOrder, type Order, type OrderDraft } from '@comity/ledger';
import type { RecordId } from '@comity/record';
import { type OrderRow, TABLES, WriteSet } from '@comity/store';
import { lettersAbout, type SentLetter } from './letters/sent-letters.ts';
import type { RecordSummary } from './operations/shapes.ts';
import { appendOrder } from './orders/apply-orders.ts';
import { localUser } from './process/local-user.ts';
import { findRecord } from './records/find-record.ts';
import { assertRecordKey } from './records/record-key.ts';
import { summarise } from './records/summary.ts';
import { reconcile, reviseDoor } from './recovery/reconcile.ts';
import { holdersOf } from './release/holders.ts';
import { forgetHolds } from './release/holds.ts';
import { partsUnder } from './release/parts-under.ts';
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
  readonly about: RecordSummary;
  readonly order: string | null;
  readonly parts: string[];
  readonly told: string[];
  /** Letters that show some of what is taken back. */
  readonly letters: { letter: string; peer: string; officer: string }[];
}

/**
 * Takes back a record of this state, or parts of it, from everybody to whom it was released, and from those to whom they have
 * passed it on. Their nodes seal it, and report. Nobody pretends that it un-sends what people have read.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.not-own, record.no-such-part, order.recalled-already, order.*
 */
export async function recallRecord(sovereign: Sovereign, recall: Recall): Promise<Recalled> {
  const { self, orders, peers, holds } = sovereign;
  const { view } = await findRecord(sovereign, recall.id);
  const { id: record, issuer } = view.header;
  if (issuer !== self.state)
    throw new Fault('record.not-own', 'only the issuer may recall a record', { fields: { record } });
  if (orders.recalled(view.header) === 'all')
    throw new Fault('order.recalled-already', 'the record is recalled already', { fields: { record } });
  const taken = recall.parts === undefined ? undefined : partsUnder(view, recall.parts);
  const digests = taken?.map(({ digest }) => digest).sort();
  const reached = async (): Promise<Reached> => ({
    holders: await holdersOf(sovereign, record),
    letters: await lettersToRecall(sovereign, record, digests),
  });
  const about = await summarise(sovereign, view);
  const shownOf = ({ holders, letters }: Reached) => ({
    record,
    about,
    parts: taken?.map(({ pathText }) => pathText) ?? [],
    told: holders.map((state) => peers.codeOf(state) ?? state),
    letters: letters.map(({ id, peer, officer }) => ({
      letter: id,
      peer: peers.codeOf(peer) ?? peer,
      officer,
    })),
  });
  if (recall.dryRun) return { ...shownOf(await reached()), order: null };
  const terms = { issuer: self.state, reason: recall.reason };
  const order = await sign(sovereign, recall, {
    ...(digests === undefined ? { kind: 'recall', record } : { kind: 'narrow', record, digests }),
    ...terms,
  });
  let shown = shownOf({ holders: [], letters: [] });
  await issue(sovereign, async (set) => {
    // In the turn in which it is ordered: what was released while it waited is taken back as well.
    const { holders, letters } = await reached();
    shown = shownOf({ holders, letters });
    const issued: Issued[] = [{ order, told: holders }];
    for (const { id, peer } of letters) {
      const draft = { kind: 'recall', record: id as RecordId, ...terms } as const;
      issued.push({ order: await sign(sovereign, recall, draft), told: [peer] });
      set.delete(TABLES.sealedLetters, [id]);
    }
    if (order.kind === 'recall')
      for (const peer of await forgetHolds(sovereign, set, record)) holds.remove(peer, record);
    return issued;
  });
  return { ...shown, order: order.id };
}

/** Whom a recall reaches. */
interface Reached {
  readonly holders: readonly StateId[];
  readonly letters: readonly SentLetter[];
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
  const others = [...peers.all(), ...peers.unreadable()].filter((peer) => peer.state !== state);
  await issue(sovereign, async () => [{ order, told: others.map((peer) => peer.state) }]);
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
  assertRecordKey(sovereign);
  const { signers, entropy } = sovereign;
  const text: TextMap | undefined = note === undefined ? undefined : new Map([[language, note]]);
  const noted = { ...draft, ...(text !== undefined && { note: text }) };
  return issueOrder(noted, signers.record, timeOf(sovereign, draft), entropy);
}

/** An order, and the peers that are told. */
interface Issued {
  readonly order: Order;
  readonly told: readonly StateId[];
}

/**
 * Puts orders in force, all or none.
 *
 * @param made asked in the turn in which they are, with the set that stores them
 */
async function issue(
  sovereign: Sovereign,
  made: (set: WriteSet) => Promise<readonly Issued[]>,
): Promise<void> {
  const { events, orders } = sovereign;
  let issued: readonly Issued[] = [];
  const rowOf = ({ bytes, issuedAtSeconds }: Order): OrderRow => ({
    ...{ bytes, peer: null, state: 'issued', reason: null, atSeconds: issuedAtSeconds },
  });
  await reviseDoor(
    sovereign,
    async () => {
      const set = new WriteSet();
      issued = await made(set);
      for (const each of issued) addOrder(sovereign, set, each, rowOf(each.order));
      return set;
    },
    () => {
      for (const { order } of issued) orders.note({ order, row: rowOf(order) });
    },
  );
  for (const { order, told } of issued)
    events.emit('order-issued', { order: order.id.slice(0, 12), kind: order.kind, peers: told.length });
  sovereign.growth.notify(new Set(issued.flatMap(({ told }) => told)));
  await reconcile(sovereign, [], () => {});
}

function addOrder(sovereign: Sovereign, set: WriteSet, { order, told }: Issued, row: OrderRow): void {
  set.put(TABLES.orders, [order.id], row).audit({
    atSeconds: sovereign.now(),
    event: 'order-issued',
    fields: {
      order: order.id,
      kind: order.kind,
      reason: order.reason,
      ...('record' in order && { record: order.record }),
      peers: told.length,
      user: localUser(),
    },
  });
  for (const peer of told) appendOrder(sovereign, set, peer, order);
}

/** Tells a peer that is new whom this state has barred: an order that it was not there to hear. */
export async function tellBars(sovereign: Sovereign, peer: StateId): Promise<void> {
  const { orders, self, store, growth } = sovereign;
  const barred = orders.barredBy(self.state);
  const set = new WriteSet();
  const told = new Set<StateId>();
  for (const { order } of orders.all()) {
    if (order.issuer !== self.state || order.kind !== 'bar' || !barred.has(order.state)) continue;
    if (order.state === peer || told.has(order.state)) continue;
    told.add(order.state);
    appendOrder(sovereign, set, peer, order);
  }
  await sovereign.releases.take(() => store.commit(set));
  if (told.size > 0) growth.notify(new Set([peer]));
}

/** Letters that show some of what is taken back, and are not taken back yet. */
async function lettersToRecall(
  { store, orders, self }: Sovereign,
  record: RecordId,
  digests: readonly string[] | undefined,
): Promise<SentLetter[]> {
  const letters = await lettersAbout(store, record, digests && new Set(digests));
  return letters.filter(
    ({ id }) => orders.recalled({ issuer: self.state, id: id as RecordId }) === undefined,
  );
}
