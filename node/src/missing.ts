import { MAX_FETCH_INDEXES } from '@comity/exchange';
import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { TABLES, WriteSet } from '@comity/store';
import type { JudgedItem } from './jobs/judges.ts';
import type { Sovereign } from './sovereign.ts';

/** Indexes remembered for one peer; beyond that the oldest are asked for first, and the rest when they have come. */
const MAX_MISSING = 10_000;

function settingOf(peer: StateId): string {
  return `missing/${peer}`;
}

/** Ledger entries of a peer whose content is not held: sent bare, or rejected. */
export async function missingOf(
  { store }: Pick<Sovereign, 'store'>,
  peer: StateId,
): Promise<readonly number[]> {
  return ((await store.get(TABLES.settings, [settingOf(peer)])) as readonly number[] | undefined) ?? [];
}

/** Notes entries that came without usable content, in the set that stores the entries. */
export async function rememberMissing(
  sovereign: Sovereign,
  set: WriteSet,
  peer: StateId,
  indexes: readonly number[],
): Promise<void> {
  if (indexes.length === 0) return;
  const known = await missingOf(sovereign, peer);
  set.put(TABLES.settings, [settingOf(peer)], [...known, ...indexes].slice(0, MAX_MISSING));
}

/**
 * Asks a peer again for what is missing: its policy may allow it by now, or this node may know the issuer by now. What
 * still does not come, or still does not pass, stays missing.
 */
export async function fetchMissing(
  sovereign: Sovereign,
  peer: StateId,
  judge: (items: readonly FetchedContent[]) => Promise<readonly JudgedItem[]>,
): Promise<number> {
  const { exchange, store } = sovereign;
  const missing = await missingOf(sovereign, peer);
  if (missing.length === 0 || exchange === undefined) return 0;
  const items: (FetchedContent & { readonly index: number })[] = [];
  for await (const { index, item } of exchange.fetch(peer, missing.slice(0, MAX_FETCH_INDEXES)))
    items.push({ index, ...item });
  const log = await store.log(`ledger/in/${peer}`);
  const set = new WriteSet();
  const found = new Set<number>();
  const judged = await judge(items);
  for (const [position, { index, entry }] of items.entries()) {
    const item = judged[position];
    if (item?.verdict !== 'accepted') continue;
    // The ledger held says what was released under this index; anything else is not an answer to what was asked.
    const held = await log.entry(index);
    if (!Buffer.from(held.leaf).equals(entry)) continue;
    set.putRecord({
      ...item.record,
      source: { peer, receivedAtSeconds: sovereign.now(), ledgerIndex: index },
    });
    found.add(index);
  }
  if (found.size === 0) return 0;
  set.put(
    TABLES.settings,
    [settingOf(peer)],
    (await missingOf(sovereign, peer)).filter((index) => !found.has(index)),
  );
  set.audit({ atSeconds: sovereign.now(), event: 'missing-fetched', fields: { peer, items: found.size } });
  await store.commit(set);
  return found.size;
}

interface FetchedContent {
  readonly entry: Uint8Array;
  readonly record: Uint8Array | undefined;
  readonly disclosures: readonly Uint8Array[];
}

/** Fetches in the background after a peer has become live; a fault only means that it is tried again at the next contact. */
export function fetchMissingLater(
  sovereign: Sovereign,
  peer: StateId,
  judge: Parameters<typeof fetchMissing>[2],
): void {
  fetchMissing(sovereign, peer, judge).catch((error: unknown) => {
    const code = isFault(error) ? error.code : 'node.internal';
    sovereign.events.emit('request-failed', {
      peer: sovereign.peers.codeOf(peer) ?? peer,
      protocol: 'fetch',
      code,
    });
  });
}
