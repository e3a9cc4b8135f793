import { hash } from 'node:crypto';

/** Numbers that one tree has keys for: 0 to 2^40-1. */
export const KEY_NUMBERS = 2 ** 40;

/** Children of a node. */
const FANOUT = 16;
const HEIGHT = 10;

/** Subtrees that one key more to be destroyed adds at most: those beside its path. Mostly it is a dozen, or none. */
export const MAX_ADDED_SUBTREES = (FANOUT - 1) * HEIGHT;

export const NODE_BYTES = 32;

/** Numbers below a node, by its height. */
const SPANS = Array.from({ length: HEIGHT + 1 }, (_, height) => FANOUT ** height);

/** Where a node is: above the 16^height numbers from its first on. */
interface Place {
  readonly first: number;
  /** 0 for a leaf. */
  readonly height: number;
}

/** A node whose secret is held, and with it every key of the numbers below. */
export interface Subtree extends Place {
  /** 32 bytes; of a leaf, the key. */
  readonly secret: Uint8Array;
}

/** Where keys come from. */
export interface KeySource {
  /** The key of a number, 32 bytes as text of one character a byte; undefined where it was destroyed. */
  keyOf(number: number): string | undefined;
}

/**
 * A puncturable tree of keys (Goldreich, Goldwasser, Micali 1986): child i of a node is SHA-256 of the node and i, the keys
 * are the leaves. To destroy a key, the nodes above it are given up for those beside its path: every other key is what it
 * was, and this one cannot be computed from what is left. Never changed, only replaced.
 */
export class KeyTree implements KeySource {
  readonly #firsts: Float64Array;
  readonly #heights: Uint8Array;
  readonly #secrets: Uint8Array;
  readonly #inner = new InnerNodes();

  /** @param subtrees ascending, without overlap, aligned: what {@link isSubtreeList} says yes to */
  constructor(subtrees: readonly Subtree[]) {
    this.#firsts = Float64Array.from(subtrees, ({ first }) => first);
    this.#heights = Uint8Array.from(subtrees, ({ height }) => height);
    this.#secrets = new Uint8Array(subtrees.length * NODE_BYTES);
    subtrees.forEach(({ secret }, index) => {
      this.#secrets.set(secret, index * NODE_BYTES);
    });
  }

  /** A tree with all its keys. @param root 32 secret bytes */
  static ofRoot(root: Uint8Array): KeyTree {
    return new KeyTree([{ first: 0, height: HEIGHT, secret: root }]);
  }

  get subtreeCount(): number {
    return this.#firsts.length;
  }

  subtree(index: number): Subtree {
    const at = index * NODE_BYTES;
    return {
      first: this.#firsts[index] as number,
      height: this.#heights[index] as number,
      secret: this.#secrets.subarray(at, at + NODE_BYTES),
    };
  }

  keyOf(number: number): string | undefined {
    const index = this.#indexOf(number);
    if (index === undefined) return undefined;
    const top = this.#heights[index] as number;
    let height = 1;
    let node: string | undefined;
    for (; height < top; height += 1) {
      node = this.#inner.get(height, number);
      if (node !== undefined) break;
    }
    if (node === undefined) {
      height = top;
      node = textOf(this.subtree(index).secret);
    }
    while (height > 0) {
      height -= 1;
      node = childOf(node, Math.floor(number / (SPANS[height] as number)) % FANOUT);
      if (height > 0) this.#inner.set(height, number, node);
    }
    return node;
  }

  /** The tree without the keys of these numbers. */
  without(numbers: readonly number[]): KeyTree {
    const left: Subtree[] = [];
    for (const { subtree, below } of this.#withNumbers(numbers)) addWithout(left, subtree, below);
    return new KeyTree(left);
  }

  /** How many subtrees {@link without} would leave. */
  countWithout(numbers: readonly number[]): number {
    let count = 0;
    for (const { subtree, below } of this.#withNumbers(numbers)) count += countWithout(subtree, below);
    return count;
  }

  /** The subtrees, each with those of the numbers that are below it, ascending. */
  *#withNumbers(numbers: readonly number[]): Generator<{ subtree: Subtree; below: readonly number[] }> {
    const sorted = [...new Set(numbers)].sort((a, b) => a - b);
    let next = 0;
    for (let index = 0; index < this.subtreeCount; index += 1) {
      const subtree = this.subtree(index);
      while (next < sorted.length && (sorted[next] as number) < subtree.first) next += 1;
      const from = next;
      next = endBelow(sorted, next, subtree);
      yield { subtree, below: sorted.slice(from, next) };
    }
  }

  #indexOf(number: number): number | undefined {
    let low = 0;
    let high = this.#firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#firsts[middle] as number) <= number) low = middle + 1;
      else high = middle;
    }
    const index = low - 1;
    if (index < 0) return undefined;
    const end = (this.#firsts[index] as number) + (SPANS[this.#heights[index] as number] as number);
    return number < end ? index : undefined;
  }
}

