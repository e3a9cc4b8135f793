// Entries, items and ledgers for the vectors: what Arcadia has released to Borealis, written piece by piece.

import { cbor, type Entries, filled, type Item, sha256 } from '../cbor-text.ts';
import {
  checkpointText,
  consistencyProof,
  cosignatureLine,
  ledgerOriginOf,
  signedCheckpoint,
  subtreesOf,
  treeRoot,
  witnessNameOf,
} from '../log/text.ts';
import { type KeyPair, keyPair } from '../signing.ts';
import { arcadia, borealis, changed, NOW_SECONDS, type State } from '../states.ts';

/** Entries of a map; undefined takes one away. */
type Changes = readonly (readonly [Item, Item | undefined])[];

/** An entry of the ledger (ledger.md §1), that of the worked example; `changes` by key. */
export function entryItem(changes: Changes = []): Entries {
  return changed(
    [
      [1, 'release'],
      [2, filled(0x01)],
      [3, [filled(0x0d), filled(0x0e)]],
      [4, 1_795_514_400],
      [5, 'push'],
      [6, 'incident-response'],
    ],
    changes,
  );
}

/** So many digests in ascending order. */
export function digests(count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => sha256(Buffer.from(`part ${index}`))).sort(
    Buffer.compare,
  );
}

/** The entry of a record of which nothing is known but its number. */
export function numberedEntry(index: number): Buffer {
  return cbor(
    entryItem([
      [2, sha256(Buffer.from(`record ${index}`))],
      [4, NOW_SECONDS + index],
    ]),
  );
}

/** A state as far as a ledger names it. */
type Party = Pick<State, 'idText' | 'keys'>;

/** A ledger of one state for another, with the keys of both. */
export class LedgerText {
  readonly sender: Party;
  readonly recipient: Party;
  readonly entries: readonly Buffer[];

  constructor(entries: readonly Buffer[], sender: Party = arcadia, recipient: Party = borealis) {
    this.entries = entries;
    this.sender = sender;
    this.recipient = recipient;
  }

  get origin(): string {
    return ledgerOriginOf(this.sender, this.recipient);
  }

  root(size: number): Buffer {
    return treeRoot(this.entries.slice(0, size));
  }

  /** Roots of the complete subtrees of the first entries, as a recipient holds them. */
  subtrees(size: number): readonly Buffer[] {
    return subtreesOf(this.entries.slice(0, size));
  }

  text(size: number): string {
    return checkpointText(this.origin, size, this.root(size));
  }

  checkpoint(size: number, key: KeyPair = this.sender.keys.log): string {
    return signedCheckpoint(this.origin, size, this.root(size), key);
  }

  proof(older: number, newer: number): readonly Buffer[] {
    return older < newer ? consistencyProof(older, this.entries.slice(0, newer)) : [];
  }

  receipt(size: number, timeSeconds: number, key: KeyPair = this.recipient.keys.witness): string {
    return cosignatureLine(this.text(size), timeSeconds, witnessNameOf(this.recipient), key);
  }
}

/** Nine entries: the tree of 9 has subtrees of 8 and 1, and every smaller size is a prefix of it. */
export const sampleLedger: LedgerText = new LedgerText(
  Array.from({ length: 9 }, (_, index) => numberedEntry(index)),
);

/** The ledger of the worked examples of ledger.md and exchange.md, whose states are ids and keys alone. */
export const exampleLedger: LedgerText = new LedgerText(
  [cbor(entryItem())],
  { idText: 'a1'.repeat(32), keys: { ...arcadia.keys, log: keyPair(0x01) } },
  { idText: 'b0'.repeat(32), keys: { ...borealis.keys, witness: keyPair(0x02) } },
);

/** An item of a ledger as it travels (ledger.md 3.1). */
export function itemOf(
  entry: Uint8Array,
  record: Uint8Array | null = null,
  disclosures: readonly Uint8Array[] = [],
): readonly Item[] {
  return [entry, record, disclosures];
}
