import { deepStrictEqual } from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@comity/digest';
import type { Exchange, Hello, LedgerItem, QueryAnswer, QueryEnd } from '@comity/exchange';
import { fingerprint, verifyRecognition } from '@comity/identity';
import type { PlainScheme, StateId } from '@comity/label';
import { decodeLedgerEntry } from '@comity/log';
import { disclosureDigestHex, headerOf, type RecordId, type View } from '@comity/record';
import { SAMPLE_START_SECONDS, seededEntropy } from '@comity/testkit';
import { LedgerIntake } from './accept.ts';
import { Answering } from './answer.ts';
import { askPeers } from './ask.ts';
import { homeAt } from './home.ts';
import { initNode } from './init.ts';
import { type Judges, judgeHere } from './jobs/judges.ts';
import { LedgerSource } from './ledgers/ledger-source.ts';
import { openSovereign } from './open.ts';
import { obeyOrders } from './orders/apply-orders.ts';
import { Greeting } from './peers/hello.ts';
import { learnKeys } from './peers/learn-keys.ts';
import type { Peer } from './peers/peers.ts';
import { addPeer, type PeerAddition } from './peers/recognise.ts';
import { Background } from './process/background.ts';
import type { AnswerTiming } from './questions/answer-pace.ts';
import { openStored } from './records/stored-view.ts';
import { relayWhenQueued } from './release/relay.ts';
import { releaseWhenDue } from './release/release-due.ts';
import type { Sovereign } from './sovereign.ts';

/** On what terms one state of a world recognises another. */
export type WorldTerms = Pick<PeerAddition, 'ceiling' | 'categories' | 'community' | 'equivalence'>;

/** A state to be founded. */
export interface WorldState {
  readonly code: string;
  readonly scheme: PlainScheme;
}

/** One entry of a ledger as it was handed over. */
export interface Handed {
  /** Undefined of an order or a report. */
  readonly record: RecordId | undefined;
  /** Digests of the parts that came with it; undefined where the entry came bare. */
  readonly digests: readonly string[] | undefined;
}

/** One record that answered a question. */
export interface Answered {
  readonly record: RecordId;
  readonly digests: readonly string[];
}

/** One state of a world, with its node. */
export interface WorldNode {
  readonly code: string;
  readonly state: StateId;
  readonly sovereign: Sovereign;
  readonly source: LedgerSource;
  readonly intake: LedgerIntake;
}

/**
 * Several states, each with a real node on a real store, in one process and under one clock. What is between them is real as
 * well, but for the sockets: ledgers are handed over by the ports that the exchange uses.
 */
export class World implements AsyncDisposable {
  readonly nodes: readonly WorldNode[];
  readonly #clock: { atSeconds: number };
  readonly #directory: string;
  /** Of answers: nobody really waits for the end of a time class. */
  readonly #timing: AnswerTiming;
  #passedMs = 0;
  readonly #views = new Map<string, { readonly disclosures: number; readonly view: View }>();

