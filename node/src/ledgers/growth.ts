import type { StateId } from '@comity/label';

/** Tells the streams of release ledgers that one has grown. */
export class LedgerGrowth {
  readonly #listeners = new Map<StateId, Set<() => void>>();

  watch(peer: StateId, listener: () => void): () => void {
    const listeners = this.#listeners.get(peer) ?? new Set();
    this.#listeners.set(peer, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  notify(peers: Iterable<StateId>): void {
    for (const peer of peers) for (const listener of this.#listeners.get(peer) ?? []) listener();
  }
}
