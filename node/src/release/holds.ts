import { type HeldBefore, type Mode, ruleDigestOf } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { RecordId, View } from '@comity/record';
import { type HoldRow, TABLES, type WriteSet } from '@comity/store';
import { comparePlaces } from '../records/list-places.ts';
import type { Sovereign } from '../sovereign.ts';
import type { HeldParts } from './held-parts.ts';
import { enterHold, type HoldPlace, strikeHold } from './hold-queue.ts';
import type { AskedFor } from './planned-release.ts';

/** Of the id of a record, in hexadecimal. */
const ID_DIGITS = 64;

/** For which modes and purposes parts of a record wait before they go to a peer. */
export async function heldFor(
  { holds, store }: Sovereign,
  { header }: View,
  peer: StateId,
): Promise<AskedFor[]> {
  if (!holds.mayHold(peer)) return [];
  const row = await store.get(TABLES.holds, [peer, header.id]);
  return distinctWays(row === undefined ? [] : heldOf(row));
}

/** Each mode, purpose and addressee once. */
export function distinctWays(list: readonly AskedFor[]): AskedFor[] {
  const ways = new Map(
    list.map(({ mode, purpose, addressee }) => [
      [mode, purpose, addressee].join(' '),
      { mode, purpose, ...(addressee !== undefined && { addressee }) },
    ]),
  );
  return [...ways.values()];
}

/**
 * Writes down what of a record waits for a person before it goes to a peer, in the set that releases the rest: what was
 * waiting and does so no longer is taken off, what is new is a line of the audit chain. What an entry of the policy has held
 * waits on while it is withheld for another reason: else it would go by itself when that is over (disclosure.md 4.14).
 *
 * @param look what alone was looked at: what waits for anything else stays as it is
 * @param goes digests of the record that go to the peer in the same set
 */
export async function noteHeld(
  sovereign: Sovereign,
  set: WriteSet,
  view: View,
  peer: StateId,
  held: readonly HeldParts[],
  { look, goes = [] }: { readonly look?: AskedFor; readonly goes?: Iterable<string> } = {},
): Promise<void> {
  const { holds, store } = sovereign;
  const { header } = view;
  if (held.length === 0 && !holds.mayHold(peer)) return;
  const row = await store.get(TABLES.holds, [peer, header.id]);
  const before = row === undefined ? [] : heldOf(row);
  const kept =
    look === undefined
      ? []
      : before.filter(
          ({ mode, purpose, addressee }) =>
            mode !== look.mode || purpose !== look.purpose || addressee !== look.addressee,
        );
  // Nobody is told that the queue is full: to whoever asks it looks like what is held, and people see it. What an entry of the
  // policy holds is queued all the same: else it would go by itself when there is room.
  const isFull = row === undefined && look !== undefined && holds.isFull(peer);
  const noted = held.filter((item) => !isFull || isByEntry(item)).map((item) => withDigest(sovereign, item));
  const stays = new Set(kept);
  const looked = before.filter((item) => !stays.has(item));
  const items = [
    ...kept,
    ...noted,
    ...(await withheldMeanwhile(sovereign, view, peer, { looked, noted, goes })),
  ];
  if (items.length === 0) {
    if (row === undefined) return;
    remove(sovereign, set, peer, header.id, row);
    holds.remove(peer, header.id);
    return;
  }
  const known = new Set(before.map(textOf));
  const fresh = noted.filter((item) => !known.has(textOf(item)));
  const atSeconds = sovereign.now();
  if (row !== undefined && fresh.length === 0 && items.length === before.length) return;
  if (row === undefined) {
    holds.add(peer, header.id);
    enterHold(set, sovereign.self.state, [atSeconds, header.id, peer]);
  }
  set.put(TABLES.holds, [peer, header.id], {
    sinceSeconds: row?.sinceSeconds ?? atSeconds,
    items: items.map(({ mode, purpose, rule, reason, digests, addressee, ruleDigest }) => [
      ...[mode, purpose, rule, reason],
      [...digests],
      addressee ?? null,
      ruleDigest ?? null,
    ]),
  });
  for (const { rule, reason, digests, ...item } of fresh) {
    set.audit({
      atSeconds,
      event: 'held',
      fields: {
        peer,
        record: header.id,
        parts: digests.length,
        mode: item.mode,
        purpose: item.purpose,
        ...(item.addressee !== undefined && { officer: item.addressee }),
        rule,
        reason,
      },
    });
  }
}