  private constructor(directory: string, clock: { atSeconds: number }, nodes: readonly WorldNode[]) {
    this.#directory = directory;
    this.#timing = {
      nowMs: () => this.#passedMs,
      pause: async (ms) => {
        this.#passedMs += ms;
      },
    };
    this.#clock = clock;
    this.nodes = nodes;
  }

  /**
   * Founds the states and lets each recognise all others.
   *
   * @param seed from which all their keys follow, and all salts
   * @param differ whether each has signed a table of levels of its own since they agreed, so that only what both say counts;
   *   otherwise the table of the first of two is that of both
   */
  static async found(
    states: readonly WorldState[],
    termsOf: (ours: WorldState, theirs: WorldState) => WorldTerms,
    { seed, differ }: { readonly seed: number; readonly differ: boolean },
  ): Promise<World> {
    const directory = await mkdtemp(join(tmpdir(), 'comity-world-'));
    const clock = { atSeconds: SAMPLE_START_SECONDS };
    const nodes: WorldNode[] = [];
    let federation: string | undefined;
    for (const { code, scheme } of states) {
      const home = homeAt(join(directory, code));
      const entropy = seededEntropy(`${seed} ${code}`);
      await initNode(
        home,
        {
          code,
          name: `State ${code}`,
          federationName: 'world',
          ...(federation !== undefined && { federation }),
          scheme,
          listen: '127.0.0.1:7400',
          rootKeys: 1,
          threshold: 1,
        },
        { atSeconds: clock.atSeconds, entropy },
      );
      federation ??= home.federation;
      const opened = await openSovereign(home, { now: () => clock.atSeconds });
      // Everything that is signed follows from the seed: a world that went wrong can be lived through again.
      const sovereign = Object.assign(opened, { entropy });
      nodes.push({
        code,
        state: sovereign.self.state,
        sovereign,
        source: new LedgerSource(sovereign),
        intake: new LedgerIntake(sovereign, judgesOf(sovereign)),
      });
    }
    const termsAt = (place: number, other: number): WorldTerms =>
      termsOf(states[place] as WorldState, states[other] as WorldState);
    for (const [place, node] of nodes.entries()) {
      for (const [other, { sovereign }] of nodes.entries()) {
        if (place === other) continue;
        const isFirst = place < other;
        const terms = termsAt(place, other);
        const confirmed = isFirst || differ ? undefined : sovereign.peers.get(node.state)?.ours.bytes;
        const { equivalence, ...rest } = terms;
        await recognise(node.sovereign, sovereign, {
          ...rest,
          ...(confirmed === undefined
            ? equivalence !== undefined && { equivalence }
            : { theirs: Buffer.from(confirmed).toString('base64') }),
        });
      }
    }
    for (const node of nodes)
      for (const other of nodes)
        if (node !== other) await (differ ? learnDiffering(node, other) : greet(node, other));
    return new World(directory, clock, nodes);
  }

  get atSeconds(): number {
    return this.#clock.atSeconds;
  }

  /** Turns the clock of all nodes. */
  turnTo(atSeconds: number): void {
    if (atSeconds < this.#clock.atSeconds) throw new RangeError('the clock is never turned back');
    this.#passedMs += (atSeconds - this.#clock.atSeconds) * 1_000;
    this.#clock.atSeconds = atSeconds;
  }

  /** A node does what it does in the background: obeys orders, hands on what came, and releases what is due. */
  async work({ sovereign }: WorldNode): Promise<void> {
    await untilDone((signal, done) => obeyOrders(sovereign, signal, done));
    await untilDone((signal, done) => relayWhenQueued(sovereign, signal, done));
    await untilDone((signal, done) => releaseWhenDue(sovereign, signal, done));
  }

  /** Hands over what a peer does not have yet of a node's ledger for it. It is verified, stored and receipted. */
  async hand(from: WorldNode, to: WorldNode): Promise<Handed[]> {
    const handed: Handed[] = [];
    const { atSeconds } = this;
    const areMet =
      from.sovereign.peers.isServed(to.state, atSeconds) &&
      to.sovereign.peers.isServed(from.state, atSeconds);
    for (; areMet; ) {
      const position = await to.intake.position(from.state);
      const { size, checkpoint } = await from.source.head(to.state, position.size);
      await to.intake.verifyHead(from.state, checkpoint);
      if (size === position.size) break;
      const items: LedgerItem[] = [];
      for await (const item of from.source.items(to.state, position.size, size)) items.push(item);
      const batch = { from: position.size, to: size, checkpoint, items, bytes: new Uint8Array() };
      const receipt = await to.intake.accept(from.state, batch, new AbortController().signal);
      await from.source.receipt(to.state, size, receipt);
      for (const { entry, record, disclosures } of items) {
        const decoded = decodeLedgerEntry(entry);
        const id = decoded.kind === 'release' ? (toHex(decoded.recordId) as RecordId) : undefined;
        const digests = record === undefined ? undefined : disclosures.map(disclosureDigestHex);
        handed.push({ record: id, digests });
      }
    }
    return handed;
  }

  /** A node asks another for everything that there is for a purpose. Gives what it was answered with, as it came. */
  async ask(asker: WorldNode, holder: WorldNode, purpose: string): Promise<Answered[]> {
    const handed: Answered[] = [];
    const answering = new Answering(holder.sovereign, this.#timing);
    async function* ask(
      ...[, question, signal]: Parameters<Exchange['ask']>
    ): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
      const answers = answering.answer(asker.state, question, signal ?? new AbortController().signal);
      for (let next = await answers.next(); ; next = await answers.next()) {
        if (next.done === true) return next.value;
        const { record, disclosures } = next.value;
        handed.push({ record: headerOf(record).id, digests: disclosures.map(disclosureDigestHex) });
        yield next.value;
      }
    }
    // Nobody is connected: what came bare is not asked for behind the back of whoever looks.
    asker.sovereign.exchange = { ask, peers: () => [] } as Partial<Exchange> as Exchange;
    try {
      const asked = { peers: [holder.code], purpose, filter: {}, timeoutMs: 60_000 };
      const { answers } = await askPeers(asker.sovereign, asked, () => {}, new AbortController().signal);
      deepStrictEqual([answers[0]?.outcome, answers[0]?.code, answers[0]?.more], ['answered', null, false]);
    } finally {
      asker.sovereign.exchange = undefined;
    }
    // What waits for a person is written down behind the answer.
    await holder.sovereign.releases.take(async () => {});
    return handed;
  }

  /** What a node holds of a record; undefined where that is nothing. */
  async view({ code, sovereign }: WorldNode, id: RecordId): Promise<View | undefined> {
    const realm = await sovereign.store.realmOf(id);
    const stored = realm === undefined ? undefined : await sovereign.store.records(realm).get(id);
    if (stored === undefined) return undefined;
    // Opened again only where it holds more: opening verifies the signature.
    const known = this.#views.get(`${code} ${id}`);
    if (known?.disclosures === stored.disclosures.length) return known.view;
    const view = openStored(sovereign, stored);
    this.#views.set(`${code} ${id}`, { disclosures: stored.disclosures.length, view });
    return view;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { sovereign } of this.nodes) await sovereign.close();
    await rm(this.#directory, { recursive: true });
  }
}

