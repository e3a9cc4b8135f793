import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import { TABLES, type WriteSet } from '@comity/store';

/** Until when which record is kept from which peer, by which statement: its SHA-256, in hexadecimal. */
export type RejectionPlace = [untilSeconds: number, record: RecordId, recipient: StateId, digest: string];

/** Enters a rejection in the list of its recipient and in that of all, in the set that keeps the statement. */
export function enterRejection(set: WriteSet, self: StateId, place: RejectionPlace): void {
  for (const list of [self, place[2]]) set.put(TABLES.rejections, [list, ...place], null);
}

/** Takes one that keeps nothing any more off both. */
export function strikeRejection(set: WriteSet, self: StateId, place: RejectionPlace): void {
  for (const list of [self, place[2]]) set.delete(TABLES.rejections, [list, ...place]);
}
