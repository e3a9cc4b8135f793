import { parentPort, workerData } from 'node:worker_threads';
import { KeyDirectory, type StateCard, verifyCharter, verifyKeyCertificate } from '@comity/identity';
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

/** What is refused is left out: a key that is not known makes one record fail, a thread that ends makes all of them. */
function directoryOf({ states }: JudgeKeys): KeyDirectory {
  const known = new KeyDirectory();
  for (const state of states) {
    try {
      addState(known, state);
    } catch {
      // The main thread has judged the same documents and is where this is told of.
    }
  }
  return known;
}

function addState(known: KeyDirectory, state: StateCard): void {
  const charter = verifyCharter(state.charter);
  const certificates = state.certificates.map((bytes) => verifyKeyCertificate(bytes, charter));
  known.add(charter, certificates);
}
