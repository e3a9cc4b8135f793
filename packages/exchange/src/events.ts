import { emitWarning } from 'node:process';
import type { FaultCode } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { PeerStatus } from './peer-status.ts';

/** What happens in the exchange, for logs, metrics and the console. Never content. */
export type ExchangeEvent =
  /** A peer's status changed. */
  | { readonly kind: 'status'; readonly status: PeerStatus }
  /** Someone proved a PeerId that is not let in. */
  | { readonly kind: 'denied'; readonly peerId: string }
  /** A request that a peer made of this node failed or was refused. */
  | {
      readonly kind: 'served-fault';
      readonly peer: StateId;
      readonly protocol: string;
      readonly code: FaultCode;
    }
  /** A request that this node made of a peer failed or was refused. */
  | {
      readonly kind: 'asked-fault';
      readonly peer: StateId;
      readonly protocol: string;
      readonly code: FaultCode;
    }
  /** A batch of a peer's ledger is durable here. */
  | { readonly kind: 'batch-accepted'; readonly peer: StateId; readonly from: number; readonly to: number }
  /** A peer has receipted this node's ledger up to a size. */
  | { readonly kind: 'receipt'; readonly peer: StateId; readonly size: number };

export type ExchangeListener = (event: ExchangeEvent) => void;

/**
 * Hands events to listeners. A listener that throws disturbs neither the others nor the exchange; the process is warned.
 */
export class EventHub {
  readonly #listeners = new Set<ExchangeListener>();

  on(listener: ExchangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: ExchangeEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (thrown) {
        emitWarning(thrown instanceof Error ? thrown : String(thrown));
      }
    }
  }
}
