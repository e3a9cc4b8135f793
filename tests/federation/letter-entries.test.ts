import { sha256, sha256Hex } from '@comity/digest';
import type { LedgerItem } from '@comity/exchange';
import { encodeLetter, issueOrder, piecesOfLetter } from '@comity/ledger';
import { decodeLedgerEntry, encodeLedgerEntry, type OrderEntry } from '@comity/log';
import type { RecordId } from '@comity/record';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ForeignNode } from './foreign-node.ts';
import { entropy, ForeignState, nowSeconds } from './foreign-state.ts';
import { recognise } from './founding.ts';
import { type OneNode, startOneNode } from './one-node.ts';

// Letters in the ledger of Borealis (XBB), as the node of Arcadia (XAA) takes them, whatever comes with their entries.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let suite: OneNode;
let borealis: ForeignState;
let caldera: ForeignState;
let peer: ForeignNode;

beforeAll(async () => {
  [borealis, caldera] = (await Promise.all(['XBB', 'XCC'].map((code) => ForeignState.found(code)))) as [
    ForeignState,
    ForeignState,
  ];
  suite = await startOneNode();
  for (const state of [borealis, caldera]) await recognise(suite.node, state);
  peer = await (await ForeignNode.start(borealis, suite.founded)).live();
});

afterAll(async () => {
  await peer?.stop();
  await suite?.[Symbol.asyncDispose]();
});

let count = 0;

/** What has the form of a letter; nobody can open it. */
function letterOf(size: number): Uint8Array {
  count += 1;
  return encodeLetter({ enc: new Uint8Array(32).fill(7), ciphertext: new Uint8Array(size + 16).fill(count) });
}

function itemOf(letter: Uint8Array, change: Partial<LedgerItem> = {}): LedgerItem {
  return {
    entry: encodeLedgerEntry({
      kind: 'letter',
      officer: 'anna',
      letterDigest: sha256(letter),
      atSeconds: nowSeconds(),
    }),
    record: undefined,
    disclosures: piecesOfLetter(letter),
    ...change,
  };
}

async function sent(...items: readonly LedgerItem[]): Promise<void> {
  const size = peer.ledger.size + items.length;
  peer.ledger.append(...items);
  await suite.node.logged('batch-accepted', ({ to }) => to === size);
}

const rejected = async (index: number): Promise<unknown> =>
  (await suite.node.logged('item-rejected', (each) => each.index === index)).code;

const undeliverable = async (): Promise<number> =>
  (await suite.node.call<{ undeliverableLetters: number }>('node.status')).undeliverableLetters;

test('letters to whomever are kept, those that were changed are not, and neither holds up the ledger', async () => {
  const [good, changed, large] = [letterOf(4_096), letterOf(4_096), letterOf(262_144)];
  const odd = encodeLetter({ enc: new Uint8Array(32), ciphertext: new Uint8Array(5_000) });
  const flipped = changed.with(100, (changed[100] as number) ^ 1);
  await sent(
    itemOf(good),
    itemOf(changed, { disclosures: piecesOfLetter(flipped) }),
    itemOf(large),
    itemOf(odd),
    itemOf(good, { record: Uint8Array.of(0x80) }),
    itemOf(good),
  );
  expect(await rejected(1)).toBe('node.item-mismatch');
  expect(await rejected(3)).toBe('letter.wrong-size');
  expect(await rejected(4)).toBe('node.item-mismatch');
  // Arcadia has no officer Anna: nobody can open them, and they are kept. One that came twice is one.
  expect(await undeliverable()).toBe(2);
  const received = suite.node.log.filter(({ event }) => event === 'letter-received');
  expect(received.map(({ letter }) => letter)).toEqual(
    [good, large].map((letter) => sha256Hex(letter).slice(0, 12)),
  );
  const { receipt } = await suite.node.call<{ receipt: { size: number } }>('release.ledger', {
    peer: 'XBB',
    direction: 'in',
  });
  expect(receipt.size).toBe(6);
});

test('a letter is taken back by the state that wrote it, and by no other', async () => {
  const letter = letterOf(4_096);
  await sent(itemOf(letter));
  const before = await undeliverable();
  const record = sha256Hex(letter) as RecordId;
  const orderOf = async (by: ForeignState): Promise<LedgerItem> => {
    const draft = { kind: 'recall', record, issuer: by.state, reason: 'error' } as const;
    const { bytes } = await issueOrder(draft, by.signer('record'), nowSeconds(), entropy);
    const entry = encodeLedgerEntry({ kind: 'order', order: bytes, atSeconds: nowSeconds() });
    return { entry, record: undefined, disclosures: [] };
  };
  /** Sends an order and waits until it is acted upon. @returns the outcome */
  const obeyed = async (item: LedgerItem): Promise<unknown> => {
    const { order } = decodeLedgerEntry(item.entry) as OrderEntry;
    const id = sha256Hex(order).slice(0, 12);
    await sent(item);
    return (await suite.node.logged('order-executed', (line) => line.order === id)).outcome;
  };
  // Whoever did not write it is told what he would be told of a letter that is not here.
  expect(await obeyed(await orderOf(caldera))).toBe('applied');
  expect(await undeliverable()).toBe(before);
  expect(await obeyed(await orderOf(borealis))).toBe('applied');
  expect(await undeliverable()).toBe(before - 1);
  // It does not come back, however often it stands in the ledger.
  await sent(itemOf(letter));
  expect(await undeliverable()).toBe(before - 1);
});
