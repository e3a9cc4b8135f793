import { setTimeout as sleep } from 'node:timers/promises';
import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { CompactTree, leafHash } from '@comity/merkle';
import type {
  ExchangeAlarm,
  ExchangePorts,
  FetchPort,
  Hello,
  HelloPort,
  LedgerBatch,
  LedgerItem,
  LedgerSinkPort,
  LedgerSourcePort,
  QueryAnswer,
  QueryPort,
  ReturnPort,
  WitnessPort,
} from './index.ts';
import { MemoryLedger, parseCheckpoint } from './memory-ledger.test-support.ts';

/** Ports that keep everything in memory, with knobs for what a test wants to go wrong. */
export class MemoryPorts implements ExchangePorts {
  readonly self: StateId;
  readonly alarms: ExchangeAlarm[] = [];
  readonly hellos: Hello[] = [];
  /** What this node has released, by recipient. */
  readonly released = new Map<StateId, MemoryLedger>();
  /** What this node holds of the ledgers of others, by sender. */
  readonly held = new Map<StateId, HeldLedger>();
  recognises = true;
  onHello: ((hello: Hello) => void) | undefined;
  onAnswer: ((question: Uint8Array, signal: AbortSignal) => AsyncIterable<QueryAnswer>) | undefined;
  onWitness: WitnessPort['answer'] | undefined;
  /** Whether every answer ends with the word that there is more. */
  hasMoreAnswers = false;
  onReceipt: ((size: number, line: string) => void) | undefined;
  /** Called with each batch before it is stored; what it throws refuses the batch. */
  onBatch: ((batch: LedgerBatch) => Promise<void>) | undefined;

  constructor(self: StateId) {
    this.self = self;
  }

  alarm(alarm: ExchangeAlarm): void {
    this.alarms.push(alarm);
  }

  ledgerFor(peer: StateId): MemoryLedger {
    let ledger = this.released.get(peer);
    if (ledger === undefined) {
      ledger = new MemoryLedger(`${this.self}/${peer}`);
      this.released.set(peer, ledger);
    }
    return ledger;
  }

  heldOf(peer: StateId): HeldLedger {
    let held = this.held.get(peer);
    if (held === undefined) {
      held = new HeldLedger(`${peer}/${this.self}`);
      this.held.set(peer, held);
    }
    return held;
  }

  readonly hello: HelloPort = {
    compose: async (peer) => ({
      card: new Uint8Array(1_000).fill(7),
      ...(this.recognises ? { recognition: new Uint8Array(300).fill(8) } : {}),
      ledgerSize: this.ledgerFor(peer).size,
    }),
    receive: async (_peer, hello) => {
      this.hellos.push(hello);
      this.onHello?.(hello);
      return { recognised: hello.recognition !== undefined };
    },
  };

  readonly ledgerSource: LedgerSourcePort = {
    head: async (peer, heldSize) => this.ledgerFor(peer).head(heldSize),
    size: async (peer) => this.ledgerFor(peer).size,
    checkpoint: async (peer, size) => this.ledgerFor(peer).checkpoint(size),
    items: (peer, from, to) => yieldItems(this.ledgerFor(peer).items.slice(from, to)),
    watch: (peer, listener) => this.ledgerFor(peer).watch(listener),
    receipt: async (peer, size, line) => {
      const ledger = this.ledgerFor(peer);
      if (line !== receiptLine(size, await ledger.rootAt(size))) {
        throw new Fault('exchange.batch-mismatch', 'receipt over another root');
      }
      ledger.receipts.set(size, line);
      this.onReceipt?.(size, line);
    },
  };

  readonly ledgerSink: LedgerSinkPort = {
    position: async (peer) => this.heldOf(peer).position(),
    verifyHead: async (peer, checkpoint) => {
      const { origin, size, root } = parseCheckpoint(checkpoint);
      if (origin !== this.heldOf(peer).origin)
        throw new Fault('cose.bad-signature' as never, 'not the ledger');
      return { size, root };
    },
    accept: (peer, batch, signal) => this.heldOf(peer).accept(batch, signal, this.onBatch),
  };

