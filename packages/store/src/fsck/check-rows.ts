import { toHex } from '@comity/digest';
import type { EngineReader } from '../engine/engine.ts';
import { type KeyspaceName, keyspaceNameOf, parseKey } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import type { Findings } from './findings.ts';

/** Every digest and tag, and that every key belongs to a keyspace. Counts the rows of each. */
export async function checkRows(
  reader: EngineReader,
  rows: RowReader,
  findings: Findings,
  progress: (done: number) => void,
): Promise<Partial<Record<KeyspaceName, number>>> {
  const counts: Partial<Record<KeyspaceName, number>> = {};
  let done = 0;
  await findings.attempt({}, async () => {
    for await (const chunk of reader.range()) {
      for (const { key, value } of chunk) {
        const name = keyspaceNameOf(key);
        if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
        try {
          parseKey(key);
          if (rows.open(key, value) === undefined) {
            findings.add('store.keys-damaged', 'a row is sealed under a key that was destroyed', {
              key: nameable(key, name),
            });
          }
        } catch (thrown) {
          findings.addThrown(thrown, { key: nameable(key, name) });
        }
      }
      done += chunk.length;
      progress(done);
    }
  });
  return counts;
}

/** A key that may be shown: those of subjects and settings hold texts. */
function nameable(key: Uint8Array, name: KeyspaceName | undefined): string | null {
  const isText = name === undefined || name === 'record-by-subject' || name === 'setting' || name === 'meta';
  return isText ? null : toHex(key);
}
