import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { Sovereign } from '../sovereign.ts';

/** Peers to whom some of a record was released, those included that cannot be read. */
export async function holdersOf({ store, peers }: Sovereign, record: RecordId): Promise<StateId[]> {
  const holders: StateId[] = [];
  for (const { state } of [...peers.all(), ...peers.unreadable()]) {
    const { ledgerIndexes } = await store.released(state, record);
    if (ledgerIndexes.length > 0) holders.push(state);
  }
  return holders;
}
