import type { StateId } from '@comity/label';
import { decodeLedgerEntry } from '@comity/log';
import type { LogReader } from '@comity/store';
import { perPeer } from './per-peer.ts';
import type { Sovereign } from './sovereign.ts';

/** What has passed between this state and a peer, as limits and reciprocity count it (disclosure.md §4). */
export interface Tally {
  /** Releases to the peer. */
  readonly given: number;
  /** Releases by the peer. */
  readonly received: number;
  /** Releases to the peer later than a time, UTC seconds. */
  releasesSince(fromSeconds: number): number;
}

/**
 * Counts the entries of both ledgers with a peer that release something. Ledgers only grow, so that each time only what
 * was added since the last is read.
 */
export async function tallyOf(sovereign: Sovereign, peer: StateId): Promise<Tally> {
  const { out, incoming } = ledgersOf(sovereign, peer);
  await Promise.all([
    out.catchUp(await sovereign.store.log(`ledger/out/${peer}`)),
    incoming.catchUp(await sovereign.store.log(`ledger/in/${peer}`)),
  ]);
  return {
    given: out.count,
    received: incoming.count,
    releasesSince: (fromSeconds) => out.countAfter(fromSeconds),
  };
}

const ledgersOf = perPeer(() => ({ out: new ReleaseTimes(), incoming: new ReleaseTimes() }));

/** The times of the releases of one ledger, ascending. */
class ReleaseTimes {
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
        if (entry.kind !== 'release') continue;
        // Nothing requires the times of a ledger to rise; those of this node do, but for a clock that was set back.
        this.#times.splice(this.#placeAfter(entry.atSeconds), 0, entry.atSeconds);
      }
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
