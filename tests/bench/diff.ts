import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ForeignState } from '../federation/foreign-state.ts';
import { freePort } from '../federation/free-port.ts';
import { type Bench, type Figure, quantile, type Run } from './bench.ts';
import { comity, NodeProcess } from './node-process.ts';
import { VariedDrafts, variedPolicy } from './varied-drafts.ts';

const RECORDS = 100_000;
const PEERS = 20;
const RULES = 200;
const REPETITIONS = 3;
/** What one call of `record.issue` takes with room to spare. */
const DRAFTS_PER_CALL = 1_000;
const PROBE_EVERY_MS = 20;

/**
 * Asked of a running node, whose own users ask for its status meanwhile. The records were issued before any policy was in
 * force: what peers were handed before is looked at only where a policy has limits.
 */
export const diff: Bench = {
  name: 'diff',
  question: 'How long does it take to compare two policies of 200 rules over 100,000 records and 20 peers?',
  async run(run) {
    await using founded = await found(Math.max(Math.round(RECORDS * run.scale), 1), run);
    const { node, codes, records } = founded;
    const policies = [1, 2].map((seed) => JSON.stringify(variedPolicy(codes, RULES, seed)));
    const [oldText, text] = policies as [string, string];
    const measured: Measured[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
      const done = await compare(node, { text, oldText });
      if (done.records !== records) throw new Error(`${records} records expected, ${done.records} looked at`);
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

interface Founded extends AsyncDisposable {
  readonly node: NodeProcess;
  readonly codes: readonly string[];
  readonly records: number;
}

/** A state with so many records, which recognises twenty others. */
async function found(records: number, run: Run): Promise<Founded> {
  const directory = await mkdtemp(join(tmpdir(), 'comity-bench-'));
  const node = new NodeProcess(join(directory, 'xar'));
  const dispose = async (): Promise<void> => {
    await node.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const listen = `127.0.0.1:${await freePort()}`;
    await comity(node.home, 'node', 'init', '--code', 'XAR', '--name', 'Arcadia', '--listen', listen);
    await node.start();
    const codes = Array.from({ length: PEERS }, (_, index) => `XB${String.fromCharCode(65 + index)}`);
    for (const code of codes) {
      const { card, fingerprint } = await ForeignState.found(code);
      const bytes = Buffer.from(card).toString('base64');
      await node.call('peer.add', { card: bytes, fingerprint, ceiling: 'restricted' });
    }
    const drafts = new VariedDrafts(codes);
    for (let issued = 0; issued < records; ) {
      const length = Math.min(DRAFTS_PER_CALL, records - issued);
      const portion = Array.from({ length }, () => drafts.next());
      await node.call('record.issue', { drafts: portion, acceptRelay: true });
      issued += length;
      if (issued % 10_000 === 0) run.note(`diff: ${issued} records issued`);
    }
    return { node, codes, records, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
