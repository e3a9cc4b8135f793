import { expect, test, vi } from 'vitest';
import { until } from '../federation/deadline.ts';
import { ForeignNode } from '../federation/foreign-node.ts';
import { ForeignState } from '../federation/foreign-state.ts';
import { applyPolicy, foundStates, recognise } from '../federation/founding.ts';
import { NodeProcess } from '../federation/node-process.ts';
import { scratchDirectory } from '../federation/scratch-directory.ts';

vi.setConfig({ testTimeout: 240_000 });

const RECORDS = 1_200;
const ISSUED_LATER = 10;
const PEERS = ['XBB', 'XCC', 'XDD'];
const POLICY = {
  comity: 'policy/1',
  rules: [
    { name: 'all', to: PEERS, mode: ['push'], purpose: ['incident-response'], when: { type: 'incident' } },
  ],
};

interface Ledger {
  readonly size: number;
  readonly entries: readonly { readonly record: string }[];
}

/** The records of a ledger, once it has an entry for each of them. */
async function completed(node: NodeProcess, peer: string): Promise<string[]> {
  const ledger = await until(`the ledger of ${peer} is complete`, async () => {
    const now = await node.call<Ledger>('release.ledger', { peer, limit: 10_000 });
    return now.size >= RECORDS + ISSUED_LATER ? now : undefined;
  });
  return ledger.entries.map(({ record }) => record);
}

test('a node killed while a new policy releases goes on at the next start, and releases nothing twice', async () => {
  await using scratch = await scratchDirectory();
  const [founded] = await foundStates(scratch, ['XAA']);
  const states = await Promise.all(PEERS.map((code) => ForeignState.found(code)));
  await using first = await NodeProcess.start(founded.home);
  for (const state of states) await recognise(first, state);
  const drafts = Array.from({ length: RECORDS }, (_, index) => ({
    type: 'incident',
    label: { classification: 'restricted', releasableTo: PEERS },
    content: { title: { en: `Incident ${index}` }, stage: 'final' },
  }));
  await first.call('record.issue', { drafts });

  // Killed after the policy is in force and before everything it allows is in the ledgers.
  const applied = applyPolicy(first, POLICY).catch(() => 'killed');
  await first.logged('released');
  await first.kill();
  expect(await applied).toBe('killed');
  expect(first.log.filter(({ event }) => event === 'released').length).toBeLessThan(RECORDS * PEERS.length);

  // Told to stop while it makes good what was cut off, a node does not first go through everything: it ends, and still owes it.
  const interrupted = await NodeProcess.start(founded.home);
  expect(await interrupted.stop()).toBe(0);
  const released = [...first.log, ...interrupted.log].filter(({ event }) => event === 'released');
  expect(released.length).toBeLessThan(RECORDS * PEERS.length);

  // A peer whose first hello makes the node look at its ledger again, while it is still making good what was cut off; and
  // another policy on top of that.
  await using second = await NodeProcess.start(founded.home);
  const [greeting, ...others] = states as [ForeignState, ...ForeignState[]];
  await using peer = await ForeignNode.start(greeting, founded);
  await Promise.all([
    peer.live(),
    applyPolicy(second, POLICY),
    second.call('record.issue', { drafts: drafts.slice(0, ISSUED_LATER) }),
  ]);
  for (const { code } of [greeting, ...others]) {
    const records = await completed(second, code);
    expect(records).toHaveLength(RECORDS + ISSUED_LATER);
    expect(new Set(records).size).toBe(RECORDS + ISSUED_LATER);
  }
  await peer.holds(RECORDS + ISSUED_LATER);
  expect(await second.stop()).toBe(0);
});
