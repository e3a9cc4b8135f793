import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { concatBytes, toHex } from '@comity/digest';
import type { FaultCode } from '@comity/fault';
import { Fault } from '@comity/fault';
import type { KeyDirectory, StateCard } from '@comity/identity';
import { judgeItem, type Order, type ReceivedItem } from '@comity/ledger';
import type { ReportOutcome } from '@comity/log';
import type { IndexedHeader } from '@comity/store';
import { JUDGE_THREAD } from '../entries.ts';
import { entryOfView, type OpenedEntry } from '../registry/noted-entry.ts';
import { type PackedItems, packItems } from './packed-items.ts';

/** What was found of one item. */
export type JudgedItem =
  | { readonly verdict: 'accepted'; readonly record: JudgedRecord }
  | { readonly verdict: 'bare' }
  /** Signed by the state that it names as issuer, which need not be the peer. Whether that issued the record is not known. */
  | { readonly verdict: 'order'; readonly order: Order }
  | { readonly verdict: 'report'; readonly report: JudgedReport }
  | { readonly verdict: 'letter'; readonly letter: JudgedLetter }
  | { readonly verdict: 'rejected' | 'malformed'; readonly code: FaultCode };

/** What the peer says that it has done about an order. */
export interface JudgedReport {
  /** Id of the order, in hexadecimal. */
  readonly order: string;
  readonly outcome: ReportOutcome;
  /** With `refused`, and only then. */
  readonly reason?: string;
  /** By the clock of the peer, UTC seconds. */
  readonly atSeconds: number;
}

/** Something for one officer alone, as far as anybody else can know it. */
export interface JudgedLetter {
  /** SHA-256 of the letter as sealed, in hexadecimal. */
  readonly id: string;
  readonly officer: string;
  /** By the clock of the peer, UTC seconds. */
  readonly atSeconds: number;
  /** As sealed; undefined where it came bare. */
  readonly bytes: Uint8Array | undefined;
}

/** A record that passed, in the form in which it is stored. */
export interface JudgedRecord {
  readonly header: IndexedHeader;
  /** The signed bytes without disclosures. */
  readonly bytes: Uint8Array;
  /** In ascending order of digests. */
  readonly disclosures: readonly Uint8Array[];
  readonly entry: OpenedEntry;
}

/** The same as it crosses threads: what is stored as it was received stays where it is. */
export type ItemVerdict =
  | {
      readonly verdict: 'accepted';
      readonly header: IndexedHeader;
      readonly entry: OpenedEntry;
      readonly otherwise?: Omit<JudgedRecord, 'header' | 'entry'>;
    }
  | { readonly verdict: 'letter'; readonly letter: Omit<JudgedLetter, 'bytes'> }
  | Exclude<JudgedItem, { readonly verdict: 'accepted' | 'letter' }>;

export interface JudgeRequest {
  readonly id: number;
  readonly items: PackedItems;
  readonly nowSeconds: number;
}

export interface JudgeAnswer {
  readonly id: number;
  readonly verdicts?: readonly ItemVerdict[];
  readonly error?: string;
}

/**
 * Charters and certificates by which threads know keys: verified again in each thread, so that no thread is trusted with
 * less. Not cards: what is known of a state has been gathered over time, and no form of it may be one that fails to encode.
 */
export interface JudgeKeys {
  readonly states: readonly StateCard[];
}

/** Below this many items a thread costs more than it saves. */
const MIN_ITEMS_FOR_THREAD = 8;

/** All cores but one, which the main thread and the disk keep busy: on two cores, one thread moves more than two do. */
function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1);
}

/** Judges items; a few at a time here, many at a time in threads. */
export class Judges {
  readonly #directory: KeyDirectory;
  readonly #threads: Thread[];
  #keys: JudgeKeys;

