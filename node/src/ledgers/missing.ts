import { equalBytes } from '@comity/digest';
import { MAX_FETCH_INDEXES } from '@comity/exchange';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Order, ReceivedItem } from '@comity/ledger';
import { type NewRecord, TABLES, WriteSet } from '@comity/store';
import type { JudgedItem } from '../jobs/judges.ts';
import {
  announceLetters,
  dropRecalled,
  keepLetters,
  type ReceivedLetter,
  sortLetters,
} from '../letters/letter-intake.ts';
import { noteOrders, obey } from '../orders/order-intake.ts';
import { peerTurns } from '../peers/peer-turns.ts';
import { assertServed } from '../release/served.ts';
import type { Sovereign } from '../sovereign.ts';
import { commitReceived } from './received.ts';

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

/** Requests that may fail before a round is over: to find the one entry that fails among a page takes a dozen. */
const MAX_FAILURES = 64;

/**
 * Asks a peer again for everything that is missing of its ledger: its policy may allow it by now, or this node may know the
 * issuer by now. What still does not come, or still does not pass, stays missing. None waits for ever behind one that fails:
 * where a request fails, smaller ones follow, and where a round is cut short, the next one begins behind the last entry that
 * was asked for.
 *
 * @returns records found
 * @throws Fault `exchange.*`, `peer.*`
 */
export async function fetchMissing(sovereign: Sovereign, peer: StateId, judge: JudgeItems): Promise<number> {
  const { store, events, peers } = sovereign;
  const setting = await store.get(TABLES.settings, [cursorOf(peer)]);
  const start = typeof setting === 'number' ? setting : 0;
  const code = peers.codeOf(peer) ?? peer;
  let limit = MAX_FETCH_INDEXES;
  let failures = 0;
  let asked = 0;
  let found = 0;
  for (const [from, to] of [
    [start, Number.MAX_SAFE_INTEGER],
    [0, start],
  ] as const) {
    let next = from;
    for (;;) {
      const page = await store.list(TABLES.missing, [peer], { from: [peer, next], limit });
      const indexes = page.map(({ key: [, index] }) => index).filter((index) => index < to);
      const first = indexes[0];
      if (first === undefined) break;
      const fetched = await fetchPage(sovereign, peer, indexes, judge);
      found += fetched.found;
      next = fetched.next;
      if (fetched.fault === undefined) {
        asked += indexes.length;
        limit = Math.min(limit * 2, MAX_FETCH_INDEXES);
        continue;
      }
      failures += 1;
      // Alone it fails again: it is passed over, in this round.
      if (indexes.length === 1 || !isLive(sovereign, peer)) next = Math.max(next, first + 1);
      if (failures >= MAX_FAILURES || !isLive(sovereign, peer)) {
        await store.commit(new WriteSet().put(TABLES.settings, [cursorOf(peer)], next));
        throw fetched.fault;
      }
      if (indexes.length === 1)
        events.emit('request-failed', { peer: code, protocol: 'fetch', code: fetched.fault.code });
      limit = Math.ceil(indexes.length / 2);
    }
  }
  if (found > 0) events.emit('missing-fetched', { peer: code, items: found });
  if (asked - found >= MANY_MISSING) events.emit('many-missing', { peer: code, entries: asked - found });
  return found;
}

/** Whether a peer can be asked now. */
export function isLive({ exchange }: Sovereign, peer: StateId): boolean {
  return exchange?.peers().some((each) => each.peer === peer && each.state === 'live') === true;
}

interface FetchedItem extends ReceivedItem {
  readonly index: number;
}

interface FetchedPage {
  readonly found: number;
  /** Index after the last entry that came, or the first that was asked for where none did. */
  readonly next: number;
  /** Why not all that was asked for came. */
  readonly fault?: Fault;
}

async function fetchPage(
  sovereign: Sovereign,
  peer: StateId,
  indexes: readonly number[],
  judge: JudgeItems,
): Promise<FetchedPage> {
  const { exchange } = sovereign;
  let next = indexes[0] as number;
  let found = 0;
  let pending: FetchedItem[] = [];
  let pendingBytes = 0;
  const flush = async (): Promise<void> => {
    const items = pending;
    pending = [];
    pendingBytes = 0;
    if (items.length > 0) found += await keep(sovereign, peer, items, judge);
  };
  let fault: Fault | undefined;
  try {
    if (exchange === undefined) throw new Fault('node.not-running', 'the node is stopping');
    for await (const { index, item } of exchange.fetch(peer, indexes)) {
      next = index + 1;
      pending.push({ index, ...item });
      pendingBytes += item.entry.length + (item.record?.length ?? 0);
      for (const disclosure of item.disclosures) pendingBytes += disclosure.length;
      if (pendingBytes >= MAX_PENDING_BYTES || pending.length >= MAX_PENDING_ITEMS) await flush();
    }
  } catch (error) {
    if (!isFault(error)) throw error;
    fault = error;
  }
  // What came before it went wrong was asked for.
  await flush();
  return { found, next, ...(fault !== undefined && { fault }) };
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
    /** Orders whose issuer was not known when they came. */
    const said: { readonly index: number; readonly item: JudgedItem }[] = [];
    const letters: ReceivedLetter[] = [];
    for (const [position, { index, entry }] of items.entries()) {
      const item = judged[position];
      if (item?.verdict !== 'accepted' && item?.verdict !== 'order' && item?.verdict !== 'letter') continue;
      // The ledger held says what was released under this index; anything else is not an answer to what was asked.
      if (!equalBytes((await log.entry(index)).leaf, entry)) continue;
      if (item.verdict === 'order') said.push({ index, item });
      else if (item.verdict === 'letter') letters.push({ index, letter: item.letter });
      else {
        indexes.push(index);
        good.push({ ...item.record, source: { peer, receivedAtSeconds: atSeconds, ledgerIndex: index } });
      }
    }
    const { kept, missing, recalled } = await sortLetters(sovereign, peer, letters);
    const settled = letters.filter(({ index }) => !missing.includes(index)).map(({ index }) => index);
    if (good.length === 0 && said.length === 0 && settled.length === 0) return 0;
    let orders: readonly Order[] = [];
    const { refused } = await commitReceived(
      sovereign,
      good,
      (left) => {
        const set = new WriteSet();
        for (const [place, index] of indexes.entries()) {
          const cause = left.get(place);
          if (cause !== undefined && cause !== 'node.recalled')
            rememberMissing(set, peer, [{ index, code: 'node.merge-refused' }], atSeconds);
          else set.delete(TABLES.missing, [peer, index]);
        }
        for (const { index } of said) set.delete(TABLES.missing, [peer, index]);
        for (const index of settled) set.delete(TABLES.missing, [peer, index]);
        for (const index of recalled)
          set.audit({ atSeconds, event: 'recalled-kept-out', fields: { peer, index } });
        keepLetters(set, peer, kept, atSeconds);
        orders = noteOrders(
          sovereign,
          set,
          peer,
          said.map(({ item }) => item),
          atSeconds,
        );
        const found = good.length + said.length + kept.length - left.size;
        return set.audit({ atSeconds, event: 'missing-fetched', fields: { peer, items: found } });
      },
      () => obey(sovereign, peer, orders, atSeconds),
    );
    await dropRecalled(sovereign, peer, kept);
    announceLetters(sovereign, peer, kept);
    return good.length + said.length + kept.length - refused.size;
  });
}
