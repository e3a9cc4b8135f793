import { sha256Hex, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { decodeLedgerEntry, type OrderEntry, type ReportEntry } from '@comity/log';
import type { LogReader } from '@comity/store';
import { perPeer } from './per-peer.ts';
import type { Sovereign } from './sovereign.ts';

/** What has passed between this state and a peer: what limits and reciprocity count (disclosure.md §4), orders and reports. */
export interface Tally {
  /** Releases to the peer, and letters to its officers. */
  readonly given: number;
  /** The same by the peer. */
  readonly received: number;
  /** Releases to the peer later than a time, UTC seconds. */
  releasesSince(fromSeconds: number): number;
  /** When an order was passed on to the peer, by its id. */
  sent(order: string): SentOrder | undefined;
  /** What the peer has reported about an order last, by its id. */
  reported(order: string): ReportEntry | undefined;
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
    given: out.count,
    received: incoming.count,
    releasesSince: (fromSeconds) => out.countAfter(fromSeconds),
    sent: (order) => out.orders.get(order),
    reported: (order) => incoming.reports.get(order),
  };
}

async function readLedgers(sovereign: Sovereign, peer: StateId): Promise<Ledgers> {
  const ledgers = ledgersOf(sovereign, peer);
  await Promise.all([
    ledgers.out.catchUp(await sovereign.store.log(`ledger/out/${peer}`)),
    ledgers.incoming.catchUp(await sovereign.store.log(`ledger/in/${peer}`)),
  ]);
  return ledgers;
}

interface Ledgers {
  readonly out: LedgerCount;
  readonly incoming: LedgerCount;
}

const ledgersOf = perPeer((): Ledgers => ({ out: new LedgerCount(), incoming: new LedgerCount() }));

/** What one ledger adds up to. */
class LedgerCount {
  /** By id of the order; the first time that it was passed on counts. */
  readonly orders = new Map<string, SentOrder>();
  /** By id of the order; the last that was reported counts. */
  readonly reports = new Map<string, ReportEntry>();
  /** Of releases and letters, ascending. */
  readonly #times: number[] = [];
  #size = 0;
  #reading: Promise<void> = Promise.resolve();

  get count(): number {
    return this.#times.length;
  }

  /** One after the other: two that read the same entries would count them twice. */
  catchUp(log: LogReader): Promise<void> {
    const reading = this.#reading.then(() => this.#read(log));
    this.#reading = reading.catch(() => {});
    return reading;
  }

  countAfter(fromSeconds: number): number {
    return this.#times.length - this.#placeAfter(fromSeconds);
  }

  async #read(log: LogReader): Promise<void> {
    const { size } = log;
    for await (const entries of log.entries(this.#size, size)) {
      for (const { index, leaf } of entries) {
        const entry = decodeLedgerEntry(leaf);
        this.#size = index + 1;
        if (entry.kind === 'order') this.#noteOrder(index, entry);
        else if (entry.kind === 'report') this.reports.set(toHex(entry.orderDigest), entry);
        if (entry.kind !== 'release' && entry.kind !== 'letter') continue;
        // Nothing requires the times of a ledger to rise; those of this node do, but for a clock that was set back.
        this.#times.splice(this.#placeAfter(entry.atSeconds), 0, entry.atSeconds);
      }
    }
  }

  #noteOrder(index: number, { order, atSeconds }: OrderEntry): void {
    const id = sha256Hex(order);
    if (!this.orders.has(id)) this.orders.set(id, { index, atSeconds });
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