  constructor(directory: KeyDirectory, threads: number, keys: JudgeKeys) {
    this.#directory = directory;
    this.#keys = keys;
    this.#threads = Array.from(
      { length: threads === 0 ? defaultThreads() : threads },
      () => new Thread(keys),
    );
  }

  /** New keys for all threads; batches that are judged already keep the verdict they got. */
  update(keys: JudgeKeys): void {
    this.#keys = keys;
    for (const thread of this.#threads) thread.update(keys);
  }

  async judge(
    { items }: { readonly items: readonly ReceivedItem[] },
    nowSeconds: number,
  ): Promise<readonly JudgedItem[]> {
    if (items.length < MIN_ITEMS_FOR_THREAD) {
      return items.map((item) => judgeHere(item, this.#directory, nowSeconds));
    }
    // Cut into a piece for each thread: one batch alone uses all cores, several in flight keep them busy.
    const pieces = this.#threads.length;
    const size = Math.ceil(items.length / pieces);
    const parts = await Promise.all(
      Array.from({ length: pieces }, (_, piece) => items.slice(piece * size, (piece + 1) * size))
        .filter((part) => part.length > 0)
        .map((part, piece) => this.#judgePart(part, piece, nowSeconds)),
    );
    return parts.flat().map((verdict, index) => withBytes(verdict, items[index] as ReceivedItem));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  /** What a thread did not answer because it ended is asked once more, of the next one. */
  async #judgePart(
    part: readonly ReceivedItem[],
    place: number,
    nowSeconds: number,
  ): Promise<readonly ItemVerdict[]> {
    const thread = this.#threadAt(place);
    try {
      return await thread.judge(part, nowSeconds);
    } catch (error) {
      if (!thread.isDead || thread.isClosed) throw error;
      return this.#threadAt((place + 1) % this.#threads.length).judge(part, nowSeconds);
    }
  }

  /** A thread that has ended is replaced when it is needed: one that ends at once does not do so in a circle. */
  #threadAt(place: number): Thread {
    const known = this.#threads[place] as Thread;
    if (!known.isDead || known.isClosed) return known;
    const thread = new Thread(this.#keys);
    this.#threads[place] = thread;
    return thread;
  }
}

/** Judges one item and keeps of it what the store needs and the item itself does not say. */
export function verdictOn(item: ReceivedItem, directory: KeyDirectory, nowSeconds: number): ItemVerdict {
  const judgement = judgeItem(item, directory, nowSeconds);
  if (judgement.verdict === 'bare') return { verdict: 'bare' };
  if (judgement.verdict === 'report') {
    const { orderDigest, outcome, reason, atSeconds } = judgement.report;
    const report = { order: toHex(orderDigest), outcome, ...(reason !== undefined && { reason }), atSeconds };
    return { verdict: 'report', report };
  }
  if (judgement.verdict === 'letter') {
    const { officer, letterDigest, atSeconds } = judgement.entry;
    return { verdict: 'letter', letter: { id: toHex(letterDigest), officer, atSeconds } };
  }
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
  const { bytes, disclosed } = judgement.view;
  const disclosures = Array.from(disclosed.values(), (disclosure) => disclosure.bytes);
  // The usual case: a peer sends what it stores, without disclosures inside the record and in the order of their digests.
  const asReceived =
    bytes === item.record && disclosures.every((disclosure, index) => disclosure === item.disclosures[index]);
  const entry = entryOfView(judgement.view);
  return { verdict: 'accepted', header, entry, ...(!asReceived && { otherwise: { bytes, disclosures } }) };
}

/** Judges one item in this thread. */
export function judgeHere(item: ReceivedItem, directory: KeyDirectory, nowSeconds: number): JudgedItem {
  return withBytes(verdictOn(item, directory, nowSeconds), item);
}

function withBytes(verdict: ItemVerdict, { record, disclosures }: ReceivedItem): JudgedItem {
  if (verdict.verdict === 'letter') {
    const bytes = disclosures.length === 0 ? undefined : concatBytes(...disclosures);
    return { verdict: 'letter', letter: { ...verdict.letter, bytes } };
  }
  if (verdict.verdict !== 'accepted') return verdict;
  const { header, entry, otherwise } = verdict;
  const stored = otherwise ?? { bytes: record as Uint8Array, disclosures };
  return { verdict: 'accepted', record: { header, entry, ...stored } };
}

class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<
    number,
    { resolve(verdicts: readonly ItemVerdict[]): void; reject(error: Error): void }
  >();
  #next = 0;
  /** Why it answers no more. */
  #ended: Error | undefined;
  isClosed = false;

  constructor(keys: JudgeKeys) {
    // The options of the process hold here too, by themselves: given, those of V8 would be refused.
    this.#worker = new Worker(JUDGE_THREAD, { workerData: keys });
    this.#worker.unref();
    this.#worker.on('message', (answer: JudgeAnswer) => this.#settle(answer));
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Fault('node.internal', 'a verification thread ended')));
  }

  get isDead(): boolean {
    return this.#ended !== undefined;
  }

  update(keys: JudgeKeys): void {
    if (!this.isDead) this.#worker.postMessage(keys);
  }

  judge(items: readonly ReceivedItem[], nowSeconds: number): Promise<readonly ItemVerdict[]> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      const packed = packItems(items);
      const request: JudgeRequest = { id, items: packed, nowSeconds };
      this.#worker.postMessage(request, [packed.bytes.buffer, packed.lengths.buffer]);
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.#worker.terminate();
    this.#fail(new Fault('node.internal', 'the node is stopping'));
  }

  #settle({ id, verdicts, error }: JudgeAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (verdicts !== undefined) waiting?.resolve(verdicts);
    else waiting?.reject(new Fault('node.internal', error ?? 'a verification thread failed'));
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
