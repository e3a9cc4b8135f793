import type { RecordId } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { localUser } from '../process/local-user.ts';
import type { Sovereign } from '../sovereign.ts';

/** A local user who was shown a record, over all times. */
export interface Reader {
  readonly user: string;
  readonly times: number;
  readonly firstAtSeconds: number;
  readonly lastAtSeconds: number;
}

/**
 * Writes down that a local user is shown what is in a record, before it is shown: one line of the audit chain, and a row by
 * which it is found (DISCLOSURE §4, audience). The title of a record in a list is not counted as reading it.
 *
 * @param operation by which it is shown
 * @throws Fault store.*: what cannot be written down is not shown
 */
export async function noteRead(sovereign: Sovereign, record: RecordId, operation: string): Promise<void> {
  const atSeconds = sovereign.now();
  const user = localUser();
  await sovereign.store.commit(
    new WriteSet()
      .put(TABLES.reads, [record, atSeconds, encodeURIComponent(user)], operation)
      .audit({ atSeconds, event: 'record-read', fields: { record, user, operation } }),
  );
}

/** Who was shown a record here, in the order of the first time; within one second, a user counts once. */
export async function readersOf({ store }: Pick<Sovereign, 'store'>, record: RecordId): Promise<Reader[]> {
  const readers = new Map<string, Reader>();
  for (const { key } of await store.list(TABLES.reads, [record])) {
    const [, atSeconds, encoded] = key;
    const user = decodeURIComponent(encoded);
    const known = readers.get(user) ?? { user, times: 0, firstAtSeconds: atSeconds };
    readers.set(user, { ...known, times: known.times + 1, lastAtSeconds: atSeconds });
  }
  return [...readers.values()];
}
