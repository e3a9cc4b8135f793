import { fromHex } from '@comity/digest';
import type { LedgerHead, LedgerItem } from '@comity/exchange';
import type { StateId } from '@comity/label';
import { encodeLedgerEntry, ledgerLogName, signCheckpoint } from '@comity/log';
import { consistencyProof, leafHash, rootOf } from '@comity/merkle';
import { disclosureDigest, type View } from '@comity/record';
import { type ForeignState, nowSeconds } from './foreign-state.ts';

/** The release ledger of a foreign state towards a node: kept in memory, and whatever the test makes of it. */
export class ForeignLedger {
  readonly #signer: ForeignState;
  readonly #origin: string;
  readonly #listeners = new Set<() => void>();
  #items: LedgerItem[] = [];

  /** `signer`: whose log key signs the checkpoints. */
  constructor(issuer: ForeignState, recipient: StateId, federation: string, signer: ForeignState = issuer) {
    this.#signer = signer;
    this.#origin = ledgerLogName(federation, issuer.state, recipient);
  }

  get size(): number {
    return this.#items.length;
  }

  get items(): readonly LedgerItem[] {
    return this.#items;
  }

  append(...items: readonly LedgerItem[]): void {
    this.#items.push(...items);
    for (const listener of this.#listeners) listener();
  }

  /** Another history: as if what stands in the ledger had never been released. */
  rewrite(items: readonly LedgerItem[]): void {
    this.#items = [...items];
    for (const listener of this.#listeners) listener();
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  checkpoint(size: number): Promise<string> {
    const root = rootOf(this.#hashes().slice(0, size));
    return signCheckpoint({ origin: this.#origin, size, root }, this.#signer.signer('log'));
  }

  async head(heldSize: number): Promise<LedgerHead> {
    const { size } = this;
    const hashes = this.#hashes();
    const subtree = (level: number, index: number): Uint8Array =>
      rootOf(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
    const proof = heldSize > 0 && heldSize < size ? await consistencyProof(heldSize, size, subtree) : [];
    return { size, checkpoint: await this.checkpoint(size), consistencyProof: proof };
  }

  #hashes(): Uint8Array[] {
    return this.#items.map(({ entry }) => leafHash(entry));
  }
}

/** A ledger item that releases the whole of a record. */
export function releaseOf(view: View): LedgerItem {
  const disclosures = [...view.disclosures.values()];
  return itemOf(view.header.id, view.bytes, disclosures);
}

/** A ledger item with any content; the entry names exactly the disclosures that come with it. */
export function itemOf(
  id: string,
  record: Uint8Array,
  disclosures: readonly Uint8Array[],
  named: readonly Uint8Array[] = disclosures,
): LedgerItem {
  const digests = named.map(disclosureDigest).sort(Buffer.compare);
  const entry = encodeLedgerEntry({
    kind: 'release',
    recordId: fromHex(id),
    disclosures: digests,
    atSeconds: nowSeconds(),
    mode: 'push',
    purpose: 'incident-response',
  });
  return { entry, record, disclosures };
}