  readonly returns: ReturnPort = {
    batches: (peer, from) => yieldItems(this.heldOf(peer).batchesFrom(from)),
  };

  readonly fetch: FetchPort = {
    items: (peer, indexes) => {
      const { items } = this.ledgerFor(peer);
      return yieldItems(indexes.map((index) => items[index]).filter((item) => item !== undefined));
    },
  };

  readonly witness: WitnessPort = {
    answer: (peer, request, signal) => this.onWitness?.(peer, request, signal) ?? yieldItems([]),
  };

  readonly query: QueryPort = {
    answer: async function* (this: MemoryPorts, _peer: StateId, question: Uint8Array, signal: AbortSignal) {
      yield* this.onAnswer?.(question, signal) ?? [];
      return { more: this.hasMoreAnswers };
    }.bind(this),
  };
}

/** What is held of a peer's ledger. Commits one batch after the other, in order. */
export class HeldLedger {
  readonly origin: string;
  readonly items: LedgerItem[] = [];
  tree = new CompactTree();
  receipt: string | undefined;
  readonly #batches: LedgerBatch[] = [];
  /** How long a commit takes, in milliseconds. */
  commitMs = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(origin: string) {
    this.origin = origin;
  }

  position(): { size: number; root: Uint8Array; receipt?: string } {
    const { receipt } = this;
    return { size: this.tree.size, root: this.tree.root(), ...(receipt === undefined ? {} : { receipt }) };
  }

  /** As they came, without content: each ends where its sender has signed. */
  batchesFrom(size: number): LedgerBatch[] {
    return this.#batches
      .filter(({ to }) => to > size)
      .map((batch) => {
        const from = Math.max(size, batch.from);
        const items = batch.items
          .slice(from - batch.from)
          .map(({ entry }) => ({ entry, record: undefined, disclosures: [] }));
        return { ...batch, from, items };
      });
  }

  accept(batch: LedgerBatch, _signal: AbortSignal, onBatch: MemoryPorts['onBatch']): Promise<string> {
    const verified = onBatch?.(batch) ?? Promise.resolve();
    const done = this.#turn.then(async () => {
      await verified;
      return this.#commit(batch);
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #commit({ from, to, checkpoint, items }: LedgerBatch): Promise<string> {
    if (from !== this.tree.size) throw new Fault('exchange.batch-out-of-order', 'not the next batch');
    const tree = this.tree.clone();
    for (const { entry } of items) tree.append(leafHash(entry));
    const { size, root } = parseCheckpoint(checkpoint);
    if (size !== to || !equalBytes(root, tree.root()))
      throw new Fault('exchange.batch-mismatch', 'another root');
    if (this.commitMs > 0) await sleep(this.commitMs);
    this.tree = tree;
    this.items.push(...items);
    this.#batches.push({ from, to, checkpoint, items, bytes: new Uint8Array() });
    this.receipt = receiptLine(size, root);
    return this.receipt;
  }
}

export function receiptLine(size: number, root: Uint8Array): string {
  return `receipt ${size} ${Buffer.from(root).toString('base64')}`;
}

async function* yieldItems<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** A ledger item of about this many bytes of record, with disclosures. */
export function sampleItem(
  seed: number,
  recordBytes = 600,
  disclosures = 4,
  disclosureBytes = 80,
): LedgerItem {
  const entry = new Uint8Array(160);
  new DataView(entry.buffer).setUint32(0, seed);
  const record = recordBytes === 0 ? undefined : new Uint8Array(recordBytes).fill(seed);
  return {
    entry,
    record,
    disclosures: Array.from({ length: disclosures }, (_, index) =>
      new Uint8Array(disclosureBytes).fill(seed + index),
    ),
  };
}

export function sampleItems(count: number, from = 0): LedgerItem[] {
  return Array.from({ length: count }, (_, index) => sampleItem(from + index));
}
