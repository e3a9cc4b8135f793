import { openView, type View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import { authoriseBytes } from './judge.ts';
import type { Sovereign } from './sovereign.ts';

/**
 * The view of a stored record. It climbs the ladder again from the stored bytes: a row that was changed on disk in a way
 * its digest does not show is still not shown as somebody's record.
 *
 * @throws Fault as `authoriseBytes` and `openView`
 */
export function openStored(sovereign: Pick<Sovereign, 'directory' | 'now'>, record: StoredRecord): View {
  return openView(authoriseBytes(record.bytes, sovereign.directory, sovereign.now()), record.disclosures);
}
