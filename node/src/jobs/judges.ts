import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FaultCode } from '@comity/fault';
import { Fault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import type { IndexedHeader } from '@comity/store';
import { judgeItem, type ReceivedItem } from '../judge.ts';

/** What was found of one item, in a form that crosses threads. */
export type JudgedItem =
  | {
      readonly verdict: 'accepted';
      readonly record: {
        readonly header: IndexedHeader;
        readonly bytes: Uint8Array;
        readonly disclosures: readonly Uint8Array[];
      };
    }
  | { readonly verdict: 'bare' }
  | { readonly verdict: 'rejected' | 'malformed'; readonly code: FaultCode };

export interface JudgeRequest {
  readonly id: number;
  readonly items: readonly ReceivedItem[];
  readonly nowSeconds: number;
}

export interface JudgeAnswer {
  readonly id: number;
  readonly judged?: readonly JudgedItem[];
  readonly error?: string;
}

/** State cards by which threads know foreign keys: verified again in each thread, so that no thread is trusted with less. */
export interface JudgeKeys {
  readonly cards: readonly Uint8Array[];
}

/** Below this many items a thread costs more than it saves. */
const MIN_ITEMS_FOR_THREAD = 8;

/** Judges items; a few at a time here, many at a time in threads. */
export class Judges {
  readonly #directory: KeyDirectory;
  readonly #threads: Thread[];

  constructor(directory: KeyDirectory, threads: number, keys: JudgeKeys) {
    this.#directory = directory;
    this.#threads = Array.from(
      { length: threads === 0 ? availableParallelism() : threads },
      () => new Thread(keys),
    );
  }

  /** New keys for all threads; batches that are judged already keep the verdict they got. */
  update(keys: JudgeKeys): void {
    for (const thread of this.#threads) thread.update(keys);
  }

  async judge(
    { items }: { readonly items: readonly ReceivedItem[] },
    nowSeconds: number,
  ): Promise<readonly JudgedItem[]> {
    if (items.length < MIN_ITEMS_FOR_THREAD)
      return items.map((item) => judgeForStore(item, this.#directory, nowSeconds));
    // Cut into a piece for each thread: one batch alone uses all cores, several in flight keep them busy.
    const pieces = this.#threads.length;
    const size = Math.ceil(items.length / pieces);
    const parts = await Promise.all(
      Array.from({ length: pieces }, (_, piece) => items.slice(piece * size, (piece + 1) * size))
        .filter((part) => part.length > 0)
        .map((part, piece) => (this.#threads[piece] as Thread).judge(part, nowSeconds)),
    );
    return parts.flat();
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/** Judges one item and keeps of it what the store needs. */
export function judgeForStore(item: ReceivedItem, directory: KeyDirectory, nowSeconds: number): JudgedItem {
  const judgement = judgeItem(item, directory, nowSeconds);
  if (judgement.verdict === 'bare') return { verdict: 'bare' };
  if (judgement.verdict !== 'accepted') return judgement;
  const { id, issuer, type, subject, issuedAtSeconds, exercise, supersedes, retracts } =
    judgement.view.header;
  const header: IndexedHeader = {
    id,
    issuer,
    type,
    subject,
    issuedAtSeconds,
    supersedes,
    ...(exercise !== undefined && { exercise }),
    ...(retracts !== undefined && { retracts }),
  };
  return {
    verdict: 'accepted',
    record: { header, bytes: judgement.view.bytes, disclosures: [...judgement.view.disclosures.values()] },
  };
}

class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<
    number,
    { resolve(judged: readonly JudgedItem[]): void; reject(error: Error): void }
  >();
  #next = 0;

  constructor(keys: JudgeKeys) {
    // The same file as TypeScript in a checkout and as JavaScript where compiled.
    const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./judge-thread.${suffix}`, import.meta.url), {
      workerData: keys,
      execArgv: process.execArgv,
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: JudgeAnswer) => this.#settle(answer));
    this.#worker.on('error', (error: Error) => this.#fail(error));
  }

  update(keys: JudgeKeys): void {
    this.#worker.postMessage(keys);
  }

  judge(items: readonly ReceivedItem[], nowSeconds: number): Promise<readonly JudgedItem[]> {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      const request: JudgeRequest = { id, items, nowSeconds };
      this.#worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
    this.#fail(new Fault('node.internal', 'the node is stopping'));
  }

  #settle({ id, judged, error }: JudgeAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (judged !== undefined) waiting?.resolve(judged);
    else waiting?.reject(new Fault('node.internal', error ?? 'a verification thread failed'));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
