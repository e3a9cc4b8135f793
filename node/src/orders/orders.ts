import type { StateId } from '@comity/label';
import { type Order, readOrder } from '@comity/ledger';
import { MAX_DISCLOSURES, narrowView, type RecordHeader, type RecordId, type View } from '@comity/record';
import { type OrderRow, type Store, TABLES, type TombstoneRow } from '@comity/store';

/** An order that is known here, and what became of it. */
export interface KnownOrder {
  readonly order: Order;
  readonly row: OrderRow;
}

const NOBODY: ReadonlySet<StateId> = new Set();

/**
 * The orders of originators that are in force at this node, those of this state among them: what of a record goes to nobody
 * any more, and to whom an originator has its records no longer passed. A recall that is refused here is obeyed as far as
 * handing on goes: only the originator widens (ARCHITECTURE §1.4).
 */
export class Orders {
  readonly #known = new Map<string, KnownOrder>();
  /** By record, and by the id of the order. */
  readonly #about = new Map<RecordId, Map<string, KnownOrder>>();
  /** All of them as they are listed, until one more comes or something becomes of one. */
  #listed: readonly KnownOrder[] | undefined;
  /** By issuer and record: nobody recalls what another has issued. */
  readonly #recalled = new Map<string, 'all' | Set<string>>();
  readonly #barred = new Map<StateId, ReadonlySet<StateId>>();
  /** By issuer and state: when the order that counts was issued. */
  readonly #latest = new Map<string, { readonly atSeconds: number }>();
  /** By issuer and state: bars that have ended, and nobody has been handed yet what they held back. */
  readonly #ended = new Set<string>();
  #remainders = new WeakMap<View, View>();
  /** By the peer that brought them, orders that were not acted upon. */
  readonly #received = new Map<StateId | null, Map<string, KnownOrder>>();

  /** Takes an order in, or over what became of it. */
  note(known: KnownOrder): void {
    const { order } = known;
    const before = this.#known.get(order.id);
    const isNew = before === undefined;
    this.#known.set(order.id, known);
    this.#listed = undefined;
    if ('record' in order) {
      const about = this.#about.get(order.record) ?? new Map<string, KnownOrder>();
      this.#about.set(order.record, about.set(order.id, known));
    }
    this.#noteReceived(known, before);
    if (!isNew) return;
    if (order.kind === 'recall') this.#recalled.set(keyOf(order.issuer, order.record), 'all');
    else if (order.kind === 'narrow') this.#narrow(keyOf(order.issuer, order.record), order.digests);
    else if (order.kind === 'bar' || order.kind === 'lift') this.#noteBar(order);
    this.#remainders = new WeakMap();
  }

  /** Whether an order has come and has not been acted upon. */
  get isUnsettled(): boolean {
    return this.#received.size > 0;
  }

  /**
   * Orders that were not acted upon, in turns: so many at most of each peer that brought some, those that came first before the
   * others, and no two about one record.
   */
  nextReceived(perPeer: number, isWanted: (known: KnownOrder) => boolean): KnownOrder[] {
    const round: KnownOrder[] = [];
    const records = new Set<string>();
    for (const brought of this.#received.values()) {
      let count = 0;
      for (const known of brought.values()) {
        if (count === perPeer) break;
        const { order } = known;
        if (!isWanted(known) || ('record' in order && records.has(order.record))) continue;
        if ('record' in order) records.add(order.record);
        round.push(known);
        count += 1;
      }
    }
    return round;
  }

  get(id: string): KnownOrder | undefined {
    return this.#known.get(id);
  }

  /** All that are known, the newest first. */
  all(): readonly KnownOrder[] {
    this.#listed ??= [...this.#known.values()].sort(newestFirst);
    return this.#listed;
  }

