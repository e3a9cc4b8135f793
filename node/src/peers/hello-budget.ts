import { Refusal } from '@comity/exchange';
import type { StateId } from '@comity/label';

/**
 * Hellos of one peer within an hour that say something new: certificates, a recognition, another card. An honest state does
 * so a few times a year, a key ceremony with several nodes a few times in an hour. Each costs this node signatures to verify,
 * writes to its disk and, with a recognition, a walk through all records.
 */
export const MAX_NEWS_PER_HOUR = 16;

const HOUR_SECONDS = 3_600;

/** How often each peer has said something new. In memory: starting again costs a peer more than it gains. */
export class HelloBudget {
  readonly #spent = new Map<StateId, number[]>();

  /** To be called before anything is verified. @throws Refusal exchange.hello-budget */
  spend(peer: StateId, atSeconds: number): void {
    const recent = (this.#spent.get(peer) ?? []).filter((each) => Math.abs(atSeconds - each) < HOUR_SECONDS);
    if (recent.length >= MAX_NEWS_PER_HOUR) {
      this.#spent.set(peer, recent);
      throw new Refusal('exchange.hello-budget', 'the peer says something new too often', {
        fields: { perHour: MAX_NEWS_PER_HOUR },
      });
    }
    this.#spent.set(peer, [...recent, atSeconds]);
  }
}