/**
 * Of what entries of the policy in force have held, what neither waits by them now nor goes: it is withheld for another reason.
 * Of items that say the same each part is kept once.
 */
async function withheldMeanwhile(
  { policy, store }: Sovereign,
  { header, parts }: View,
  peer: StateId,
  {
    looked,
    noted,
    goes,
  }: {
    readonly looked: readonly NotedParts[];
    readonly noted: readonly NotedParts[];
    readonly goes: Iterable<string>;
  },
): Promise<NotedParts[]> {
  const { limits = [], reciprocity = [] } = policy?.compiled.policy ?? {};
  const entries = new Set([...limits, ...reciprocity].map(({ digest }) => digest));
  const before = looked.filter(
    (item) => isByEntry(item) && item.ruleDigest !== undefined && entries.has(item.ruleDigest),
  );
  if (before.length === 0) return [];
  const { digests } = await store.released(peer, header.id);
  const gone = new Set([...digests, ...goes]);
  const here = new Set(parts.map(({ digest }) => digest));
  const waiting = new Map<string, Set<string>>();
  const isNew = ({ mode, ruleDigest, digests }: NotedParts): boolean => {
    // What was held in letters counts for letters alone.
    const key = `${mode === 'letter'} ${ruleDigest}`;
    const known = waiting.get(key) ?? new Set();
    const fresh = digests.filter((digest) => here.has(digest) && !gone.has(digest) && !known.has(digest));
    waiting.set(key, new Set([...known, ...fresh]));
    return fresh.length > 0;
  };
  for (const item of noted) if (isByEntry(item)) isNew(item);
  return before.filter(isNew);
}

function remove(
  { self }: Pick<Sovereign, 'self'>,
  set: WriteSet,
  peer: StateId,
  record: RecordId,
  { sinceSeconds }: HoldRow,
): void {
  set.delete(TABLES.holds, [peer, record]);
  strikeHold(set, self.state, [sinceSeconds, record, peer]);
}

/**
 * Takes off what waits of a record for these peers: it is not held here any more, or they have it.
 *
 * @returns for whom something waited, to be taken out of the queue when the set is committed
 */
export async function forgetHolds(
  sovereign: Pick<Sovereign, 'self' | 'store' | 'holds'>,
  set: WriteSet,
  record: RecordId,
  peers: Iterable<StateId> = sovereign.holds.peers,
): Promise<StateId[]> {
  const { store, holds } = sovereign;
  const found: StateId[] = [];
  for (const peer of peers) {
    if (!holds.mayHold(peer)) continue;
    const row = await store.get(TABLES.holds, [peer, record]);
    if (row === undefined) continue;
    remove(sovereign, set, peer, record, row);
    found.push(peer);
  }
  return found;
}

/** What waits of one record for one peer. */
export interface Hold {
  readonly peer: StateId;
  readonly record: RecordId;
  readonly sinceSeconds: number;
  readonly held: readonly HeldParts[];
}

/** What waits of a record for a peer; undefined where nothing does. */
export async function holdOf(
  { store }: Pick<Sovereign, 'store'>,
  peer: StateId,
  record: RecordId,
): Promise<Hold | undefined> {
  const row = await store.get(TABLES.holds, [peer, record]);
  return row && { peer, record, sinceSeconds: row.sinceSeconds, held: heldOf(row) };
}

/** Where a hold stands in the queue. */
export function placeOf({ sinceSeconds, record, peer }: Hold): HoldPlace {
  return [sinceSeconds, record, peer];
}

/** Which holds people look at. */
export interface WantedHolds {
  readonly peer?: StateId | undefined;
  /** The first characters of the record's id. */
  readonly record?: string | undefined;
  /** Only those after this place. */
  readonly after?: HoldPlace | undefined;
}

