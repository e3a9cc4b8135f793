import { env } from 'node:process';
import { Chance } from '@comity/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comityJson } from '../federation/command-line.ts';
import { until } from '../federation/deadline.ts';
import { applyPolicy, foundStates, recognise } from '../federation/founding.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';
import { MortalNode } from './mortal-node.ts';

const KILLS = 50;
/** A command costs as much as the start of a node. */
const KILLS_PER_COMMAND = 8;
const SEED = Number(env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 32));
/** Alone on two cores it takes a third of this. */
const LOADED_MACHINE_MS = 600_000;
const CODES = ['XAA', 'XBB', 'XCC'];

interface Ledger {
  readonly size: number;
  readonly root: string;
  readonly receipt: { readonly size: number } | null;
  readonly entries: readonly { readonly index: number; readonly record: string }[];
}

interface Status {
  readonly records: { readonly own: number; readonly quarantined: number };
  readonly originLogSize: number;
}

// The seed repeats what is drawn; when the system schedules which process is its own business.
describe(`three nodes that are killed ${KILLS} times (CRASH_SEED=${SEED})`, () => {
  let scratch: ScratchDirectory;
  let nodes: MortalNode[];

  beforeAll(async () => {
    scratch = await scratchDirectory();
    const chance = new Chance(SEED);
    nodes = (await foundStates(scratch, CODES)).map((state) => new MortalNode(state, chance.fork()));
    for (const node of nodes) {
      await node.start();
      for (const other of nodes) if (other !== node) await recognise(node.process, other.state);
      await applyPolicy(node.process, {
        comity: 'policy/1',
        rules: [
          {
            name: 'everything',
            to: CODES.filter((code) => code !== node.state.code),
            mode: ['push'],
            purpose: ['incident-response'],
            when: { type: 'incident' },
            parts: ['title', 'summary', 'stage'],
          },
        ],
      });
    }

    const killed = (): number => nodes.reduce((sum, { kills }) => sum + kills, 0);
    const goOn = (): boolean => killed() < KILLS;
    await Promise.all([killAny(nodes, chance, goOn), ...nodes.map((node) => node.issue(goOn))]);
    await Promise.all(nodes.map((node) => node.live()));
    for (const sender of nodes) {
      for (const recipient of nodes) {
        if (sender === recipient) continue;
        const what = `${recipient.state.code} has receipted the ledger of ${sender.state.code}`;
        await until(what, async () => {
          const { size, receipt } = await ledger(sender, recipient, 'out');
          return receipt?.size === size;
        });
      }
    }
  }, LOADED_MACHINE_MS);

  afterAll(async () => {
    await Promise.all((nodes ?? []).map((node) => node.end()));
    await scratch?.[Symbol.asyncDispose]();
  });

  test('did work between the kills, and were killed at work', () => {
    expect(nodes.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThanOrEqual(KILLS);
    expect(nodes.reduce((sum, { killsAtWork }) => sum + killsAtWork, 0)).toBeGreaterThan(KILLS / 4);
    for (const node of nodes) {
      expect(node.acknowledged.size).toBeGreaterThan(20);
      expect(node.receipts().size).toBeGreaterThan(0);
    }
  });

  test('have lost no record of which they said that it is issued', async () => {
    for (const node of nodes) {
      const own = await recordsOf(node, node);
      expect(own.length).toBe(new Set(own).size);
      expect([...node.acknowledged].filter((id) => !own.includes(id))).toEqual([]);
      const status = await node.process.call<Status>('node.status');
      expect(status.records.own).toBe(own.length);
      // Whatever was killed in between: the log grows in whole batches, and holds nothing twice.
      expect(status.originLogSize % 16).toBe(0);
    }
  });

  test('hold each record that policy allows exactly once, wherever it is allowed', async () => {
    for (const sender of nodes) {
      const own = (await recordsOf(sender, sender)).sort();
      for (const recipient of nodes.filter((node) => node !== sender)) {
        expect((await recordsOf(recipient, sender)).sort()).toEqual(own);
      }
    }
  });

  test('keep ledgers without gap or duplicate, alike on both sides', async () => {
    for (const sender of nodes) {
      const own = (await recordsOf(sender, sender)).sort();
      for (const recipient of nodes.filter((node) => node !== sender)) {
        const out = await ledger(sender, recipient, 'out');
        const inward = await ledger(recipient, sender, 'in');
        expect({ size: inward.size, root: inward.root }).toEqual({ size: out.size, root: out.root });
        expect(out.entries.map(({ index }) => index)).toEqual(
          Array.from({ length: out.size }, (_, index) => index),
        );
        expect(inward.entries.map(({ record }) => record)).toEqual(out.entries.map(({ record }) => record));
        expect(out.entries.map(({ record }) => record).sort()).toEqual(own);
      }
    }
  });

  test('have gone back behind no receipt and no batch that was logged as durable', async () => {
    for (const node of nodes) {
      for (const other of nodes.filter((each) => each !== node)) {
        const out = await ledger(node, other, 'out');
        expect(out.receipt?.size).toBeGreaterThanOrEqual(node.receipts().get(other.state.code) ?? 0);
        const inward = await ledger(node, other, 'in');
        expect(inward.size).toBeGreaterThanOrEqual(node.accepted().get(other.state.code) ?? 0);
      }
    }
  });

  test('have refused nothing of each other', async () => {
    for (const node of nodes) {
      expect((await node.process.call<Status>('node.status')).records.quarantined).toBe(0);
      const events = new Set([...node.logged, ...node.process.log].map(({ event }) => event));
      for (const bad of ['item-rejected', 'ledger-alarm', 'unexpected-error', 'decision-error']) {
        expect(events, `${node.state.code} logged ${bad}`).not.toContain(bad);
      }
    }
  });

  test(
    'stop cleanly, and fsck finds nothing',
    async () => {
      expect(await Promise.all(nodes.map(({ process }) => process.stop()))).toEqual([0, 0, 0]);
      for (const { state, acknowledged } of nodes) {
        const report = await comityJson<{ findings: unknown[]; records: number }>([
          '--home',
          state.home,
          'node',
          'fsck',
        ]);
        expect(report.findings).toEqual([]);
        expect(report.records).toBeGreaterThanOrEqual(acknowledged.size);
      }
    },
    LOADED_MACHINE_MS,
  );
});

/** Kills one node after the other, whichever it is; the two others go on. Now and then a command is at work as well. */
async function killAny(nodes: readonly MortalNode[], chance: Chance, goOn: () => boolean): Promise<void> {
  const any = (): MortalNode => nodes[chance.between(0, nodes.length - 1)] as MortalNode;
  const commands: Promise<void>[] = [];
  for (let kill = 0; goOn(); kill += 1) {
    const node = any();
    if (kill % KILLS_PER_COMMAND === 0) commands.push(node.issueByCommand());
    await node.dieAndLive();
  }
  await Promise.all(commands);
}

function ledger(at: MortalNode, peer: MortalNode, direction: 'out' | 'in'): Promise<Ledger> {
  return at.process.call<Ledger>('release.ledger', { peer: peer.state.code, direction, limit: 10_000 });
}

/** Ids of the records of an issuer that a node holds. */
async function recordsOf(holder: MortalNode, issuer: MortalNode): Promise<string[]> {
  const args = { issuer: issuer.state.code, limit: 10_000 };
  const { records, next } = await holder.process.call<{ records: { id: string }[]; next: string | null }>(
    'record.list',
    args,
  );
  expect(next).toBeNull();
  return records.map(({ id }) => id);
}
