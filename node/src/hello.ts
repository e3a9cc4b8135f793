import { sha256, toHex } from '@comity/digest';
import { type Hello, type HelloPort, type HelloStatement, Refusal } from '@comity/exchange';
import { Fault } from '@comity/fault';
import {
  assertValidAt,
  decodeStateCard,
  type VerifiedKeyCertificate,
  type VerifiedRecognition,
  verifyRecognition,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import { ledgerLogName, originLogName, signCheckpoint } from '@comity/log';
import { TABLES, WriteSet } from '@comity/store';
import type { Peer } from './peers.ts';
import { reconcile, reviseDoor } from './reconcile.ts';
import { assertServed } from './release.ts';
import type { Sovereign } from './sovereign.ts';

/** Clocks further apart than this are reported: times in records and receipts are compared between states. */
const CLOCK_DIFFERENCE_SECONDS = 120;

/** What this node says of itself to a peer, and what it makes of what the peer says. */
export class Greeting implements HelloPort {
  readonly #sovereign: Sovereign;
  /** Told when a peer has shown keys that were not known, so that threads and admission learn them. */
  readonly #onNewKeys: (peer: Peer) => void;

  constructor(sovereign: Sovereign, onNewKeys: (peer: Peer) => void) {
    this.#sovereign = sovereign;
    this.#onNewKeys = onNewKeys;
  }

  async compose(peer: StateId): Promise<HelloStatement> {
    const { self, store, federation, signers, peers } = this.#sovereign;
    const origin = (await store.log('origin')).head();
    const ledger = (await store.log(`ledger/out/${peer}`)).head();
    const sign = (name: string, head: { size: number; root: Uint8Array }): Promise<string> =>
      signCheckpoint({ origin: name, size: head.size, root: head.root }, signers.log);
    const recognition = peers.get(peer)?.ours.bytes;
    return {
      card: self.card,
      ...(recognition !== undefined && { recognition }),
      ...(origin.size > 0 && {
        originCheckpoint: await sign(originLogName(federation.name, self.state), origin),
      }),
      ...(ledger.size > 0 && {
        ledgerCheckpoint: await sign(ledgerLogName(federation.name, self.state, peer), ledger),
      }),
      ledgerSize: ledger.size,
    };
  }

  async receive(peer: StateId, hello: Hello): Promise<{ recognised: boolean }> {
    const sovereign = this.#sovereign;
    try {
      assertServed(sovereign, peer);
    } catch {
      throw new Refusal('exchange.refused', 'the peer is not served');
    }
    const known = sovereign.peers.get(peer);
    if (known === undefined) throw new Refusal('exchange.refused', 'the peer is not known');
    this.#compareClocks(known, hello.sentAtSeconds);
    const { charter, certificates } = decodeStateCard(hello.card);
    // The connection has proved a key of this state; the card must be the same state's.
    if (charter.state !== peer)
      throw new Fault('identity.wrong-issuer', 'the card is of another state than the connection');
    const fresh = certificates.filter(
      ({ bytes }) => !known.certificates.some((each) => toHex(sha256(each.bytes)) === toHex(sha256(bytes))),
    );
    const theirs = this.#recognitionOf(known, hello.recognition);
    const newer =
      theirs !== undefined &&
      (known.theirs === undefined || theirs.issuedAtSeconds > known.theirs.issuedAtSeconds);
    if (fresh.length > 0 || newer) await this.#learn(known, fresh, newer ? theirs : undefined);
    const inForce = sovereign.peers.get(peer)?.theirs;
    return { recognised: inForce !== undefined && sovereign.now() < inForce.notAfterSeconds };
  }

  #recognitionOf(peer: Peer, bytes: Uint8Array | undefined): VerifiedRecognition | undefined {
    if (bytes === undefined) return undefined;
    const { self } = this.#sovereign;
    const recognition = verifyRecognition(bytes, peer.charter, self.charter);
    assertValidAt(recognition, this.#sovereign.now());
    return recognition;
  }

  async #learn(
    peer: Peer,
    fresh: readonly VerifiedKeyCertificate[],
    theirs: VerifiedRecognition | undefined,
  ): Promise<void> {
    const sovereign = this.#sovereign;
    const { directory, peers, events } = sovereign;
    directory.add(peer.charter, fresh);
    const storedAtSeconds = sovereign.now();
    const set = new WriteSet();
    for (const { bytes } of fresh)
      set.put(TABLES.documents, [peer.state, 'certificate', toHex(sha256(bytes))], {
        bytes,
        storedAtSeconds,
      });
    if (theirs !== undefined)
      set.put(TABLES.documents, [peer.state, 'recognition', toHex(sha256(theirs.bytes))], {
        bytes: theirs.bytes,
        storedAtSeconds,
      });
    const learned: Peer = {
      ...peer,
      certificates: [...peer.certificates, ...fresh],
      theirs: theirs ?? peer.theirs,
    };
    if (theirs === undefined) {
      await sovereign.store.commit(set);
      peers.set(learned);
    } else {
      // Their recognition is half of the equivalence: what may be released can change with it.
      set.audit({ atSeconds: storedAtSeconds, event: 'recognition-received', fields: { peer: peer.state } });
      await reviseDoor(sovereign, set, () => peers.set(learned));
      const levels = peers.disputedOf(peer.state);
      if (levels.length > 0) events.emit('equivalence-disputed', { peer: peer.code, levels });
      await reconcile(sovereign, [learned], () => {});
    }
    if (fresh.length > 0) this.#onNewKeys(learned);
  }

  #compareClocks({ code }: Peer, sentAtSeconds: number): void {
    const seconds = sentAtSeconds - this.#sovereign.now();
    if (Math.abs(seconds) > CLOCK_DIFFERENCE_SECONDS)
      this.#sovereign.events.emit('clock-differs', { peer: code, seconds });
  }
}
