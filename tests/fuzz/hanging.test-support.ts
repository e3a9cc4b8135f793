// A thread that hangs at input 3, in place of the one that examines.

import { parentPort, workerData } from 'node:worker_threads';
import type { Block, BlockReport, WorkerData } from './pool.ts';

const at = new Float64Array((workerData as WorkerData).place);
const port = parentPort;
if (port === null) throw new Error('runs as a thread only');
port.on('message', ({ first, count }: Block) => {
  for (let index = first; index < first + count; index++) {
    at[0] = index;
    while (index === 3);
  }
  port.postMessage({ first, count, accepted: 0, found: [] } satisfies BlockReport);
});
port.postMessage('ready');
