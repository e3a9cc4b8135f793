import type { Mode } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { RecordId, View } from '@comity/record';
import { type HoldRow, type Store, TABLES, type WriteSet } from '@comity/store';
import type { HeldParts } from './held-parts.ts';
import type { AskedFor } from './release.ts';
import type { Sovereign } from './sovereign.ts';

/** Between two looks at what a limit holds. */
const COUNT_AGAIN_SECONDS = 3_600;

/** Records of which something may wait for one peer before its questions queue nothing more: what it asks must not bury the rest. */
const MAX_HOLDS_BY_QUESTIONS = 1_000;

/** Of how many records something may wait, by peer: of a peer without any no row has to be read. */
export class HoldQueue {
  readonly #records: Map<StateId, number>;

  private constructor(records: Map<StateId, number>) {
    this.#records = records;
  }

  static async load(store: Store): Promise<HoldQueue> {
    const queue = new HoldQueue(new Map());
    for (const { key } of await store.list(TABLES.holds, [])) queue.add(key[0]);
    return queue;
  }

  mayHold(peer: StateId): boolean {
    return this.#records.has(peer);
  }

  /** Whether questions of the peer queue nothing more. What waits unasked is queued all the same. */
  isFull(peer: StateId): boolean {
    return (this.#records.get(peer) ?? 0) >= MAX_HOLDS_BY_QUESTIONS;
  }

  add(peer: StateId): void {
    this.#records.set(peer, (this.#records.get(peer) ?? 0) + 1);
  }

  /** A peer of which nothing waits any more stays known: reading a row too many does no harm. */
  remove(peer: StateId): void {
    this.#records.set(peer, Math.max(0, (this.#records.get(peer) ?? 0) - 1));
  }
}

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
 * waiting and does so no longer is taken off, what is new is a line of the audit chain.
 *
 * @param look what alone was looked at: what waits for anything else stays as it is
 */
export async function noteHeld(
  sovereign: Sovereign,
  set: WriteSet,
  { header }: View,
  peer: StateId,
  held: readonly HeldParts[],
  look?: AskedFor,
): Promise<void> {
  const { holds, store } = sovereign;
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
  const items = [...kept, ...held];
  if (items.length === 0) {
    if (row === undefined) return;
    set.delete(TABLES.holds, [peer, header.id]);
    holds.remove(peer);
    return;
  }
  // Nobody is told: to whoever asks it looks like what is held, and people see that the queue is full.
  if (row === undefined && look !== undefined && holds.isFull(peer)) return;
  const known = new Set(before.map(textOf));
  const fresh = held.filter((item) => !known.has(textOf(item)));
  const atSeconds = sovereign.now();
  if (items.some(({ reason }) => reason === 'limit' || reason === 'reciprocity'))
    countAgain(set, header.id, atSeconds);
  if (row !== undefined && fresh.length === 0 && items.length === before.length) return;
  if (row === undefined) holds.add(peer);
  set.put(TABLES.holds, [peer, header.id], {
    sinceSeconds: row?.sinceSeconds ?? atSeconds,
    items: items.map(({ mode, purpose, rule, reason, digests, addressee }) => [
      ...[mode, purpose, rule, reason],
      [...digests],
      ...(addressee === undefined ? [] : [addressee]),
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

/** Everything that waits, the longest first. */
export async function listHolds({ store }: Pick<Sovereign, 'store'>, peer?: StateId): Promise<Hold[]> {
  const rows = await store.list(TABLES.holds, peer === undefined ? [] : [peer]);
  return rows
    .map(({ key: [peer, record], row }) => ({
      peer,
      record,
      sinceSeconds: row.sinceSeconds,
      held: heldOf(row),
    }))
    .sort(inOrder);
}

/** The longest first. */
function inOrder(a: Hold, b: Hold): number {
  if (a.sinceSeconds !== b.sinceSeconds) return a.sinceSeconds - b.sinceSeconds;
  const [first, second] = [`${a.record} ${a.peer}`, `${b.record} ${b.peer}`];
  return first === second ? 0 : first < second ? -1 : 1;
}

type ItemRow = [
  mode: Mode,
  purpose: string,
  rule: string,
  reason: string,
  digests: string[],
  addressee?: string,
];

function heldOf({ items }: HoldRow): HeldParts[] {
  return (items as ItemRow[]).map(([mode, purpose, rule, reason, digests, addressee]) => ({
    ...{ mode, purpose, rule, reason, digests, waiting: digests },
    ...(addressee !== undefined && { addressee }),
  }));
}

/** Has a record looked at again: what was counted falls out of the time of a limit without anybody noticing. */
function countAgain(set: WriteSet, record: RecordId, atSeconds: number): void {
  set.put(TABLES.due, [nextCount(atSeconds), record], atSeconds);
}

/** The same for all looks of an hour: each would else be followed by one of its own, for ever. */
function nextCount(atSeconds: number): number {
  return atSeconds - (atSeconds % COUNT_AGAIN_SECONDS) + COUNT_AGAIN_SECONDS;
}

function textOf({ mode, purpose, addressee = '', rule, digests }: HeldParts): string {
  return [mode, purpose, addressee, rule, ...digests].join(' ');
}
