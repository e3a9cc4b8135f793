// A process that erases and narrows records without end and says on stdout what was confirmed, for a test that kills it.
//
//   node --conditions=source crash-eraser.test-support.ts <home> <first record> <end of records>

import { writeSync } from 'node:fs';
import { disclosureDigestHex } from '@comity/record';
import { Store, WriteSet } from './index.ts';
import { sampleDisclosure, sampleRecord } from './sample-record.test-support.ts';

const outer = sampleDisclosure('outer');
const beside = sampleDisclosure('beside');

/** A record that is erased where its number is even, and otherwise narrowed. */
export function recordToErase(number: number) {
  return sampleRecord(number, { withheld: [outer, beside], disclosures: [outer, beside] });
}

async function main(home: string, first: number, end: number): Promise<void> {
  const store = await Store.open(home, { headIntervalMs: 50 });
  let next = first;
  const erase = async () => {
    for (let number = next++; number < end; number = next++) {
      const { id, issuer } = recordToErase(number).header;
      const set = new WriteSet();
      if (number % 2 === 0) set.eraseRecord(id, issuer, { atSeconds: number, order: null, reason: 'error' });
      else set.narrowRecord(id, issuer, [disclosureDigestHex(outer)]);
      await store.commit(set);
      // Written before anything else happens: what is said to be confirmed is out of this process.
      writeSync(1, `${number}\n`);
    }
  };
  await Promise.all([erase(), erase()]);
  // Nothing is left to erase: it waits to be killed.
  setInterval(() => undefined, 1_000);
}

const [script, home, first, end] = process.argv.slice(1) as [string, string, string, string];
if (import.meta.filename === script) await main(home, Number(first), Number(end));
