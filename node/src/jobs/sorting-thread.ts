import { parentPort, workerData } from 'node:worker_threads';
import { unpackItems } from './packed-items.ts';
import type { SortAnswer, SortRequest } from './record-sorter.ts';
import { Sorting, type SortingBasis } from './sorting.ts';

// A thread that opens records and says of what kind they are. It knows public keys and policies and holds nothing.

const sorting = new Sorting(workerData as SortingBasis);

parentPort?.on('message', ({ id, items, sources, isNoted }: SortRequest) => {
  const records = unpackItems(items).map(({ record, disclosures }, place) => ({
    bytes: record as Uint8Array,
    disclosures,
    sources: sources[place] ?? [],
    isNoted: isNoted[place] ?? false,
  }));
  const answer: SortAnswer = { id, sorted: sorting.sort(records) };
  parentPort?.postMessage(answer, [answer.sorted.numbers.buffer]);
});
