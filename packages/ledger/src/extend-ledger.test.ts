import { CompactTree, leafHash } from '@comity/merkle';
import { expect, test } from 'vitest';
import { extendLedger } from './extend-ledger.ts';

const ORIGIN = 'comity/sample/a/ledger/b';
const entries = [1, 2, 3].map((byte) => Uint8Array.of(byte));

function treeOf(leaves: readonly Uint8Array[]): CompactTree {
  const tree = new CompactTree();
  for (const leaf of leaves) tree.append(leafHash(leaf));
  return tree;
}

function checkpointOf(tree: CompactTree, size = tree.size) {
  return { origin: ORIGIN, size, root: tree.root() };
}

test('a ledger goes on with a batch that begins where it ends, and stays as it was itself', () => {
  const held = treeOf(entries.slice(0, 1));
  const whole = treeOf(entries);
  const extended = extendLedger(held, {
    from: 1,
    entries: entries.slice(1),
    checkpoint: checkpointOf(whole),
  });
  expect(extended.size).toBe(3);
  expect(extended.root()).toEqual(whole.root());
  expect(held.size).toBe(1);
});

test('a batch that begins elsewhere is out of order, also where its checkpoint fits', () => {
  const held = treeOf(entries.slice(0, 1));
  for (const from of [0, 2]) {
    const run = { from, entries: entries.slice(1), checkpoint: checkpointOf(treeOf(entries)) };
    expect(() => extendLedger(held, run)).toThrow(
      expect.objectContaining({ code: 'exchange.batch-out-of-order' }),
    );
  }
});

test.each([
  ['of fewer entries', checkpointOf(treeOf(entries.slice(0, 2)))],
  ['of another size with the same root', checkpointOf(treeOf(entries), 4)],
  ['of other entries', checkpointOf(treeOf(entries.toReversed()))],
])('a checkpoint %s does not fit the batch', (_what, checkpoint) => {
  expect(() => extendLedger(new CompactTree(), { from: 0, entries, checkpoint })).toThrow(
    expect.objectContaining({ code: 'exchange.batch-mismatch' }),
  );
});
