import type { RecordId } from '@comity/record';
import { type SentLetterRow, type Store, TABLES } from '@comity/store';

/** A letter that this state has written, with its id. */
export interface SentLetter extends SentLetterRow {
  readonly id: string;
}

/** Letters that are in memory at a time: a state writes many in its life, and few about one record. */
const PAGE_LETTERS = 500;
const LEAST_ID = '0'.repeat(64);

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
  const found: SentLetter[] = [];
  const isWanted = (sent: SentLetterRow): boolean =>
    sent.record === record && (digests === undefined || sent.digests.some((digest) => digests.has(digest)));
  let from = LEAST_ID;
  for (;;) {
    const page = await store.list(TABLES.sentLetters, [], { from: [from], limit: PAGE_LETTERS + 1 });
    for (const { key, row } of page.slice(0, PAGE_LETTERS))
      if (isWanted(row)) found.push({ ...row, id: key[0] });
    const next = page[PAGE_LETTERS];
    if (next === undefined) break;
    [from] = next.key;
  }
  return found.sort((a, b) => a.atSeconds - b.atSeconds || (a.id < b.id ? -1 : 1));
}
