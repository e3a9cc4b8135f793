// One thread of the fuzzer: blocks of inputs by their numbers, each examined, what is found sent back.

import { parentPort, workerData } from 'node:worker_threads';
import { chanceOf } from '../conformance/differential.ts';
import { bentRequest } from '../conformance/mutation/bend-input.ts';
import { examine } from './examine.ts';
import type { Block, BlockReport, Found, WorkerData } from './pool.ts';
import { fuzzTargets } from './targets.ts';

const { seed, place } = workerData as WorkerData;
const port = parentPort;
if (port === null) throw new Error('runs as a thread only');
const targets = await fuzzTargets();
// Where the thread is, for whoever watches it: a thread that hangs cannot say so.
const at = new Float64Array(place);

async function work({ first, count }: Block): Promise<BlockReport> {
  const found: Found[] = [];
  let accepted = 0;
  for (let index = first; index < first + count; index++) {
    at[0] = index;
    const request = bentRequest(targets.corpus, chanceOf(seed, index));
    const examination = await examine(targets, request);
    if (examination.accepted) accepted += 1;
    if (examination.trouble !== undefined) found.push({ seed, index, request, ...examination.trouble });
  }
  return { first, count, accepted, found };
}

port.on('message', (block: Block) => {
  void work(block).then((report) => port.postMessage(report));
});
port.postMessage('ready');
