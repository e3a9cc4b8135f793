// A process that commits without end and says on stdout what was confirmed, for a test that kills it.
//
//   node --conditions=source crash-writer.test-support.ts <home> <first turn>

import { writeSync } from 'node:fs';
import { Store, WriteSet } from './index.ts';
import { recordsOfTurn, sampleLeaf } from './sample-record.test-support.ts';

const [home, first] = process.argv.slice(2) as [string, string];
const store = await Store.open(home, { headIntervalMs: 50 });
let next = Number(first);
const log = await store.log('origin');

async function write(): Promise<never> {
  for (;;) {
    const turn = next++;
    const set = new WriteSet().audit({ atSeconds: turn, event: 'turn', fields: { turn } });
    for (const record of recordsOfTurn(turn))
      set.putRecord(record).append('origin', [{ leaf: sampleLeaf(record), note: turn }]);
    const { logs } = await store.commit(set);
    // Written before anything else happens: what is said to be confirmed is out of this process.
    writeSync(1, `${turn} ${logs.get('origin')?.size} ${log.size}\n`);
  }
}

await Promise.all([write(), write(), write(), write()]);
