import { CompactTree, consistencyProof, leafHash, nodeHash, rootAt } from '@comity/merkle';
import type { LedgerHead, LedgerItem } from './index.ts';

/** A release ledger in memory: items, and every complete subtree of their tree. */
export class MemoryLedger {
  readonly items: LedgerItem[] = [];
  /** Receipts that the recipient has given, by size. */
  readonly receipts = new Map<number, string>();
  readonly origin: string;
  readonly #levels: Uint8Array[][] = [[]];
  readonly #listeners = new Set<() => void>();

  constructor(origin: string) {
    this.origin = origin;
  }

  get size(): number {
    return this.items.length;
  }

  append(...items: readonly LedgerItem[]): void {
    for (const item of items) {
      this.items.push(item);
      this.#complete(0, leafHash(item.entry));
    }
    for (const listener of this.#listeners) listener();
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get watchers(): number {
    return this.#listeners.size;
  }

  rootAt(size: number): Promise<Uint8Array> {
    return rootAt(size, this.#read);
  }

  async checkpoint(size: number): Promise<string> {
    return formatCheckpoint(this.origin, size, await this.rootAt(size));
  }

  async head(heldSize: number): Promise<LedgerHead> {
    const { size } = this;
    const proof = heldSize > 0 && heldSize < size ? await consistencyProof(heldSize, size, this.#read) : [];
    return { size, checkpoint: await this.checkpoint(size), consistencyProof: proof };
  }

  /** The tree that these items give when they follow the first `from`. */
  async grown(from: number, items: readonly LedgerItem[]): Promise<CompactTree> {
    const tree = new CompactTree();
    for (const { entry } of this.items.slice(0, from)) tree.append(leafHash(entry));
    for (const { entry } of items) tree.append(leafHash(entry));
    return tree;
  }

  #complete(level: number, hash: Uint8Array): void {
    const hashes = this.#levels[level] ?? [];
    this.#levels[level] = hashes;
    hashes.push(hash);
    if (hashes.length % 2 === 0) this.#complete(level + 1, nodeHash(hashes.at(-2) as Uint8Array, hash));
  }

  readonly #read = (level: number, index: number): Uint8Array => {
    const hash = this.#levels[level]?.[index];
    if (hash === undefined) throw new Error(`no subtree ${level}/${index}`);
    return hash;
  };
}

/** Stands for a signed note: this package treats notes as opaque. */
export function formatCheckpoint(origin: string, size: number, root: Uint8Array): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

export function parseCheckpoint(note: string): { origin: string; size: number; root: Uint8Array } {
  const [origin = '', size = '', root = ''] = note.split('\n');
  return { origin, size: Number(size), root: new Uint8Array(Buffer.from(root, 'base64')) };
}