/** What waits, the longest first, read as it is gone through. Of a record that is named nothing else is read. */
export async function* holdsInOrder(
  sovereign: Pick<Sovereign, 'store' | 'holds'>,
  { peer, record, after }: WantedHolds = {},
): AsyncGenerator<Hold, void, undefined> {
  if (record !== undefined) {
    for (const hold of await holdsOf(sovereign, record, peer))
      if (after === undefined || comparePlaces(placeOf(hold), after) > 0) yield hold;
    return;
  }
  for await (const place of sovereign.holds.places(sovereign.store, peer, after)) {
    const hold = await holdOf(sovereign, place[2], place[1]);
    // It was taken off since, or stands in another place.
    if (hold?.sinceSeconds === place[0]) yield hold;
  }
}

/** Everything that waits of records whose ids begin so. */
export async function holdsOf(
  { store, holds }: Pick<Sovereign, 'store' | 'holds'>,
  record: string,
  peer?: StateId,
): Promise<Hold[]> {
  const [least, greatest] = [record.padEnd(ID_DIGITS, '0'), record.padEnd(ID_DIGITS, 'f')] as RecordId[];
  const found: Hold[] = [];
  for (const each of peer === undefined ? holds.peers : [peer]) {
    const range = { from: [each, least], to: [each, greatest] } as {
      from: [StateId, RecordId];
      to: [StateId, RecordId];
    };
    for (const { key, row } of await store.list(TABLES.holds, [each], range))
      found.push({ peer: each, record: key[1], sinceSeconds: row.sinceSeconds, held: heldOf(row) });
  }
  return found.sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
}

type ItemRow = [
  mode: Mode,
  purpose: string,
  rule: string,
  reason: string,
  digests: string[],
  addressee?: string | null,
  ruleDigest?: string | null,
];

/** What waits, with the digest of the rule or entry as it read when it came to wait; rows of older versions have none. */
type NotedParts = HeldParts & { readonly ruleDigest?: string };

function heldOf({ items }: HoldRow): NotedParts[] {
  return (items as ItemRow[]).map(
    ([mode, purpose, rule, reason, digests, addressee = null, ruleDigest = null]) => ({
      ...{ mode, purpose, rule, reason, digests, waiting: digests },
      ...(addressee !== null && { addressee }),
      ...(ruleDigest !== null && { ruleDigest }),
    }),
  );
}

function withDigest({ policy }: Pick<Sovereign, 'policy'>, item: HeldParts): NotedParts {
  const ruleDigest = policy && ruleDigestOf(policy.compiled.policy, item.rule);
  return { ...item, ...(ruleDigest !== undefined && { ruleDigest }) };
}

/** Whether it waits by an entry of `limits` or `reciprocity`. */
function isByEntry({ reason }: HeldParts): boolean {
  return reason === 'limit' || reason === 'reciprocity';
}

/** What entries of the policy hold of a record from a peer: time alone does not let it go (disclosure.md 4.14). */
export async function heldByEntries(
  sovereign: Pick<Sovereign, 'store' | 'holds' | 'policy'>,
  { header }: View,
  peer: StateId,
): Promise<HeldBefore[]> {
  if (!sovereign.holds.mayHold(peer)) return [];
  const row = await sovereign.store.get(TABLES.holds, [peer, header.id]);
  return row === undefined ? [] : byEntries(sovereign, heldOf(row));
}

/** Those that wait by entries of the policy, as the next decision is told of them. */
export function byEntries(
  sovereign: Pick<Sovereign, 'policy'>,
  held: readonly (HeldParts & { readonly ruleDigest?: string })[],
): HeldBefore[] {
  return held.filter(isByEntry).flatMap((item): HeldBefore[] => {
    const { ruleDigest = withDigest(sovereign, item).ruleDigest, mode, digests } = item;
    return ruleDigest === undefined ? [] : [{ entry: ruleDigest, mode, parts: new Set(digests) }];
  });
}

function textOf({ mode, purpose, addressee = '', rule, ruleDigest = '', digests }: NotedParts): string {
  return [mode, purpose, addressee, rule, ruleDigest, ...digests].join(' ');
}
