import type { StateId } from '@comity/label';
import type { Connection } from '@libp2p/interface';
import type { AdmissionSet } from './admission.ts';
import type { Clock } from './clock.ts';
import type { EventHub } from './events.ts';
import type { PeerStatusBoard } from './peer-status.ts';
import type { ExchangePorts } from './ports.ts';
import type { Timings } from './timings.ts';

/** How a ledger is cut into batches. Both sides' windows and memory follow from it. */
export interface BatchSizes {
  /** Most entries of a batch. */
  readonly maxEntries: number;
  /** A batch is closed when it reaches this many bytes of items; one larger item goes alone. */
  readonly maxBytes: number;
  /** Batches that may be under way without a receipt. */
  readonly window: number;
}

/** What every protocol of the exchange works with. */
export interface ExchangeContext {
  readonly federation: string;
  readonly era: number;
  readonly ports: ExchangePorts;
  readonly clock: Clock;
  readonly timings: Timings;
  readonly batches: BatchSizes;
  readonly admission: AdmissionSet;
  readonly events: EventHub;
  /** Connections on which the peer's hello was accepted. Nothing but a hello is served on others. */
  readonly greeted: WeakSet<Connection>;
  /** Status of a peer; undefined for one that was removed while its last request was still running. */
  board(peer: StateId): PeerStatusBoard | undefined;
}
