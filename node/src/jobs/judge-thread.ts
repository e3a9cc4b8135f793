import { parentPort, workerData } from 'node:worker_threads';
import { directoryOf } from './judge-keys.ts';
import { type JudgeAnswer, type JudgeKeys, type JudgeRequest, verdictOn } from './judges.ts';
import { unpackItems } from './packed-items.ts';

// A thread that verifies what peers sent. It knows nothing but public keys and holds nothing.

let directory = directoryOf(workerData as JudgeKeys);

parentPort?.on('message', (message: JudgeRequest | JudgeKeys) => {
  if ('states' in message) {
    directory = directoryOf(message);
    return;
  }
  parentPort?.postMessage(answer(message));
});

function answer({ id, items, nowSeconds }: JudgeRequest): JudgeAnswer {
  try {
    return { id, verdicts: unpackItems(items).map((item) => verdictOn(item, directory, nowSeconds)) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : 'unexpected error' };
  }
}
