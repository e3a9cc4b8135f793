import { equalBytes } from '@comity/digest';
import { MAX_FETCH_INDEXES } from '@comity/exchange';
import { type FaultCode, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { type NewRecord, TABLES, WriteSet } from '@comity/store';
import type { JudgedItem } from './jobs/judges.ts';
import type { ReceivedItem } from './judge.ts';
import { peerTurns } from './peer-turns.ts';
import { commitReceived } from './received.ts';
import { assertServed } from './release.ts';
import type { Sovereign } from './sovereign.ts';

/** Items judged and committed together: large ones are not all held at once. */
const MAX_PENDING_BYTES = 4 * 1_048_576;
const MAX_PENDING_ITEMS = 256;

/** Entries without content of one peer from which on the operator is told each time. None is forgotten, however many. */
const MANY_MISSING = 10_000;

export type JudgeItems = (items: readonly ReceivedItem[]) => Promise<readonly JudgedItem[]>;

export interface MissingEntry {
  readonly index: number;
  /** Why what came was rejected; null where the entry came bare. */
  readonly code: FaultCode | null;
}

/** Notes entries that came without usable content, in the set that stores the entries. */
export function rememberMissing(
  set: WriteSet,
  peer: StateId,
  entries: readonly MissingEntry[],
  atSeconds: number,
): void {
  for (const { index, code } of entries) set.put(TABLES.missing, [peer, index], { code, atSeconds });
}

/** Setting: index of a peer's ledger from which on it is asked next, where asking it for all was cut short. */
function cursorOf(peer: StateId): string {
  return `missing-from/${peer}`;
}

/**
 * Asks a peer again for everything that is missing of its ledger: its policy may allow it by now, or this node may know the
 * issuer by now. What still does not come, or still does not pass, stays missing. Where it is cut short, the next run
 * begins behind the last entry that was asked for, so that none waits for ever behind one that fails.
 *
 * @returns records found
 * @throws Fault `exchange.*`, `peer.*`
 */
export async function fetchMissing(sovereign: Sovereign, peer: StateId, judge: JudgeItems): Promise<number> {
  const { store, events, peers } = sovereign;
  const setting = await store.get(TABLES.settings, [cursorOf(peer)]);
  const start = typeof setting === 'number' ? setting : 0;
  let asked = 0;
  let found = 0;
  for (const [from, to] of [
    [start, Number.MAX_SAFE_INTEGER],
    [0, start],
  ] as const) {
    let next = from;
    for (;;) {
      const page = await store.list(TABLES.missing, [peer], {
        from: [peer, next],
        limit: MAX_FETCH_INDEXES,
      });
      const indexes = page.map(({ key: [, index] }) => index).filter((index) => index < to);
      const last = indexes.at(-1);
      if (last === undefined) break;
      asked += indexes.length;
      found += await fetchPage(sovereign, peer, indexes, judge);
      next = last + 1;
    }
  }
  const code = peers.codeOf(peer) ?? peer;
  if (found > 0) events.emit('missing-fetched', { peer: code, items: found });
  if (asked - found >= MANY_MISSING) events.emit('many-missing', { peer: code, entries: asked - found });
  return found;
}

interface FetchedItem extends ReceivedItem {
  readonly index: number;
}

async function fetchPage(
  sovereign: Sovereign,
  peer: StateId,
  indexes: readonly number[],
  judge: JudgeItems,
): Promise<number> {
  const { exchange, store } = sovereign;
  if (exchange === undefined) return 0;
  let found = 0;
  let pending: FetchedItem[] = [];
  let pendingBytes = 0;
  let next = (indexes[0] as number) + 1;
  const flush = async (): Promise<void> => {
    const items = pending;
    pending = [];
    pendingBytes = 0;
    if (items.length > 0) found += await keep(sovereign, peer, items, judge);
  };
  try {
    for await (const { index, item } of exchange.fetch(peer, indexes)) {
      next = index + 1;
      pending.push({ index, ...item });
      pendingBytes += item.entry.length + (item.record?.length ?? 0);
      for (const disclosure of item.disclosures) pendingBytes += disclosure.length;
      if (pendingBytes >= MAX_PENDING_BYTES || pending.length >= MAX_PENDING_ITEMS) await flush();
    }
    await flush();
    return found;
  } catch (error) {
    if (!isFault(error) || store.stopped) throw error;
    await flush();
    await store.commit(new WriteSet().put(TABLES.settings, [cursorOf(peer)], next));
    throw error;
  }
}

/** Stores what of fetched items is what was asked for and passes. */
async function keep(
  sovereign: Sovereign,
  peer: StateId,
  items: readonly FetchedItem[],
  judge: JudgeItems,
): Promise<number> {
  const judged = await judge(items);
  return peerTurns(sovereign, peer).take(async () => {
    const { store } = sovereign;
    assertServed(sovereign, peer);
    const log = await store.log(`ledger/in/${peer}`);
    const atSeconds = sovereign.now();
    const good: NewRecord[] = [];
    const indexes: number[] = [];
    for (const [position, { index, entry }] of items.entries()) {
      const item = judged[position];
      if (item?.verdict !== 'accepted') continue;
      // The ledger held says what was released under this index; anything else is not an answer to what was asked.
      if (!equalBytes((await log.entry(index)).leaf, entry)) continue;
      indexes.push(index);
      good.push({ ...item.record, source: { peer, receivedAtSeconds: atSeconds, ledgerIndex: index } });
    }
    if (good.length === 0) return 0;
    const { refused } = await commitReceived(sovereign, good, (left) => {
      const set = new WriteSet();
      for (const [place, index] of indexes.entries()) {
        if (left.has(place)) rememberMissing(set, peer, [{ index, code: 'node.merge-refused' }], atSeconds);
        else set.delete(TABLES.missing, [peer, index]);
      }
      const found = good.length - left.size;
      return set.audit({ atSeconds, event: 'missing-fetched', fields: { peer, items: found } });
    });
    return good.length - refused.size;
  });
}
