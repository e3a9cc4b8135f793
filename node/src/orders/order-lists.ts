import { readApproval } from '@comity/approval';
import type { StateId } from '@comity/label';
import { type Store, TABLES, WriteSet } from '@comity/store';
import { enterRejection } from '../officers/rejection-list.ts';
import { enterHold } from '../release/hold-queue.ts';

/** Setting: each hold and each rejection stands in its lists. A store that is older than these has none of them. */
const ORDERED_SETTING = 'lists-ordered';
const ROWS_PER_COMMIT = 4_096;

/** Enters in the lists that people go through what was stored before there were any. */
export async function orderLists(store: Store, self: StateId): Promise<void> {
  if ((await store.get(TABLES.settings, [ORDERED_SETTING])) === true) return;
  let set = new WriteSet();
  const commitMany = async (): Promise<void> => {
    if (set.ops.length < ROWS_PER_COMMIT) return;
    await store.commit(set);
    set = new WriteSet();
  };
  for (const { key, row } of await store.list(TABLES.holds, [])) {
    enterHold(set, self, [row.sinceSeconds, key[1], key[0]]);
    await commitMany();
  }
  for (const { key, row } of await store.list(TABLES.approvals, [])) {
    const { decision, notAfterSeconds } = readApproval(row.bytes);
    if (decision === 'reject') enterRejection(set, self, [notAfterSeconds, ...key]);
    await commitMany();
  }
  await store.commit(set.put(TABLES.settings, [ORDERED_SETTING], true));
}
