import type { StateId } from '@comity/label';
import { type RowValue, type Store, TABLES, type WriteSet } from '@comity/store';

/** Setting: since when the store is an older copy that was put back, what of it is confirmed, and whom it has not heard since. */
const SETTING = 'put-back';

type Row = readonly [
  atSeconds: number,
  isConfirmed: boolean,
  unheard: readonly (readonly [peer: StateId, isAwaited: boolean])[],
];

/** What is to be known again after the store was put back to an older copy. */
export interface PutBackState {
  /** When it was found to be put back, or somebody went on with it; UTC seconds. Undefined where it never was. */
  readonly atSeconds: number | undefined;
  /** Whether people have said that policy, suspensions and rejections are what they should be. */
  readonly isConfirmed: boolean;
  /** Peers that have not given back yet what they hold of the ledgers for them, and whether releases to others wait for that. */
  readonly unheard: ReadonlyMap<StateId, boolean>;
}

const NEVER: PutBackState = { atSeconds: undefined, isConfirmed: true, unheard: new Map() };

/**
 * Whether releases are held because the store was put back: what this state took back, rejected and ordered since is not known
 * here until the peers have given it back, and people have said the rest (ledger.md §2.5, §2.6; disclosure.md 8.10).
 */
export class PutBack {
  #state: PutBackState;
  /** Peers that have given back since this process began, and whether the ledger goes on from that as they hold it. */
  readonly #returned = new Map<StateId, boolean>();

  constructor(state: PutBackState) {
    this.#state = state;
  }

  get state(): PutBackState {
    return this.#state;
  }

  /** Whether the peer is still to be heard. */
  isUnheard(peer: StateId): boolean {
    return this.#state.unheard.has(peer);
  }

  /** Whether the end of the ledger for a peer may be lost: what is written into it might not continue what the peer holds. */
  lacksLedger(peer: StateId): boolean {
    return this.isUnheard(peer) && !this.#returned.has(peer);
  }

  /** A peer has given back all that it holds. @param isWhole whether it continues what was there */
  noteReturned(peer: StateId, isWhole: boolean): void {
    this.#returned.set(peer, isWhole);
  }

  /** Whether what a peer has given back continues what was there. */
  isWhole(peer: StateId): boolean {
    return this.#returned.get(peer) === true;
  }

  /** Whether orders that a peer brings are to wait: how they were answered before may still come back. */
  isAwaited(peer: StateId | null): boolean {
    return peer !== null && this.#state.unheard.get(peer) === true;
  }

  /** Whether nothing goes to anybody. @param isSuspended nobody waits for a peer that is */
  isShut(isSuspended: (peer: StateId) => boolean): boolean {
    const { isConfirmed, unheard } = this.#state;
    if (!isConfirmed) return true;
    for (const [peer, isAwaited] of unheard) if (isAwaited && !isSuspended(peer)) return true;
    return false;
  }

  /** Whether a statement of an officer that was stored then may have been taken back in what was lost. */
  isBefore(storedAtSeconds: number): boolean {
    const { atSeconds } = this.#state;
    return atSeconds !== undefined && storedAtSeconds <= atSeconds;
  }

  /** Adds the state that is to come to a set. It is in force with `follow`, after the commit. */
  static put(set: WriteSet, { atSeconds, isConfirmed, unheard }: PutBackState): WriteSet {
    const row: Row = [atSeconds ?? 0, isConfirmed, [...unheard]];
    return set.put(TABLES.settings, [SETTING], row as unknown as RowValue);
  }

  follow(state: PutBackState): void {
    // Begun anew: what was given back to a copy that is gone is to be given back again.
    if (state.atSeconds !== this.#state.atSeconds) this.#returned.clear();
    this.#state = state;
  }
}

/** The state after the store was put back now: nobody is heard yet, and nothing is confirmed. */
export function begunAt(atSeconds: number, peers: Iterable<StateId>): PutBackState {
  return { atSeconds, isConfirmed: false, unheard: new Map([...peers].map((peer) => [peer, true])) };
}

export async function loadPutBack(store: Store): Promise<PutBack> {
  const row = (await store.get(TABLES.settings, [SETTING])) as unknown as Row | undefined;
  if (row === undefined) return new PutBack(NEVER);
  const [atSeconds, isConfirmed, unheard] = row;
  return new PutBack({ atSeconds, isConfirmed, unheard: new Map(unheard) });
}

/** Every state that may hold a ledger of this one: its peers, and those of which a ledger is left. */
export async function ledgerHolders(store: Store): Promise<StateId[]> {
  const peers = (await store.list(TABLES.peers, [])).map(({ key: [state] }) => state);
  const named = (await store.logNames()).flatMap((name) =>
    name.startsWith('ledger/out/') ? [name.slice('ledger/out/'.length) as StateId] : [],
  );
  return [...new Set([...peers, ...named])];
}