  /**
   * Orders about a record, the newest first.
   *
   * @param issuer only those by this state: what others order about its record is nothing to anybody
   */
  about(record: RecordId, issuer?: StateId): readonly KnownOrder[] {
    return [...(this.#about.get(record)?.values() ?? [])]
      .filter(({ order }) => issuer === undefined || order.issuer === issuer)
      .sort(newestFirst);
  }

  /** States to which an originator has ordered that its records are no longer passed. */
  barredBy(originator: StateId): ReadonlySet<StateId> {
    return this.#barred.get(originator) ?? NOBODY;
  }

  /** Whether a bar has ended since this was asked the last time: a lift of nothing gives nothing free. */
  takeEnded(issuer: StateId, state: StateId): boolean {
    return this.#ended.delete(`${issuer} ${state}`);
  }

  /** What its originator has taken back of a record: digests of parts, or all of it. */
  recalled({ issuer, id }: Pick<RecordHeader, 'issuer' | 'id'>): 'all' | ReadonlySet<string> | undefined {
    return this.#recalled.get(keyOf(issuer, id));
  }

  /** How much of a record is taken back: more with each order that takes back more of it, and never less. */
  extentOf(header: Pick<RecordHeader, 'issuer' | 'id'>): number {
    const recalled = this.recalled(header);
    return recalled === 'all' ? Number.POSITIVE_INFINITY : (recalled?.size ?? 0);
  }

  /** What of a view may still be handed to somebody; undefined where that is nothing. */
  remainderOf(view: View): View | undefined {
    const recalled = this.recalled(view.header);
    if (recalled === undefined) return view;
    if (recalled === 'all') return undefined;
    const known = this.#remainders.get(view);
    if (known !== undefined) return known;
    const left = view.parts.filter(
      ({ digest, ancestors }) =>
        !recalled.has(digest) && !ancestors.some((ancestor) => recalled.has(ancestor)),
    );
    const remainder = narrowView(view, new Set(left.map(({ digest }) => digest)));
    this.#remainders.set(view, remainder);
    return remainder;
  }

  #noteReceived(known: KnownOrder, before: KnownOrder | undefined): void {
    const { order, row } = known;
    if (before?.row.state === 'received') {
      const brought = this.#received.get(before.row.peer);
      brought?.delete(order.id);
      if (brought?.size === 0) this.#received.delete(before.row.peer);
    }
    if (row.state !== 'received') return;
    const brought = this.#received.get(row.peer) ?? new Map<string, KnownOrder>();
    this.#received.set(row.peer, brought.set(order.id, known));
  }

  /** Of the orders about a state the latest counts; of two of one second, the bar (ledger.md §7). */
  #noteBar({ issuer, kind, state, issuedAtSeconds }: Extract<Order, { readonly state: StateId }>): void {
    const latest = this.#latest.get(`${issuer} ${state}`);
    if (latest !== undefined && latest.atSeconds > issuedAtSeconds) {
      // Loaded in no order: what ended this one may have been noted before it.
      if (kind === 'bar') this.#ended.add(`${issuer} ${state}`);
      return;
    }
    if (latest?.atSeconds === issuedAtSeconds && kind === 'lift') return;
    this.#latest.set(`${issuer} ${state}`, { atSeconds: issuedAtSeconds });
    const barred = new Set(this.barredBy(issuer));
    if (kind === 'bar') barred.add(state);
    else if (barred.delete(state)) this.#ended.add(`${issuer} ${state}`);
    this.#barred.set(issuer, barred);
  }

  #narrow(key: string, digests: readonly string[]): void {
    const known = this.#recalled.get(key);
    if (known === 'all') return;
    const taken = known ?? new Set();
    for (const digest of digests) taken.add(digest);
    // More parts than a record can have: nothing of it is left, and no list of them has to be kept.
    this.#recalled.set(key, taken.size > MAX_DISCLOSURES ? 'all' : taken);
  }
}

function newestFirst({ order: a }: KnownOrder, { order: b }: KnownOrder): number {
  return b.issuedAtSeconds - a.issuedAtSeconds || (a.id < b.id ? -1 : 1);
}

function keyOf(issuer: StateId, record: RecordId): string {
  return `${issuer} ${record}`;
}

/** Who had signed a record that was erased; before that was kept, it is who ordered it: nobody else could. */
export function issuerOfErased(
  { orders }: { readonly orders: Pick<Orders, 'get'> },
  { issuer, order }: TombstoneRow,
): StateId | undefined {
  return issuer ?? (order === null ? undefined : orders.get(order)?.order.issuer);
}

/** Orders were verified before they were stored. */
export async function loadOrders(store: Store): Promise<Orders> {
  const orders = new Orders();
  for (const { row } of await store.list(TABLES.orders, []))
    orders.note({ order: readOrder(row.bytes), row });
  return orders;
}
