import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex } from '@comity/digest';
import {
  createExchange,
  type Exchange,
  type ExchangeAlarm,
  type ExchangeEvent,
  type ExchangePorts,
  type Hello,
  type HelloStatement,
  type LedgerBatch,
  type LedgerItem,
  type LedgerPosition,
  type QueryAnswer,
} from '@comity/exchange';
import { decodeStateCard, type VerifiedCharter, type VerifiedKeyCertificate } from '@comity/identity';
import { cosign, ledgerLogName, noteVerifier, openCheckpoint, witnessName } from '@comity/log';
import { CompactTree, leafHash } from '@comity/merkle';
import { until } from './deadline.ts';
import { ForeignLedger } from './foreign-ledger.ts';
import { type ForeignState, nowSeconds } from './foreign-state.ts';
import type { FoundedState } from './founding.ts';

/** What a test may change about a foreign node. */
export interface ForeignNodeOptions {
  readonly psk?: Uint8Array;
  readonly federation?: string;
  readonly listen?: readonly string[];
  /** Transport key to connect with; the state's own unless given. */
  readonly transportSeed?: Uint8Array;
  /** Whose log key signs the checkpoints of its ledger. */
  readonly checkpointsBy?: ForeignState;
  /** Until it resolves, batches that come are remembered and not receipted. */
  readonly receiptsAfter?: Promise<void>;
  /** What is sent of an entry that is asked for again; as it stands in the ledger unless given. */
  readonly again?: (index: number, item: LedgerItem) => LedgerItem;
  /** What it answers to questions; nothing unless given. */
  readonly answers?: () => AsyncIterable<QueryAnswer>;
  /** Whether it says at the end of its answers that there is more. */
  readonly hasMoreAnswers?: boolean;
  /** What the hello says instead of the truth. */
  readonly hello?: Partial<HelloStatement>;
}

/**
 * The node of a foreign state, in the process of the test: the real exchange on real sockets, with the ports in the hands of
 * the test. It remembers everything that the node under test sends it, as the exchange read it off the decrypted stream.
 */
export class ForeignNode implements AsyncDisposable {
  readonly state: ForeignState;
  readonly ledger: ForeignLedger;
  readonly exchange: Exchange;
  readonly events: ExchangeEvent[] = [];
  readonly alarms: ExchangeAlarm[] = [];
  readonly hellos: Hello[] = [];
  readonly checkpoints: string[] = [];
  readonly batches: LedgerBatch[] = [];
  readonly answers: QueryAnswer[] = [];
  /** Times that the stream of a batch ended, in whatever way. */
  streamsEnded = 0;
  /** The state of the node under test. */
  readonly other: VerifiedCharter;
  readonly #tree = new CompactTree();

  private constructor(
    state: ForeignState,
    other: VerifiedCharter,
    ledger: ForeignLedger,
    exchange: Exchange,
  ) {
    this.state = state;
    this.other = other;
    this.ledger = ledger;
    this.exchange = exchange;
    exchange.on((event) => this.events.push(event));
  }

