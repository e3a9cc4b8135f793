import { DerivedCount, derivedRanges, expectedDerivedRows, isStray } from '../derived.ts';
import type { EngineSnapshot } from '../engine/engine.ts';
import { keyspaceNameOf } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import type { Findings } from './findings.ts';

/** Both ways: what should be there is, and what is there should be. */
export async function checkDerived(
  snapshot: EngineSnapshot,
  rows: RowReader,
  findings: Findings,
  progress: (done: number) => void,
): Promise<void> {
  const count = new DerivedCount();
  // What cannot be read was found by the step before.
  const onUnreadable = () => {
    count.unreadable += 1;
  };
  await findings.attempt({}, async () => {
    for await (const chunk of expectedDerivedRows(rows, snapshot, onUnreadable)) {
      for (const row of await count.compare(snapshot, chunk)) {
        const keyspace = keyspaceNameOf(row.key) ?? null;
        findings.add('store.index-missing', `a row of ${keyspace} is missing or wrong`, { keyspace });
      }
      progress(count.expected);
    }
    if (!(await count.mayHoldStrays(snapshot))) return;
    for (const range of derivedRanges()) {
      for await (const chunk of snapshot.range(range)) {
        for (const { key, value } of chunk) {
          if (!(await isStray(rows, key, value))) continue;
          const keyspace = keyspaceNameOf(key) ?? null;
          findings.add('store.index-stray', `a row of ${keyspace} follows from nothing`, { keyspace });
        }
      }
    }
  });
}