/** Judges without threads: as where there are threads, and few items at a time. */
function judgesOf({ directory }: Sovereign): Pick<Judges, 'judge'> {
  return {
    judge: async ({ items }, nowSeconds) => items.map((item) => judgeHere(item, directory, nowSeconds)),
  };
}

async function recognise(
  ours: Sovereign,
  { self, home }: Sovereign,
  terms: WorldTerms & Pick<PeerAddition, 'theirs'>,
): Promise<void> {
  const card = await readFile(home.card);
  const addition = { ...terms, renew: false, validDays: 365 };
  await addPeer(
    ours,
    { ...addition, card: card.toString('base64'), fingerprint: fingerprint(self.state) },
    () => {},
  );
}

/** A node holds what another has signed of it, as if that had agreed with its own once and been signed anew since. */
async function learnDiffering(from: WorldNode, { sovereign }: WorldNode): Promise<void> {
  const known = sovereign.peers.get(from.state) as Peer;
  const { charter } = known;
  const shown = from.sovereign.peers.get(sovereign.self.state)?.ours.bytes as Uint8Array;
  const theirs = verifyRecognition(shown, charter, sovereign.self.charter);
  await learnKeys(sovereign, known, { charter, certificates: [] }, theirs);
}

/** One node says to another what it says when they meet. */
async function greet(from: WorldNode, to: WorldNode): Promise<void> {
  const background = new Background(to.sovereign.events);
  const greeting = (node: WorldNode): Greeting => new Greeting(node.sovereign, background, () => {});
  const { name, era } = from.sovereign.federation;
  const hello: Hello = {
    ...(await greeting(from).compose(to.state)),
    federation: name,
    era,
    capabilities: [],
    sentAtSeconds: from.sovereign.now(),
  };
  await greeting(to).receive(from.state, hello);
  await background.stop();
}

/** Runs work that goes on until the node stops, and stops it when there is nothing left to do. */
async function untilDone(work: (signal: AbortSignal, done: () => void) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  try {
    await work(stopping.signal, () => stopping.abort());
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
}