  /** Makes the node and begins to reach the node under test. Whether that lets it in is the test's business. */
  static async start(
    state: ForeignState,
    under: FoundedState,
    options: ForeignNodeOptions = {},
  ): Promise<ForeignNode> {
    const shared = JSON.parse(await readFile(join(under.home, 'federation.json'), 'utf8')) as SharedSecret;
    const { charter, certificates } = decodeStateCard(under.card);
    const federation = shared.name;
    const ledger = new ForeignLedger(state, charter.state, federation, options.checkpointsBy);
    const recognition = await state.recognise(under.card);
    let node: ForeignNode | undefined;
    const self = (): ForeignNode => node as ForeignNode;
    const ports: ExchangePorts = {
      hello: {
        compose: async () => ({ card: state.card, recognition, ledgerSize: ledger.size, ...options.hello }),
        receive: async (_peer, hello) => {
          self().hellos.push(hello);
          return { recognised: true };
        },
      },
      ledgerSource: {
        head: (_peer, heldSize) => ledger.head(heldSize),
        size: async () => ledger.size,
        checkpoint: (_peer, size) => ledger.checkpoint(size),
        async *items(_peer, from, to) {
          yield* ledger.items.slice(from, to);
        },
        watch: (_peer, listener) => ledger.watch(listener),
        receipt: async () => {},
      },
      ledgerSink: {
        position: async () => self().#position(),
        verifyHead: async (_peer, checkpoint) => {
          self().checkpoints.push(checkpoint);
          return openedBy(checkpoint, federation, charter, certificates, state).checkpoint;
        },
        accept: async (_peer, batch, signal) => {
          self().#take(batch);
          signal.addEventListener('abort', () => {
            self().streamsEnded += 1;
          });
          await options.receiptsAfter;
          const { text } = openedBy(batch.checkpoint, federation, charter, certificates, state);
          return cosign(text, nowSeconds(), witnessName(federation, state.state), state.signer('witness'));
        },
      },
      witness: {
        async *answer(_peer, { texts }) {
          // It knows no log.
          for (const _text of texts) yield { status: 404, text: '' };
        },
      },
      returns: {
        batches: async function* () {},
      },
      fetch: {
        async *items(_peer, indexes) {
          for (const index of indexes) {
            const item = ledger.items[index];
            if (item !== undefined) yield options.again?.(index, item) ?? item;
          }
        },
      },
      query: {
        async *answer() {
          yield* options.answers?.() ?? [];
          return { more: options.hasMoreAnswers === true };
        },
      },
      alarm: (alarm) => self().alarms.push(alarm),
    };
    const transports = certificates
      .filter(({ usage }) => usage === 'transport')
      .map(({ publicKey, notBeforeSeconds, notAfterSeconds, addresses = [] }) => ({
        publicKey,
        notBeforeSeconds,
        notAfterSeconds,
        addresses,
      }));
    const exchange = await createExchange({
      transportKey: options.transportSeed ?? state.transportSeed,
      psk: options.psk ?? fromHex(shared.psk),
      federation: options.federation ?? federation,
      era: shared.era,
      listen: options.listen ?? [],
      dialsLocal: true,
      ports,
      // A node under test is reached at once, and again soon: suites wait for what it does, not for whether it is asked.
      timings: { graceMs: 50, backoffMinMs: 50, backoffMaxMs: 500 },
    });
    node = new ForeignNode(state, charter, ledger, exchange);
    exchange.addPeer({ peer: charter.state, transports });
    await exchange.start();
    return node;
  }

  /** Waits until both sides have accepted each other's hello. */
  async live(): Promise<this> {
    await until(`${this.state.code} is connected`, () => this.status().state === 'live');
    return this;
  }

  status(): ReturnType<Exchange['status']> {
    return this.exchange.status(this.other.state);
  }

  /** Waits until so many entries of the other's ledger have come. */
  async holds(size: number): Promise<this> {
    await until(`${this.state.code} holds ${size} entries`, () => this.#tree.size >= size);
    return this;
  }

  get heldSize(): number {
    return this.#tree.size;
  }

  /** Asks the node under test, with any bytes for a question. */
  async ask(question: Uint8Array): Promise<QueryAnswer[]> {
    return (await this.askToTheEnd(question)).answers;
  }

  /** As `ask`, with what stands at the end. */
  async askToTheEnd(question: Uint8Array): Promise<{ answers: QueryAnswer[]; more: boolean }> {
    const answers: QueryAnswer[] = [];
    const coming = this.exchange.ask(this.other.state, question);
    for (;;) {
      const next = await coming.next();
      if (next.done === true) return { answers, more: next.value.more };
      answers.push(next.value);
      this.answers.push(next.value);
    }
  }

  /** Every byte that the node under test has sent, message by message. */
  received(): Uint8Array[] {
    return [
      ...this.hellos.flatMap(({ card, recognition }) => [card, recognition ?? new Uint8Array()]),
      ...this.checkpoints.map((text) => Buffer.from(text)),
      ...this.batches.map(({ bytes }) => bytes),
      ...this.answers.flatMap(({ record, disclosures }) => [record, ...disclosures]),
    ];
  }

  async stop(): Promise<void> {
    await this.exchange.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #position(): LedgerPosition {
    return { size: this.#tree.size, root: this.#tree.root() };
  }

  #take(batch: LedgerBatch): void {
    this.batches.push(batch);
    for (const { entry } of batch.items) this.#tree.append(leafHash(entry));
  }
}

interface SharedSecret {
  readonly name: string;
  readonly era: number;
  readonly psk: string;
}

function openedBy(
  note: string,
  federation: string,
  sender: VerifiedCharter,
  certificates: readonly VerifiedKeyCertificate[],
  recipient: ForeignState,
): ReturnType<typeof openCheckpoint> {
  const key = certificates.find(({ usage }) => usage === 'log');
  if (key === undefined) throw new Error('the card has no log key');
  const origin = ledgerLogName(federation, sender.state, recipient.state);
  return openCheckpoint(note, { origin, logVerifier: noteVerifier(origin, 'log', key.publicKey) });
}
