import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import { type Store, TABLES, type WriteSet } from '@comity/store';
import { placesOf } from '../records/list-places.ts';

/** Records of which something may wait for one peer before its questions queue nothing more: what it asks must not bury the rest. */
const MAX_HOLDS_BY_QUESTIONS = 1_000;

/** What waits since when, of which record and for which peer. */
export type HoldPlace = [sinceSeconds: number, record: RecordId, peer: StateId];

/** Of which records something may wait, by peer: to count them, and of a peer without any no row has to be read. */
export class HoldQueue {
  readonly #self: StateId;
  readonly #records = new Map<StateId, Set<RecordId>>();

  private constructor(self: StateId) {
    this.#self = self;
  }

  static async load(store: Store, self: StateId): Promise<HoldQueue> {
    const queue = new HoldQueue(self);
    for await (const [, record, peer] of queue.places(store)) queue.add(peer, record);
    return queue;
  }

  mayHold(peer: StateId): boolean {
    return this.#records.has(peer);
  }

  /** Peers for which something waits, or did. */
  get peers(): Iterable<StateId> {
    return this.#records.keys();
  }

  /** Records and peers of which something waits. */
  count(peer?: StateId): number {
    if (peer !== undefined) return this.#records.get(peer)?.size ?? 0;
    return [...this.#records.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Whether questions of the peer queue nothing more. What waits unasked is queued all the same. */
  isFull(peer: StateId): boolean {
    return this.count(peer) >= MAX_HOLDS_BY_QUESTIONS;
  }

  add(peer: StateId, record: RecordId): void {
    this.#records.set(peer, (this.#records.get(peer) ?? new Set()).add(record));
  }

  /** A peer of which nothing waits any more stays known: reading a row too many does no harm. */
  remove(peer: StateId, record: RecordId): void {
    this.#records.get(peer)?.delete(record);
  }

  /** The longest first, all or those of one peer, read as they are gone through; those after a place. */
  places(
    store: Pick<Store, 'list'>,
    peer?: StateId,
    after?: HoldPlace,
  ): AsyncGenerator<HoldPlace, void, undefined> {
    return placesOf(store, TABLES.holdOrder, peer ?? this.#self, after);
  }
}

/** Enters a hold in the list of its peer and in that of all, in the set that stores it. */
export function enterHold(set: WriteSet, self: StateId, place: HoldPlace): void {
  for (const list of [self, place[2]]) set.put(TABLES.holdOrder, [list, ...place], null);
}

/** Takes it off both, in the set that deletes it. */
export function strikeHold(set: WriteSet, self: StateId, place: HoldPlace): void {
  for (const list of [self, place[2]]) set.delete(TABLES.holdOrder, [list, ...place]);
}