/** Whether subtrees ascend without overlap, each at a place where a node of its height is. */
export function isSubtreeList(subtrees: readonly Subtree[]): boolean {
  let end = 0;
  for (const { first, height } of subtrees) {
    const span = SPANS[height];
    if (span === undefined || first < end || first % span !== 0) return false;
    end = first + span;
  }
  return end <= KEY_NUMBERS;
}

function addWithout(left: Subtree[], subtree: Subtree, numbers: readonly number[]): void {
  if (numbers.length === 0) {
    left.push(subtree);
    return;
  }
  if (subtree.height === 0) return;
  const node = textOf(subtree.secret);
  let next = 0;
  for (let child = 0; child < FANOUT; child += 1) {
    const inner = { ...placeOfChild(subtree, child), secret: bytesOf(childOf(node, child)) };
    const from = next;
    next = endBelow(numbers, next, inner);
    addWithout(left, inner, numbers.slice(from, next));
  }
}

function countWithout(place: Place, numbers: readonly number[]): number {
  if (numbers.length === 0) return 1;
  if (place.height === 0) return 0;
  let count = 0;
  let next = 0;
  for (let child = 0; child < FANOUT; child += 1) {
    const inner = placeOfChild(place, child);
    const from = next;
    next = endBelow(numbers, next, inner);
    count += from === next ? 1 : countWithout(inner, numbers.slice(from, next));
  }
  return count;
}

function placeOfChild({ first, height }: Place, child: number): Place {
  return { first: first + child * (SPANS[height - 1] as number), height: height - 1 };
}

/** The index after the last of ascending numbers that is below a node, from an index on. */
function endBelow(numbers: readonly number[], from: number, { first, height }: Place): number {
  const end = first + (SPANS[height] as number);
  let next = from;
  while (next < numbers.length && (numbers[next] as number) < end) next += 1;
  return next;
}

const DOMAIN = new TextEncoder().encode('comity/record-keys/1');

/** Domain, node, number of the child: one block of SHA-256. */
const scratch = new Uint8Array(DOMAIN.length + NODE_BYTES + 1);
scratch.set(DOMAIN);

/** As text of one character a byte: a digest as Buffer costs several times as much as computing it. */
function childOf(node: string, child: number): string {
  for (let index = 0; index < NODE_BYTES; index += 1) {
    scratch[DOMAIN.length + index] = node.charCodeAt(index);
  }
  scratch[DOMAIN.length + NODE_BYTES] = child;
  return hash('sha256', scratch, 'binary');
}

/** Inner nodes of each height that a cache holds. */
const SLOTS = 256;

/** Nodes that were computed lately: of numbers in a row, each costs little more than one hash. */
class InnerNodes {
  readonly #places = Array.from({ length: HEIGHT }, () => new Float64Array(SLOTS).fill(-1));
  readonly #nodes = Array.from({ length: HEIGHT }, () => new Array<string | undefined>(SLOTS));

  get(height: number, number: number): string | undefined {
    const place = Math.floor(number / (SPANS[height] as number));
    const slot = place % SLOTS;
    return (this.#places[height] as Float64Array)[slot] === place
      ? (this.#nodes[height] as (string | undefined)[])[slot]
      : undefined;
  }

  set(height: number, number: number, node: string): void {
    const place = Math.floor(number / (SPANS[height] as number));
    const slot = place % SLOTS;
    (this.#places[height] as Float64Array)[slot] = place;
    (this.#nodes[height] as (string | undefined)[])[slot] = node;
  }
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
