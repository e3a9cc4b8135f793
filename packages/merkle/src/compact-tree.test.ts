import { describe, expect, test } from 'vitest';
import { CompactTree, completedSubtrees, leafHash, MAX_TREE_SIZE, rootOf } from './index.ts';

const SIZE = 70;
const leafHashes = Array.from({ length: SIZE }, (_, index) => leafHash(Uint8Array.of(index)));

function treeOf(size: number): CompactTree {
  const tree = new CompactTree();
  for (const hash of leafHashes.slice(0, size)) tree.append(hash);
  return tree;
}

describe('CompactTree', () => {
  test('resumes from every size and grows on to the same root', () => {
    for (let size = 0; size <= SIZE; size += 1) {
      const tree = treeOf(size);
      const resumed = CompactTree.resume(size, tree.frontier());
      expect(resumed.root()).toEqual(tree.root());
      for (const hash of leafHashes.slice(size)) resumed.append(hash);
      expect(resumed.size).toBe(SIZE);
      expect(resumed.root()).toEqual(rootOf(leafHashes));
    }
  });

  test('a clone and a frontier do not follow the tree', () => {
    const tree = treeOf(5);
    const clone = tree.clone();
    const frontier = tree.frontier();
    const root = tree.root();
    tree.append(leafHashes[5] as Uint8Array);
    expect(clone.size).toBe(5);
    expect(clone.root()).toEqual(root);
    expect(CompactTree.resume(5, frontier).root()).toEqual(root);
    frontier.pop();
    expect(tree.frontier()).toHaveLength(2);
  });

  test.each([0, 31, 33])('refuses a leaf hash of %i bytes and stays as it was', (byteLength) => {
    const tree = treeOf(3);
    const root = tree.root();
    expect(() => tree.append(new Uint8Array(byteLength))).toThrow(
      expect.objectContaining({ code: 'merkle.bad-hash-length' }),
    );
    expect(tree.size).toBe(3);
    expect(tree.root()).toEqual(root);
  });

  test('refuses a size that is not one', () => {
    for (const size of [-1, 0.5, Number.NaN, MAX_TREE_SIZE + 1, Number.POSITIVE_INFINITY]) {
      expect(() => CompactTree.resume(size, [])).toThrow(
        expect.objectContaining({ code: 'merkle.bad-size' }),
      );
    }
  });

  test('refuses a frontier that does not fit the size', () => {
    const frontier = treeOf(6).frontier();
    for (const bad of [
      [],
      frontier.slice(1),
      [...frontier, ...frontier],
      [frontier[0] as Uint8Array, new Uint8Array(31)],
    ]) {
      expect(() => CompactTree.resume(6, bad)).toThrow(
        expect.objectContaining({ code: 'merkle.bad-frontier' }),
      );
    }
  });

  test('is exact at the largest size, and full there', () => {
    const hash = leafHashes[0] as Uint8Array;
    const almost = MAX_TREE_SIZE - 1; // 52 set bits, the last one clear
    const tree = CompactTree.resume(
      almost,
      Array.from({ length: 52 }, () => hash),
    );
    tree.append(hash);
    expect(tree.size).toBe(MAX_TREE_SIZE);
    expect(tree.frontier()).toHaveLength(53);
    expect(() => tree.append(hash)).toThrow(expect.objectContaining({ code: 'merkle.size-limit' }));
  });

  test('merges above 2^32 leaves', () => {
    const hash = leafHashes[0] as Uint8Array;
    const tree = CompactTree.resume(
      2 ** 40 - 1,
      Array.from({ length: 40 }, () => hash),
    );
    tree.append(hash);
    expect(tree.frontier()).toHaveLength(1);
  });
});

describe('completedSubtrees', () => {
  test('together, over any cut into batches, gives each complete subtree once and with its hash', () => {
    for (const batch of [1, 2, 3, 7, 64, SIZE]) {
      const tree = new CompactTree();
      const seen = new Map<string, Uint8Array>();
      for (let start = 0; start < SIZE; start += batch) {
        const added = leafHashes.slice(start, start + batch);
        for (const { level, index, hash } of completedSubtrees(tree.size, added, tree.frontier())) {
          expect(seen.has(`${level}/${index}`)).toBe(false);
          seen.set(`${level}/${index}`, hash);
        }
        for (const hash of added) tree.append(hash);
      }
      let expected = 0;
      for (let level = 0; 2 ** level <= SIZE; level += 1) {
        for (let index = 0; (index + 1) * 2 ** level <= SIZE; index += 1) {
          expected += 1;
          const own = leafHashes.slice(index * 2 ** level, (index + 1) * 2 ** level);
          expect(seen.get(`${level}/${index}`)).toEqual(rootOf(own));
        }
      }
      expect(seen.size).toBe(expected);
    }
  });

  test('does not change the frontier it is given, and needs nothing for nothing', () => {
    const frontier = treeOf(7).frontier();
    completedSubtrees(7, leafHashes.slice(7, 9), frontier);
    expect(frontier).toEqual(treeOf(7).frontier());
    expect(completedSubtrees(7, [], frontier)).toEqual([]);
  });

  test('refuses what is not a frontier or a hash', () => {
    expect(() => completedSubtrees(7, [], [])).toThrow(
      expect.objectContaining({ code: 'merkle.bad-frontier' }),
    );
    expect(() => completedSubtrees(0, [new Uint8Array(20)], [])).toThrow(
      expect.objectContaining({ code: 'merkle.bad-hash-length' }),
    );
  });
});
