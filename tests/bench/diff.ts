import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type Figure, quantile } from './bench.ts';
import { foundWithRecords } from './found-with-records.ts';
import type { NodeProcess } from './node-process.ts';
import { variedPolicy } from './varied-drafts.ts';

const RECORDS = 100_000;
const PEERS = 20;
const RULES = 200;
const REPETITIONS = 3;
const PROBE_EVERY_MS = 20;

/**
 * Asked of a running node, whose own users ask for its status meanwhile. The records were issued before any policy was in
 * force: what peers were handed before is looked at only where a policy has limits.
 */
export const diff: Bench = {
  name: 'diff',
  question: 'How long does it take to compare two policies of 200 rules over 100,000 records and 20 peers?',
  async run(run) {
    const wanted = Math.max(Math.round(RECORDS * run.scale), 1);
    await using founded = await foundWithRecords(wanted, PEERS, true, (done) =>
      run.note(`diff: ${done} records issued`),
    );
    const { node, codes, records } = founded;
    const policies = [1, 2].map((seed) => JSON.stringify(variedPolicy(codes, RULES, seed)));
    const [oldText, text] = policies as [string, string];
    const measured: Measured[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
      const done = await compare(node, { text, oldText });
      if (done.records !== records) throw new Error(`${records} records expected, ${done.records} looked at`);
      // Peers that are not served, or policies that are alike to them, would be compared at no cost.
      if (done.changedRecords === 0) throw new Error('the policies differ for nobody');
      measured.push(done);
      run.note(`diff: ${Math.round(done.elapsedMs)} ms`);
    }
    return figuresOf(measured, codes.length);
  },
};

interface Measured {
  readonly elapsedMs: number;
  readonly processorSeconds: number | undefined;
  readonly longestWaitMs: number;
  readonly records: number;
  readonly changedRecords: number;
  readonly groups: number;
  readonly parts: number;
}

async function compare(node: NodeProcess, policies: object): Promise<Measured> {
  const waits: number[] = [];
  let isOver = false;
  const probing = (async () => {
    while (!isOver) {
      const sinceMs = performance.now();
      await node.call('node.status', {});
      waits.push(performance.now() - sinceMs);
      await pause(PROBE_EVERY_MS);
    }
  })();
  const before = node.processorSeconds;
  const sinceMs = performance.now();
  const told = (await node.call('policy.diff', policies)) as {
    readonly records: number;
    readonly changedRecords: number;
    readonly groups: readonly unknown[];
    readonly totals: readonly { readonly mode: string; readonly parts: number }[];
  };
  const elapsedMs = performance.now() - sinceMs;
  isOver = true;
  await probing;
  const after = node.processorSeconds;
  return {
    elapsedMs,
    processorSeconds: before === undefined || after === undefined ? undefined : after - before,
    longestWaitMs: quantile(waits, 1),
    records: told.records,
    changedRecords: told.changedRecords,
    groups: told.groups.length,
    parts: told.totals.filter(({ mode }) => mode === 'push').reduce((sum, { parts }) => sum + parts, 0),
  };
}

function figuresOf(measured: readonly Measured[], peers: number): Figure[] {
  const best = measured.toSorted((a, b) => a.elapsedMs - b.elapsedMs)[0] as Measured;
  return [
    { name: 'best of three', value: best.elapsedMs / 1_000, unit: 's', target: 'under 10 at scale 1' },
    {
      name: 'median of three',
      value:
        quantile(
          measured.map(({ elapsedMs }) => elapsedMs),
          0.5,
        ) / 1_000,
      unit: 's',
    },
    {
      name: 'records and peers compared',
      value: (best.records * peers * 1_000) / best.elapsedMs,
      unit: '1/s',
    },
    ...(best.processorSeconds === undefined
      ? []
      : [{ name: 'processor time', value: (best.processorSeconds * 1e6) / best.records, unit: 'µs/record' }]),
    { name: 'longest wait of a local user meanwhile', value: best.longestWaitMs, unit: 'ms' },
    { name: 'records of which something changes', value: best.changedRecords, unit: '' },
    { name: 'parts that change for a peer, unasked', value: best.parts, unit: '' },
    { name: 'groups that are shown', value: best.groups, unit: '' },
  ];
}
