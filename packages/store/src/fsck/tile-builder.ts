import { rootOf } from '@comity/merkle';
import { TILE_HASHES } from '../log/log-state.ts';

/** A tile as it should be stored. */
export interface ExpectedTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
}

/** Cuts the leaf hashes of a log into tiles. */
export class TileBuilder {
  readonly #tails: Uint8Array[][] = [];
  readonly #full: number[] = [];

  /** Adds a leaf hash and gives the tiles that are full now. */
  push(leafHash: Uint8Array): ExpectedTile[] {
    const full: ExpectedTile[] = [];
    let hash = leafHash;
    for (let level = 0; ; level += 1) {
      this.#tails[level] ??= [];
      const tail = this.#tails[level] as Uint8Array[];
      tail.push(hash);
      if (tail.length < TILE_HASHES) return full;
      const index = this.#full[level] ?? 0;
      this.#full[level] = index + 1;
      this.#tails[level] = [];
      full.push({ level, index, hashes: tail });
      hash = rootOf(tail);
    }
  }

  /** The tiles that are stored although they are not full: those above level 0. */
  partial(): ExpectedTile[] {
    return this.#tails.flatMap((hashes, level) =>
      level === 0 || hashes.length === 0 ? [] : [{ level, index: this.#full[level] ?? 0, hashes }],
    );
  }

  /** Tiles that there should be, full and partial. */
  count(): number {
    return this.#full.reduce((sum, full) => sum + full, 0) + this.partial().length;
  }
}
