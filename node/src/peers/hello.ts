import { concatBytes, equalBytes, sha256, toHex } from '@comity/digest';
import { type Hello, type HelloPort, type HelloStatement, Refusal } from '@comity/exchange';
import { type Fault, isFault } from '@comity/fault';
import {
  assertAgreed,
  assertValidAt,
  readStateCard,
  type VerifiedCharter,
  type VerifiedRecognition,
  verifyRecognition,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import { hearTime } from '../clock/clock-hold.ts';
import type { Background } from '../process/background.ts';
import { reconcileWith } from '../recovery/reconcile.ts';
import { assertRecognised } from '../release/served.ts';
import type { Sovereign } from '../sovereign.ts';
import { judgeNews, newsOf, type OfferedKeys } from './card-news.ts';
import { HelloBudget } from './hello-budget.ts';
import { learnKeys } from './learn-keys.ts';
import { keyTurns } from './peer-turns.ts';
import type { Peer } from './peers.ts';

/** Clocks further apart than this are reported: times in records and receipts are compared between states. */
const CLOCK_DIFFERENCE_SECONDS = 120;
/** The same hello is refused again with the same code, unread: most refusals are of what does not change by itself. */
const REFUSAL_HOLDS_SECONDS = 600;

/** What this node says of itself to a peer, and what it makes of what the peer says. */
export class Greeting implements HelloPort {
  readonly #sovereign: Sovereign;
  /** Told when a peer has shown keys that were not known, so that threads and admission learn them. */
  readonly #onNewKeys: (peer: Peer) => void;

  readonly #background: Background;
  readonly #budget = new HelloBudget();
  /** Digest of the newest hello of each peer that was accepted. */
  readonly #accepted = new Map<StateId, string>();
  /** The newest that was refused, and why. */
  readonly #refused = new Map<StateId, { digest: string; atSeconds: number; fault: Fault }>();

  constructor(sovereign: Sovereign, background: Background, onNewKeys: (peer: Peer) => void) {
    this.#sovereign = sovereign;
    this.#background = background;
    this.#onNewKeys = onNewKeys;
  }

  async compose(peer: StateId): Promise<HelloStatement> {
    const { self, store, peers } = this.#sovereign;
    const { size: ledgerSize } = await store.log(`ledger/out/${peer}`);
    const recognition = peers.get(peer)?.ours.bytes;
    return {
      card: self.card,
      ...(recognition !== undefined && { recognition }),
      ledgerSize,
    };
  }

  async receive(peer: StateId, hello: Hello): Promise<{ recognised: boolean }> {
    const sovereign = this.#sovereign;
    const { code, ours } = this.#recognised(peer);
    this.#compareClocks(code, hello.sentAtSeconds);
    hearTime(sovereign, peer, hello.sentAtSeconds, true);
    // Said before, word for word: on most connections nothing is new, and nothing is verified. What did not agree with what
    // this state had signed may agree with what it has signed since.
    const digest = digestOf(hello, ours);
    if (this.#accepted.get(peer) !== digest) {
      // One after the other: two at once would each store what it knows without what the other has brought.
      await keyTurns(sovereign, peer).take(() => this.#hear(peer, hello, digest));
    }
    const inForce = sovereign.peers.get(peer)?.theirs;
    return { recognised: inForce !== undefined && sovereign.now() < inForce.notAfterSeconds };
  }

  #recognised(peer: StateId): Peer {
    const known = this.#sovereign.peers.get(peer);
    try {
      assertRecognised(this.#sovereign, peer);
    } catch {
      throw new Refusal('exchange.refused', 'the peer is not served');
    }
    if (known === undefined) throw new Refusal('exchange.refused', 'the peer is not known');
    return known;
  }

  async #hear(peer: StateId, hello: Hello, digest: string): Promise<void> {
    const atSeconds = this.#sovereign.now();
    const refused = this.#refused.get(peer);
    if (refused?.digest === digest && Math.abs(atSeconds - refused.atSeconds) < REFUSAL_HOLDS_SECONDS)
      throw refused.fault;
    try {
      await this.#judge(peer, hello);
      this.#refused.delete(peer);
      this.#accepted.set(peer, digest);
    } catch (error) {
      const isJudged = isFault(error) && !isFault(error, 'exchange.hello-budget');
      if (isJudged) this.#refused.set(peer, { digest, atSeconds, fault: error });
      throw error;
    }
  }

  /** Finds what is new in a hello, and takes it over if all of it is sound. */
  async #judge(peer: StateId, hello: Hello): Promise<void> {
    const known = this.#recognised(peer);
    const card = readStateCard(hello.card);
    const fresh = newsOf(card, known);
    const shown =
      hello.recognition === undefined ||
      (known.theirs !== undefined && equalBytes(hello.recognition, known.theirs.bytes))
        ? undefined
        : hello.recognition;
    if (fresh === undefined && shown === undefined) return;
    this.#budget.spend(peer, this.#sovereign.now());
    const offered =
      fresh === undefined
        ? { charter: known.charter, certificates: [] }
        : await judgeNews(this.#sovereign, known, card, fresh);
    const theirs = shown === undefined ? undefined : this.#recognitionOf(offered.charter, shown);
    const isNewer =
      theirs !== undefined &&
      (known.theirs === undefined || theirs.issuedAtSeconds > known.theirs.issuedAtSeconds);
    await this.#learn(known, offered, isNewer && this.#isConfirming(known, theirs) ? theirs : undefined);
  }

  /**
   * The first recognition that is kept of a peer is one that agrees with the own one: until then nothing is in force between
   * the two (recognition.md 4.4). One after it may differ: what it disputes is not mapped.
   */
  #isConfirming({ code, ours, theirs: former }: Peer, theirs: VerifiedRecognition): boolean {
    if (former !== undefined) return true;
    try {
      assertAgreed(ours, theirs);
      return true;
    } catch (error) {
      if (!isFault(error, 'identity.equivalence-not-agreed')) throw error;
      this.#sovereign.events.emit('equivalence-not-agreed', {
        peer: code,
        level: String(error.fields.level),
      });
      return false;
    }
  }

  /** One that is over is as good as none: the peer may still be told what it is to be told. */
  #recognitionOf(charter: VerifiedCharter, bytes: Uint8Array): VerifiedRecognition | undefined {
    const recognition = verifyRecognition(bytes, charter, this.#sovereign.self.charter);
    // Root keys that are not in use any more sign nothing that was not known before (charter.md 2.12).
    if (recognition.charterVersion < charter.version) return undefined;
    const atSeconds = this.#sovereign.now();
    if (atSeconds >= recognition.notAfterSeconds) return undefined;
    assertValidAt(recognition, atSeconds);
    return recognition;
  }

  async #learn(peer: Peer, offered: OfferedKeys, theirs: VerifiedRecognition | undefined): Promise<void> {
    const sovereign = this.#sovereign;
    const { hasNewKeys, isOwed } = await learnKeys(sovereign, peer, offered, theirs);
    // The hello does not wait for a walk through all records; that it is owed is stored already.
    if (isOwed)
      this.#background.run('reconcile', (signal) => reconcileWith(sovereign, peer, () => {}, signal));
    if (hasNewKeys) this.#onNewKeys(sovereign.peers.get(peer.state) ?? peer);
  }

  #compareClocks(code: string, sentAtSeconds: number): void {
    const seconds = sentAtSeconds - this.#sovereign.now();
    if (Math.abs(seconds) > CLOCK_DIFFERENCE_SECONDS)
      this.#sovereign.events.emit('clock-differs', { peer: code, seconds });
  }
}

/** Of everything in a hello that can change what is known of a peer, and of what it is judged by. */
function digestOf({ card, recognition }: Hello, ours: VerifiedRecognition): string {
  return toHex(
    sha256(concatBytes(sha256(card), sha256(recognition ?? new Uint8Array()), sha256(ours.bytes))),
  );
}
