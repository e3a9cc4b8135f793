import type { RecordId } from '@comity/record';
import { type SentLetterRow, type Store, TABLES } from '@comity/store';

/** A letter that this state has written, with its id. */
export interface SentLetter extends SentLetterRow {
  readonly id: string;
}

/**
 * Letters that this state has written about a record, the oldest first.
 *
 * @param digests only those that show one of these parts, in hexadecimal
 */
export async function lettersAbout(
  store: Store,
  record: RecordId,
  digests?: ReadonlySet<string>,
): Promise<SentLetter[]> {
  const rows = await store.list(TABLES.sentLetters, []);
  return rows
    .map(({ key: [id], row }) => ({ ...row, id }))
    .filter((sent) => sent.record === record)
    .filter((sent) => digests === undefined || sent.digests.some((digest) => digests.has(digest)))
    .sort((a, b) => a.atSeconds - b.atSeconds || (a.id < b.id ? -1 : 1));
}
