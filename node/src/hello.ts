import { concatBytes, equalBytes, sha256, toHex } from '@comity/digest';
import { type Hello, type HelloPort, type HelloStatement, Refusal } from '@comity/exchange';
import { Fault, isFault } from '@comity/fault';
import {
  assertValidAt,
  readStateCard,
  type VerifiedKeyCertificate,
  type VerifiedRecognition,
  verifyCharter,
  verifyKeyCertificate,
  verifyRecognition,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import { WriteSet } from '@comity/store';
import type { Background } from './background.ts';
import { HelloBudget } from './hello-budget.ts';
import { replaceDocuments, takeKeys } from './peer-keys.ts';
import { keyTurns } from './peer-turns.ts';
import type { Peer } from './peers.ts';
import { reconcileWith, reviseDoor } from './reconcile.ts';
import { assertServed } from './release.ts';
import type { Sovereign } from './sovereign.ts';

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
    // No checkpoint of the origin log, whose size would tell how many records there are that the peer was not given.
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
    this.#compareClocks(this.#served(peer), hello.sentAtSeconds);
    // Said before, word for word: on most connections nothing is new, and nothing is verified.
    const digest = digestOf(hello);
    if (this.#accepted.get(peer) !== digest) {
      // One after the other: two at once would each store what it knows without what the other has brought.
      await keyTurns(sovereign, peer).take(() => this.#hear(peer, hello, digest));
    }
    const inForce = sovereign.peers.get(peer)?.theirs;
    return { recognised: inForce !== undefined && sovereign.now() < inForce.notAfterSeconds };
  }

  #served(peer: StateId): Peer {
    const known = this.#sovereign.peers.get(peer);
    try {
      assertServed(this.#sovereign, peer);
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
    const known = this.#served(peer);
    const card = readStateCard(hello.card);
    const offered = card.certificates.filter(
      (bytes) => !known.certificates.some((each) => equalBytes(each.bytes, bytes)),
    );
    const shown =
      hello.recognition === undefined ||
      (known.theirs !== undefined && equalBytes(hello.recognition, known.theirs.bytes))
        ? undefined
        : hello.recognition;
    const isSameCharter = equalBytes(card.charter, known.charter.bytes);
    if (isSameCharter && offered.length === 0 && shown === undefined) return;
    this.#budget.spend(peer, this.#sovereign.now());
    // The connection has proved a key of this state; the card must be the same state's.
    if (!isSameCharter && verifyCharter(card.charter).state !== peer)
      throw new Fault('identity.wrong-issuer', 'the card is of another state than the connection');
    const certificates = offered.map((bytes) => verifyKeyCertificate(bytes, known.charter));
    const theirs = shown === undefined ? undefined : this.#recognitionOf(known, shown);
    const isNewer =
      theirs !== undefined &&
      (known.theirs === undefined || theirs.issuedAtSeconds > known.theirs.issuedAtSeconds);
    await this.#learn(known, certificates, isNewer ? theirs : undefined);
  }

  /** One that is over is as good as none: the peer may still be told what it is to be told. */
  #recognitionOf(peer: Peer, bytes: Uint8Array): VerifiedRecognition | undefined {
    const recognition = verifyRecognition(bytes, peer.charter, this.#sovereign.self.charter);
    const atSeconds = this.#sovereign.now();
    if (atSeconds >= recognition.notAfterSeconds) return undefined;
    assertValidAt(recognition, atSeconds);
    return recognition;
  }

  async #learn(
    peer: Peer,
    offered: readonly VerifiedKeyCertificate[],
    theirs: VerifiedRecognition | undefined,
  ): Promise<void> {
    const sovereign = this.#sovereign;
    const { peers, events } = sovereign;
    const { certificates, fresh, dropped } = takeKeys(sovereign, peer.charter, peer.certificates, offered);
    const isChanged = fresh.length > 0 || dropped.length > 0;
    if (!isChanged && theirs === undefined) return;
    const set = new WriteSet();
    if (isChanged) {
      const bytes = certificates.map((each) => each.bytes);
      await replaceDocuments(sovereign, set, peer.state, 'certificate', bytes);
    }
    // What was changed meanwhile by others than hellos, such as a suspension, stays as it is.
    const putInForce = (): void => {
      const now = peers.get(peer.state) ?? peer;
      peers.set({ ...now, certificates, theirs: theirs ?? now.theirs });
    };
    if (theirs === undefined) {
      await sovereign.store.commit(set);
      putInForce();
    } else {
      // Only the newest is kept: a peer must not fill the disk with recognitions.
      await replaceDocuments(sovereign, set, peer.state, 'recognition', [theirs.bytes]);
      // Their recognition is half of the equivalence: what may be released can change with it.
      set.audit({
        atSeconds: sovereign.now(),
        event: 'recognition-received',
        fields: { peer: peer.state },
      });
      await reviseDoor(sovereign, set, putInForce);
      const levels = peers.equivalenceWith(peer.state).disputed;
      if (levels.length > 0) events.emit('equivalence-disputed', { peer: peer.code, levels });
      // The hello does not wait for a walk through all records; that it is owed is stored already.
      this.#background.run('reconcile', (signal) => reconcileWith(sovereign, peer, () => {}, signal));
    }
    if (isChanged) this.#onNewKeys(peers.get(peer.state) ?? peer);
  }

  #compareClocks({ code }: Peer, sentAtSeconds: number): void {
    const seconds = sentAtSeconds - this.#sovereign.now();
    if (Math.abs(seconds) > CLOCK_DIFFERENCE_SECONDS)
      this.#sovereign.events.emit('clock-differs', { peer: code, seconds });
  }
}

/** Of everything in a hello that can change what is known of a peer. */
function digestOf({ card, recognition }: Hello): string {
  return toHex(sha256(concatBytes(sha256(card), sha256(recognition ?? new Uint8Array()))));
}
