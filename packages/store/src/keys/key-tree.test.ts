import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSubtreeList, KEY_NUMBERS, KeyTree, type Subtree } from './key-tree.ts';

const ROOT = Uint8Array.from({ length: 32 }, (_, index) => index);

/** The node above a number at a height, from the root: what the tree is by its definition. */
function nodeAbove(number: number, height: number): string {
  let node: Uint8Array = ROOT;
  for (let level = 9; level >= height; level -= 1) {
    const child = Number((BigInt(number) >> BigInt(4 * level)) & 15n);
    node = createHash('sha256')
      .update('comity/record-keys/1')
      .update(node)
      .update(Uint8Array.of(child))
      .digest();
  }
  return Buffer.from(node).toString('hex');
}

const hex = (text: string | undefined) =>
  text === undefined ? undefined : Buffer.from(text, 'latin1').toString('hex');

function subtreesOf(tree: KeyTree): Subtree[] {
  return Array.from({ length: tree.subtreeCount }, (_, index) => tree.subtree(index));
}

/** Numbers as they are in a store: some one beside another, some far apart, the first and the last. */
const number = fc.oneof(
  fc.nat({ max: 40 }),
  fc.nat({ max: 5_000 }),
  fc.nat({ max: KEY_NUMBERS - 1 }),
  fc.constantFrom(0, KEY_NUMBERS - 1),
);

test('the keys are the leaves of the tree', () => {
  // So the format does not change unseen.
  expect(hex(KeyTree.ofRoot(ROOT).keyOf(0x12_3456_789a))).toBe(
    '6a5d8b288e4cb213d8b3c3a51d82ff4e646ee2807ef9fac43f18fdea58f293dc',
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 40 }), (numbers) => {
      const tree = KeyTree.ofRoot(ROOT);
      for (const each of numbers) expect(hex(tree.keyOf(each))).toBe(nodeAbove(each, 0));
    }),
    { numRuns: 50 },
  );
});

test('keys that are destroyed follow from nothing that is left, and all others are what they were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(number, { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      fc.array(number, { maxLength: 20 }),
      (turns, others) => {
        let tree = KeyTree.ofRoot(ROOT);
        for (const numbers of turns) {
          // Warm: what was computed before must not outlive its number.
          for (const each of [...numbers, ...others]) tree.keyOf(each);
          const count = tree.countWithout(numbers);
          tree = tree.without(numbers);
          expect(tree.subtreeCount).toBe(count);
        }
        const destroyed = new Set(turns.flat());
        const subtrees = subtreesOf(tree);
        expect(isSubtreeList(subtrees)).toBe(true);
        for (const { first, height, secret } of subtrees) {
          // Each is the node that it was, and has no destroyed number below it.
          expect(Buffer.from(secret).toString('hex')).toBe(nodeAbove(first, height));
          for (const each of destroyed) expect(each >= first && each < first + 16 ** height).toBe(false);
        }
        const covered = subtrees.reduce((sum, { height }) => sum + 16 ** height, 0);
        expect(covered).toBe(KEY_NUMBERS - destroyed.size);
        for (const each of [...destroyed, ...others]) {
          expect(hex(tree.keyOf(each))).toBe(destroyed.has(each) ? undefined : nodeAbove(each, 0));
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('the order in which keys are destroyed leaves no trace, nor does destroying one twice', () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 10 }), fc.nat(), (numbers, cut) => {
      const at = cut % (numbers.length + 1);
      const once = KeyTree.ofRoot(ROOT).without(numbers);
      const inTurns = KeyTree.ofRoot(ROOT)
        .without(numbers.slice(at).reverse())
        .without(numbers.slice(0, at))
        .without(numbers);
      expect(subtreesOf(inTurns)).toEqual(subtreesOf(once));
    }),
    { numRuns: 50 },
  );
});

test('one destroyed key costs the nodes beside its path, and a whole block of them costs less', () => {
  const one = KeyTree.ofRoot(ROOT).without([5]);
  expect(one.subtreeCount).toBe(150);
  const block = Array.from({ length: 16 ** 2 }, (_, index) => index);
  expect(KeyTree.ofRoot(ROOT).without(block).subtreeCount).toBe(120);
});

test('a list of subtrees that overlap, do not ascend or stand at no node is none', () => {
  const secret = ROOT;
  const at = (first: number, height: number): Subtree => ({ first, height, secret });
  expect(isSubtreeList([])).toBe(true);
  expect(isSubtreeList([at(0, 0), at(1, 0), at(16, 1), at(16 ** 9, 9)])).toBe(true);
  for (const bad of [
    [at(0, 1), at(15, 0)],
    [at(16, 0), at(0, 0)],
    [at(1, 1)],
    [at(0, 11)],
    [at(KEY_NUMBERS, 0)],
    [at(0.5, 0)],
  ]) {
    expect(isSubtreeList(bad)).toBe(false);
  }
});
