import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { LeadingValues, RowValue, Store, Table } from '@comity/store';

/** Keys that are read at once. */
const CHUNK_KEYS = 128;
const DIGITS = 12;

/** The form in which people are given a place, to go on after it: of a hold, and of a rejection. */
export const HOLD_PLACE_TEXT: RegExp = /^[0-9]{12}( [0-9a-f]{64}){2}$/;
export const REJECTION_PLACE_TEXT: RegExp = /^[0-9]{12}( [0-9a-f]{64}){3}$/;

/**
 * Where something stands in a list that people go through: a time, UTC seconds, of which record, for which peer, and which
 * statement where there may be several. The list itself is the first of the key (`TABLES.holdOrder`, `TABLES.rejections`).
 */
export type Place = [seconds: number, record: RecordId, peer: StateId, ...digest: string[]];

/** A place as a text that rises with it. */
export function placeText([seconds, ...ids]: Place): string {
  return [String(seconds).padStart(DIGITS, '0'), ...ids].join(' ');
}

/** @param text of the form of `HOLD_PLACE_TEXT` or `REJECTION_PLACE_TEXT` */
export function placeFrom<Rest extends Place>(text: string): Rest {
  const [seconds, ...ids] = text.split(' ');
  return [Number(seconds), ...ids] as readonly unknown[] as Rest;
}

/** From the earliest time on. */
export function comparePlaces(a: Place, b: Place): number {
  const [first, second] = [placeText(a), placeText(b)];
  return first === second ? 0 : first < second ? -1 : 1;
}

/**
 * The places of one list in their order, read as they are gone through.
 *
 * @param after only those after this place, which need not be in the list
 */
export async function* placesOf<Rest extends Place>(
  store: Pick<Store, 'list'>,
  table: Table<[list: StateId, ...Rest], RowValue>,
  list: StateId,
  after: Rest | undefined,
): AsyncGenerator<Rest, void, undefined> {
  let last = after;
  for (;;) {
    const rows = await store.list(table, [list] as LeadingValues<[StateId, ...Rest]>, {
      ...(last !== undefined && { from: [list, ...last] }),
      limit: CHUNK_KEYS,
    });
    for (const { key } of rows) {
      const place = key.slice(1) as readonly unknown[] as Rest;
      if (last !== undefined && comparePlaces(place, last) <= 0) continue;
      last = place;
      yield place;
    }
    if (rows.length < CHUNK_KEYS) return;
  }
}
