import { sha256 } from '@comity/digest';

const KEY_BITS = 256;
const NONE = new Uint8Array(32);

interface Leaf {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

interface Branch {
  /** By the bit of the key at the depth of the branch. */
  readonly halves: [Node | undefined, Node | undefined];
  /** Undefined where something in it has changed since it was worked out. */
  digest: Uint8Array | undefined;
}

type Node = Leaf | Branch;

/**
 * Values of 32 bytes by keys of 32 bytes, with a digest of all of them (registry.md §3): the same for the same entries, in
 * whatever order they came. After a change only what stands above it is worked out anew, and only when the digest is asked for.
 */
export class DigestMap {
  #root: Node | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** 32 bytes; zeros where there is no entry. */
  get digest(): Uint8Array {
    return digestOf(this.#root);
  }

  /** @param key 32 bytes @param value 32 bytes */
  set(key: Uint8Array, value: Uint8Array): void {
    this.#root = this.#with(this.#root, { key, value }, 0);
  }

  delete(key: Uint8Array): void {
    this.#root = this.#without(this.#root, key, 0);
  }

  /** Keys in ascending order. */
  *keys(): Iterable<Uint8Array> {
    yield* keysOf(this.#root);
  }

  #with(node: Node | undefined, leaf: Leaf, depth: number): Node {
    if (node === undefined) {
      this.#size += 1;
      return leaf;
    }
    if (isLeaf(node)) {
      if (isSameKey(node.key, leaf.key)) return leaf;
      this.#size += 1;
      return parted(node, leaf, depth);
    }
    const bit = bitOf(leaf.key, depth);
    node.halves[bit] = this.#with(node.halves[bit], leaf, depth + 1);
    node.digest = undefined;
    return node;
  }

  #without(node: Node | undefined, key: Uint8Array, depth: number): Node | undefined {
    if (node === undefined) return undefined;
    if (isLeaf(node)) {
      if (!isSameKey(node.key, key)) return node;
      this.#size -= 1;
      return undefined;
    }
    const bit = bitOf(key, depth);
    node.halves[bit] = this.#without(node.halves[bit], key, depth + 1);
    node.digest = undefined;
    const [zero, one] = node.halves;
    // What has one entry is that entry, at whatever depth.
    if (zero === undefined && (one === undefined || isLeaf(one))) return one;
    if (one === undefined && zero !== undefined && isLeaf(zero)) return zero;
    return node;
  }
}

function parted(one: Leaf, other: Leaf, depth: number): Branch {
  const branch: Branch = { halves: [undefined, undefined], digest: undefined };
  const [bit, otherBit] = [bitOf(one.key, depth), bitOf(other.key, depth)];
  if (bit === otherBit) branch.halves[bit] = parted(one, other, depth + 1);
  else {
    branch.halves[bit] = one;
    branch.halves[otherBit] = other;
  }
  return branch;
}

function digestOf(node: Node | undefined): Uint8Array {
  if (node === undefined) return NONE;
  // Worked out again where it is asked for: kept for each of very many entries it would take more room than they do.
  if (isLeaf(node)) return tagged(0, node.key, node.value);
  node.digest ??= tagged(1, digestOf(node.halves[0]), digestOf(node.halves[1]));
  return node.digest;
}

/** What is hashed next: nothing reads it after that. */
const scratch = new Uint8Array(65);

function tagged(tag: number, left: Uint8Array, right: Uint8Array): Uint8Array {
  scratch[0] = tag;
  scratch.set(left, 1);
  scratch.set(right, 33);
  return sha256(scratch);
}

function* keysOf(node: Node | undefined): Iterable<Uint8Array> {
  if (node === undefined) return;
  if (isLeaf(node)) yield node.key;
  else for (const half of node.halves) yield* keysOf(half);
}

function isLeaf(node: Node): node is Leaf {
  return 'key' in node;
}

function isSameKey(one: Uint8Array, other: Uint8Array): boolean {
  for (let index = 0; index < KEY_BITS / 8; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

function bitOf(key: Uint8Array, depth: number): 0 | 1 {
  return (((key[depth >> 3] as number) >> (7 - (depth & 7))) & 1) as 0 | 1;
}
