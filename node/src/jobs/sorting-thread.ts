import { parentPort, workerData } from 'node:worker_threads';
import { unpackItems } from './packed-items.ts';
import type { SortAnswer, SortRequest } from './record-sorter.ts';
import { Sorting, type SortingBasis } from './sorting.ts';

// A thread that opens records and tells their kinds apart. It knows public keys and policies and holds nothing.

const sorting = Sorting.on(workerData as SortingBasis);

parentPort?.on('message', ({ id, items }: SortRequest) => {
  const records = unpackItems(items).map(({ record, disclosures }) => ({
    bytes: record as Uint8Array,
    disclosures,
  }));
  const kinds = sorting.sort(records);
  const answer: SortAnswer = { id, kinds };
  parentPort?.postMessage(answer, [kinds.buffer]);
});
