import { sha256, toHex } from '@comity/digest';
import type { LedgerItem } from '@comity/exchange';
import { issueOrder, type Order } from '@comity/ledger';
import { encodeLedgerEntry, type LedgerEntry } from '@comity/log';
import type { RecordId } from '@comity/record';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { releaseOf } from './foreign-ledger.ts';
import { ForeignNode } from './foreign-node.ts';
import { entropy, ForeignState, nowSeconds } from './foreign-state.ts';
import { recognise } from './founding.ts';
import { type OneNode, startOneNode } from './one-node.ts';

// Orders and reports in the ledger of Borealis (XBB), as the node of Arcadia (XAA) takes them. Caldera (XCC) it knows, Doria
// (XDD) it does not.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let suite: OneNode;
let borealis: ForeignState;
let caldera: ForeignState;
let doria: ForeignState;
let peer: ForeignNode;

beforeAll(async () => {
  [borealis, caldera, doria] = (await Promise.all(
    ['XBB', 'XCC', 'XDD'].map((code) => ForeignState.found(code)),
  )) as [ForeignState, ForeignState, ForeignState];
  suite = await startOneNode();
  for (const state of [borealis, caldera]) await recognise(suite.node, state);
  peer = await (await ForeignNode.start(borealis, suite.founded)).live();
});

afterAll(async () => {
  await peer?.stop();
  await suite?.[Symbol.asyncDispose]();
});

const RECORD = '01'.repeat(32) as RecordId;

const recallBy = (by: ForeignState, record = RECORD): Promise<Order> => {
  const draft = { kind: 'recall', record, issuer: by.state, reason: 'error' } as const;
  return issueOrder(draft, by.signer('record'), nowSeconds(), entropy);
};

const itemOf = (entry: LedgerEntry): LedgerItem => ({
  entry: encodeLedgerEntry(entry),
  record: undefined,
  disclosures: [],
});

async function sent(
  ...items: readonly LedgerItem[]
): Promise<{ readonly from: number; readonly rejected: number }> {
  const size = peer.ledger.size + items.length;
  peer.ledger.append(...items);
  const { from, rejected } = await suite.node.logged('batch-accepted', ({ to }) => to === size);
  return { from: from as number, rejected: rejected as number };
}

test('orders and reports are held and receipted like releases, whoever gave the order, and are listed', async () => {
  const orders = [await recallBy(borealis), await recallBy(caldera), await recallBy(doria)] as const;
  const view = await borealis.issue({
    type: 'incident',
    label: { classification: 'unclassified', tlp: 'CLEAR' },
    content: { title: { en: 'A record beside them' }, stage: 'final' },
  });
  const atSeconds = nowSeconds();
  const { rejected } = await sent(
    ...orders.map(({ bytes }) => itemOf({ kind: 'order', order: bytes, atSeconds })),
    itemOf({ kind: 'order', order: Uint8Array.of(0xd2), atSeconds }),
    itemOf({
      kind: 'report',
      orderDigest: sha256(orders[0].bytes),
      atSeconds,
      outcome: 'refused',
      reason: 'evidence',
    }),
    releaseOf(view),
  );
  // The order of a state that nobody knows here, and the one that is none.
  expect(rejected).toBe(2);
  const codes = await Promise.all(
    [2, 3].map(
      async (index) => (await suite.node.logged('item-rejected', (each) => each.index === index)).code,
    ),
  );
  expect(codes).toEqual(['identity.unknown-key', 'cbor.truncated']);

  const ledger = await suite.node.call<{ entries: Record<string, unknown>[]; receipt: { size: number } }>(
    'release.ledger',
    { peer: 'XBB', direction: 'in' },
  );
  expect(ledger.receipt.size).toBe(6);
  const of = (order: Order, issuer: string) => ({
    kind: 'order',
    order: order.id,
    issuer,
    what: 'recall',
    record: RECORD,
    reason: 'error',
    receipted: true,
  });
  expect(ledger.entries).toMatchObject([
    of(orders[0], 'XBB'),
    of(orders[1], 'XCC'),
    of(orders[2], doria.state),
    { kind: 'order', order: toHex(sha256(Uint8Array.of(0xd2))), issuer: null, what: null, record: null },
    { kind: 'report', order: orders[0].id, outcome: 'refused', reason: 'evidence', receipted: true },
    { kind: 'release', record: view.header.id, title: 'A record beside them', mode: 'push' },
  ]);
});

test('what another state orders about a record is shown to nobody who looks at the record', async () => {
  const view = await borealis.issue({
    type: 'incident',
    label: { classification: 'unclassified', tlp: 'CLEAR' },
    content: { title: { en: 'Of Borealis, and Caldera has it taken back' }, stage: 'final' },
  });
  const { id } = view.header;
  const order = await recallBy(caldera, id);
  await sent(releaseOf(view), itemOf({ kind: 'order', order: order.bytes, atSeconds: nowSeconds() }));
  const known = await suite.node.call<{ orders: object[] }>('release.orders', { record: id });
  expect(known.orders).toMatchObject([{ order: order.id, issuer: 'XCC' }]);
  expect(await suite.node.call('record.show', { id })).toMatchObject({
    record: { status: 'current' },
    orders: [],
  });
  expect(await suite.node.call('record.audience', { id })).toMatchObject({ orders: [] });
});

test('an entry of a kind that is not known refuses the batch', async () => {
  const { size } = peer.ledger;
  const entry = Uint8Array.of(0xa1, 0x01, 0x65, ...new TextEncoder().encode('erase'));
  peer.ledger.append({ entry, record: undefined, disclosures: [] });
  await suite.node.logged('request-failed', ({ code }) => code === 'cbor.shape');
  const ledger = await suite.node.call<{ size: number }>('release.ledger', { peer: 'XBB', direction: 'in' });
  expect(ledger.size).toBe(size);
});
