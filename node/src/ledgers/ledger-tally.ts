import { sha256Hex, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { decodeLedgerEntry, type LedgerEntry, type ReportEntry } from '@comity/log';
import type { LogReader } from '@comity/store';
import { perPeer } from '../peers/per-peer.ts';
import type { Sovereign } from '../sovereign.ts';

/** What has passed between this state and a peer: what limits and reciprocity count (disclosure.md §4), orders and reports. */
export interface Tally {
  /** Releases to the peer, and letters to its officers, up to a number that makes no difference any more. */
  readonly given: number;
  /**
   * Records of which the peer has released parts, and its letters. An entry whose content never came is not worth anything, and
   * a record that it releases again is not worth more.
   *
   * @param missing indexes of entries of its ledger of which no content came
   */
  received(missing: ReadonlySet<number>): number;
  /** Releases to the peer later than a time, UTC seconds. */
  releasesSince(fromSeconds: number): number;
  /** When an order was passed on to the peer, by its id. */
  sent(order: string): SentOrder | undefined;
  /** What the peer has reported about an order last that was passed on to it, by its id. */
  reported(order: string): ReportEntry | undefined;
  /** Ids of orders that the peer has passed on. */
  readonly brought: ReadonlySet<string>;
  /** What was reported to the peer about an order last, by its id. */
  answered(order: string): ReportEntry | undefined;
}

/** An order in the ledger of a peer. */
export interface SentOrder {
  readonly index: number;
  readonly atSeconds: number;
}

/**
 * Counts what is in both ledgers with a peer. Ledgers only grow, so that each time only what
 * was added since the last is read.
 */
export async function tallyOf(sovereign: Sovereign, peer: StateId): Promise<Tally> {
  const { out, incoming } = await readLedgers(sovereign, peer);
  return {
    given: Math.min(out.count, MAX_COUNTED),
    received: (missing) => incoming.countBut(missing),
    releasesSince: (fromSeconds) => out.countAfter(fromSeconds),
    sent: (order) => out.orders.get(order),
    reported: (order) => incoming.reports.get(order),
    brought: incoming.orders,
    answered: (order) => out.reports.get(order),
  };
}

async function readLedgers(sovereign: Sovereign, peer: StateId): Promise<Ledgers> {
  const { store } = sovereign;
  const ledgers = ledgersOf(sovereign, peer);
  const incoming = await store.log(`ledger/in/${peer}`);
  // Up to here only: what a report is about was passed on before, and is in what is read of the other ledger next.
  const { size } = incoming;
  const out = await store.log(`ledger/out/${peer}`);
  await ledgers.out.catchUp(out, out.size);
  await ledgers.incoming.catchUp(incoming, size);
  return ledgers;
}

interface Ledgers {
  readonly out: OutgoingCount;
  readonly incoming: IncomingCount;
}

const ledgersOf = perPeer((): Ledgers => {
  const out = new OutgoingCount();
  return { out, incoming: new IncomingCount(out) };
});

/** What one ledger adds up to. */
abstract class LedgerCount {
  #size = 0;
  #reading: Promise<void> = Promise.resolve();

  /** One after the other: two that read the same entries would count them twice. */
  catchUp(log: LogReader, size: number): Promise<void> {
    const reading = this.#reading.then(() => this.#read(log, size));
    this.#reading = reading.catch(() => {});
    return reading;
  }

  async #read(log: LogReader, size: number): Promise<void> {
    if (size <= this.#size) return;
    for await (const entries of log.entries(this.#size, size)) {
      for (const { index, leaf } of entries) {
        this.note(index, decodeLedgerEntry(leaf));
        this.#size = index + 1;
      }
    }
  }

  protected abstract note(index: number, entry: LedgerEntry): void;
}

/** What this state has written itself. */
class OutgoingCount extends LedgerCount {
  /** By id of the order; the first time that it was passed on counts. */
  readonly orders = new Map<string, SentOrder>();
  /** By id of the order; the last that was reported counts. */
  readonly reports = new Map<string, ReportEntry>();
  /** Of releases and letters, ascending. */
  readonly #times: number[] = [];

  get count(): number {
    return this.#times.length;
  }

  countAfter(fromSeconds: number): number {
    return this.#times.length - this.#placeAfter(fromSeconds);
  }

  protected note(index: number, entry: LedgerEntry): void {
    if (entry.kind === 'order') {
      const id = sha256Hex(entry.order);
      if (!this.orders.has(id)) this.orders.set(id, { index, atSeconds: entry.atSeconds });
    } else if (entry.kind === 'report') this.reports.set(toHex(entry.orderDigest), entry);
    else {
      // They rise, but for a clock that was set back.
      this.#times.splice(this.#placeAfter(entry.atSeconds), 0, entry.atSeconds);
    }
  }

  /** Place of the first time that is later. */
  #placeAfter(atSeconds: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] as number) <= atSeconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What is counted in either direction at most: beyond it nobody owes more, and what a peer writes is worth nothing more to it. */
const MAX_COUNTED = 100_000;
/** Entries of one record that are counted. */
const MAX_ENTRIES_OF_A_RECORD = 16;

/** What a peer has written: no more of it is kept than is asked for. */
class IncomingCount extends LedgerCount {
  /** Ids of orders. */
  readonly orders = new Set<string>();
  /** By id of an order that was passed on to the peer; the last that was reported counts. */
  readonly reports = new Map<string, ReportEntry>();
  readonly #out: OutgoingCount;
  /** By record, how many entries release parts of it. */
  readonly #released = new Map<string, number>();
  /** By index of such an entry. */
  readonly #recordAt = new Map<number, string>();
  #letters = 0;

  constructor(out: OutgoingCount) {
    super();
    this.#out = out;
  }

  countBut(missing: ReadonlySet<number>): number {
    const without = new Map<string, number>();
    for (const index of missing) {
      const record = this.#recordAt.get(index);
      if (record !== undefined) without.set(record, (without.get(record) ?? 0) + 1);
    }
    const worthless = [...without].filter(([record, count]) => count === this.#released.get(record));
    return this.#released.size - worthless.length + this.#letters;
  }

  protected note(index: number, entry: LedgerEntry): void {
    if (entry.kind === 'order') this.orders.add(sha256Hex(entry.order));
    else if (entry.kind === 'report') {
      const id = toHex(entry.orderDigest);
      if (this.#out.orders.has(id)) this.reports.set(id, entry);
    } else if (entry.kind === 'letter') this.#letters += 1;
    else if (entry.disclosures.length > 0) this.#noteRelease(toHex(entry.recordId), index);
  }

  #noteRelease(record: string, index: number): void {
    const known = this.#released.get(record) ?? 0;
    const isRoom = known === 0 ? this.#released.size < MAX_COUNTED : known < MAX_ENTRIES_OF_A_RECORD;
    if (!isRoom) return;
    this.#released.set(record, known + 1);
    this.#recordAt.set(index, record);
  }
}
