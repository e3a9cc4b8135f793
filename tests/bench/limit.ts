import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Bench } from './bench.ts';

/** Signed bytes of a sample record: header and payload, without the signature. */
const MESSAGE_BYTES = 560;
const MEASURE_MS = 1_500;
/** Verifications between two looks at the clock. */
const BURST = 200;

/** Nothing that verifies every signature with OpenSSL can be faster than this. */
export const limit: Bench = {
  name: 'limit',
  question:
    'How many Ed25519 signatures can this machine verify in a second, on all cores, and do nothing else?',
  async run({ scale }) {
    const durationMs = MEASURE_MS * scale;
    const pooled = await verifyInPool(durationMs);
    const threaded = await verifyInThreads(durationMs);
    return [
      // The limit that others are measured against: OpenSSL behind node:crypto, in its thread pool, on all cores.
      { name: 'verifications', value: pooled, unit: '1/s' },
      { name: 'the same in worker threads', value: threaded, unit: '1/s' },
    ];
  },
};

interface Signed {
  readonly key: KeyObject;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

function signSample(): Signed {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const message = new Uint8Array(randomBytes(MESSAGE_BYTES));
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const signature = sign(null, message, createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  return { key: publicKey, message, signature };
}

async function verifyInPool(durationMs: number): Promise<number> {
  const { key, message, signature } = signSample();
  const sinceMs = performance.now();
  let count = 0;
  const verifyUntilOver = async (): Promise<void> => {
    while (performance.now() - sinceMs < durationMs) {
      await new Promise<void>((resolve, reject) => {
        verify(null, message, key, signature, (error, holds) => {
          if (error === null && holds) resolve();
          else reject(error ?? new Error('a good signature does not verify'));
        });
      });
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: 64 }, verifyUntilOver));
  return (count * 1_000) / (performance.now() - sinceMs);
}

async function verifyInThreads(durationMs: number): Promise<number> {
  const rates = Array.from(
    { length: availableParallelism() },
    () =>
      new Promise<number>((resolve, reject) => {
        new Worker(new URL(import.meta.url), { workerData: { durationMs } })
          .once('message', resolve)
          .once('error', reject);
      }),
  );
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
}

if (!isMainThread) {
  const { durationMs } = workerData as { durationMs: number };
  const { key, message, signature } = signSample();
  const sinceMs = performance.now();
  let count = 0;
  for (; performance.now() - sinceMs < durationMs; count += BURST) {
    for (let index = 0; index < BURST; index += 1) {
      if (!verify(null, message, key, signature)) throw new Error('a good signature does not verify');
    }
  }
  parentPort?.postMessage((count * 1_000) / (performance.now() - sinceMs));
}
