import type { LedgerItem } from '@comity/exchange';
import { Store, TABLES } from '@comity/store';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from './deadline.ts';
import { itemOf, releaseOf } from './foreign-ledger.ts';
import { ForeignNode } from './foreign-node.ts';
import { ForeignState } from './foreign-state.ts';
import { type FoundedState, recognise } from './founding.ts';
import type { NodeProcess } from './node-process.ts';
import { type OneNode, startOneNode } from './one-node.ts';

// Entries of a peer's ledger that come without content, or with content that does not pass yet, are asked for again.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let suite: OneNode;
let founded: FoundedState;
let node: NodeProcess;

beforeAll(async () => {
  suite = await startOneNode();
  ({ founded, node } = suite);
});

afterAll(async () => {
  await suite?.[Symbol.asyncDispose]();
});

const draftOf = (title: string): object => ({
  type: 'incident',
  label: { classification: 'restricted', tlp: 'GREEN' },
  content: { title: { en: title }, stage: 'final' },
});
const bare = ({ entry }: LedgerItem): LedgerItem => ({ entry, record: undefined, disclosures: [] });

async function joined(code: string, options: Parameters<typeof ForeignNode.start>[2] = {}) {
  const state = await ForeignState.found(code);
  await recognise(node, state);
  const peer = await (await ForeignNode.start(state, founded, options)).live();
  return { state, peer };
}

/** Records held of an issuer, page by page. */
async function heldOf(code: string): Promise<number> {
  let count = 0;
  let after: string | null | undefined;
  do {
    const page: Page = await node.call<Page>('record.list', {
      issuer: code,
      limit: 1_000,
      ...(typeof after === 'string' && { after }),
    });
    count += page.records.length;
    after = page.next;
  } while (after !== null);
  return count;
}

interface Page {
  readonly records: readonly unknown[];
  readonly next: string | null;
}

/** Entries of a ledger up to a size are held, with or without content. */
async function accepted(code: string, size: number): Promise<void> {
  await node.logged('batch-accepted', ({ peer, to }) => peer === code && to === size);
}

test('bare entries that become allowed come with the next batch of a connection that stands', async () => {
  const { state, peer } = await joined('XBA');
  const items = await Promise.all(
    ['one', 'two', 'three'].map(async (title) => releaseOf(await state.issue(draftOf(title)))),
  );
  peer.ledger.append(...items.map(bare));
  await accepted('XBA', 3);
  expect(await heldOf('XBA')).toBe(0);
  peer.ledger.rewrite(items);
  peer.ledger.append(releaseOf(await state.issue(draftOf('four'))));
  await until('all four are held', async () => (await heldOf('XBA')) === 4);
  const live = node.log.filter(
    ({ event, peer: of, connection }) => event === 'peer-status' && of === 'XBA' && connection === 'live',
  );
  expect(live).toHaveLength(1);
  await peer.stop();
});

test('a record of an issuer that was not known yet is held once it is', async () => {
  const { state, peer } = await joined('XBB');
  const stranger = await ForeignState.found('XZA');
  const theirs = await stranger.issue(draftOf('of a stranger'));
  peer.ledger.append(releaseOf(theirs));
  const { code } = await node.logged('item-rejected', ({ peer: of }) => of === 'XBB');
  expect(code).toBe('identity.unknown-key');
  await recognise(node, stranger);
  peer.ledger.append(releaseOf(await state.issue(draftOf('of its own'))));
  await until('the record of the stranger is held', async () => (await heldOf('XZA')) === 1);
  expect(await node.call('record.show', { id: theirs.header.id })).toMatchObject({ sources: ['XBB'] });
  await peer.stop();
});

test('what is sent for an entry must be what the entry names', async () => {
  const other = await (await ForeignState.found('XZB')).issue(draftOf('another'));
  const { state, peer } = await joined('XBC', { again: () => releaseOf(other) });
  const item = releaseOf(await state.issue(draftOf('bare')));
  peer.ledger.append(bare(item));
  await accepted('XBC', 1);
  await peer.stop();
  await using again = await ForeignNode.start(state, founded, {
    again: () => itemOf('ab'.repeat(32), item.record as Uint8Array, []),
  });
  again.ledger.rewrite([bare(item)]);
  await again.live();
  again.ledger.append(releaseOf(await state.issue(draftOf('good'))));
  await until('the good one is held', async () => (await heldOf('XBC')) === 1);
  await again.stop();
  await using honest = await ForeignNode.start(state, founded, { again: () => item });
  honest.ledger.rewrite(again.ledger.items);
  await honest.live();
  await until('the bare one is held', async () => (await heldOf('XBC')) === 2);
});

test('many are asked for in pages, and none waits for ever behind one that fails', async () => {
  const count = 1_300;
  const broken = 700;
  const { state, peer } = await joined('XBD');
  const items = await Promise.all(
    Array.from({ length: count }, async (_, index) =>
      releaseOf(await state.issue(draftOf(`number ${index}`))),
    ),
  );
  peer.ledger.append(...items.map(bare));
  await accepted('XBD', count);
  await peer.stop();
  const again = (index: number, item: LedgerItem): LedgerItem => {
    if (index === broken) throw new Error('this one cannot be read');
    return item;
  };
  await using next = await ForeignNode.start(state, founded, { again });
  next.ledger.rewrite(items);
  await next.live();
  await until('all others are held', async () => (await heldOf('XBD')) === count - 1);
  const failed = await node.logged(
    'request-failed',
    ({ peer: of, protocol }) => of === 'XBD' && protocol === 'fetch',
  );
  expect(failed.code).toBe('exchange.refused');
  expect(await node.stop()).toBe(0);
  await using store = await Store.open(`${founded.home}/store`);
  const missing = await store.list(TABLES.missing, [state.state]);
  expect(missing.map(({ key }) => key[1])).toEqual([broken]);
  expect((await store.fsck()).findings).toEqual([]);
});
