import { isFault } from '@comity/fault';
import { headerOf } from '@comity/record';
import type { EngineReader } from '../engine/engine.ts';
import { REALMS, RECORD } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { openContent, realmOf } from '../records/record-row.ts';
import type { Findings } from './findings.ts';

/** That the signed bytes of every record can be read and lie in the realm that they name. */
export async function checkRecords(
  reader: EngineReader,
  rows: RowReader,
  findings: Findings,
  progress: (done: number) => void,
): Promise<number> {
  let done = 0;
  for (const realm of REALMS) {
    await findings.attempt({ keyspace: RECORD.name, realm }, async () => {
      for await (const chunk of reader.range(RECORD.range(realm))) {
        for (const { key, value } of chunk) {
          const [, arrival] = RECORD.parse(key);
          try {
            const payload = rows.open(key, value);
            if (payload === undefined) continue;
            const header = headerOf(openContent(realm, arrival, payload).bytes);
            // Architecture §1, rule 9: the flag inside the signed bytes decides the keyspace.
            if (realmOf(header) !== realm) {
              findings.add('store.record-id-mismatch', 'a record lies in the other realm', {
                realm,
                arrival,
              });
            }
          } catch (thrown) {
            // The digests were judged in an earlier step; what is left are bytes that are no record.
            if (isFault(thrown, 'store.row-damaged')) continue;
            findings.addThrown(thrown, { keyspace: RECORD.name, realm, arrival });
          }
        }
        done += chunk.length;
        progress(done);
      }
    });
  }
  return done;
}
