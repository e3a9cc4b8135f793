import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Bench, type Figure, figureNamed, quantile, type Run } from './bench.ts';
import { limit } from './limit.ts';
import type { NodeProcess } from './node-process.ts';
import { foundPair, isReceipt, type Pair } from './pair.ts';
import { stagesOf } from './profile.ts';
import { samplePortions } from './sample-drafts.ts';

const RECORDS = 20_000;
const REPETITIONS = 3;

/** The bulk path: everything between two nodes, with nothing left out. */
export const replicate: Bench = {
  name: 'replicate',
  question:
    'How fast does a ledger of 20,000 records reach a peer that holds nothing: from the connection to the receipt over ' +
    'the last record, each signature verified and each record durable at the peer, two processes over loopback?',
  async run(run) {
    const records = Math.max(Math.round(RECORDS * run.scale), 1);
    await using pair = await foundPair();
    await seed(pair, records, run);
    const transfers: Transfer[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
      const done = await transfer(pair, records);
      transfers.push(done);
      run.note(`replicate: ${Math.round(done.recordsPerSecond)} records/s`);
    }
    const limits = await run.figures(limit);
    const ceiling = figureNamed(limits, 'verifications').value;
    const inThreads = figureNamed(limits, 'the same in worker threads').value;
    const rates = transfers.map(({ recordsPerSecond }) => recordsPerSecond);
    const best = Math.max(...rates);
    return [
      { name: 'best of three', value: best, unit: 'records/s' },
      { name: 'median of three', value: quantile(rates, 0.5), unit: 'records/s' },
      {
        name: 'best, of the verification limit',
        value: best / ceiling,
        unit: '',
        target: 'at least 0.25, aim 0.6',
      },
      { name: 'best, of the same in worker threads', value: best / inThreads, unit: '' },
      ...processorFigures(transfers),
      ...(await profile(pair, records)),
    ];
  },
};

/** Issues the records while the recipient is away, then keeps both homes aside, so that each run begins with the same. */
async function seed({ sender, recipient }: Pair, records: number, run: Run): Promise<void> {
  await recipient.stop();
  let issued = 0;
  for (const drafts of samplePortions(records)) {
    await sender.call('record.issue', { drafts });
    issued += drafts.length;
    run.note(`replicate: ${issued} records issued`);
  }
  await sender.stop();
  for (const { home } of [sender, recipient]) await cp(home, keptOf(home), { recursive: true });
}

function keptOf(home: string): string {
  return `${home}-kept`;
}

interface Transfer {
  readonly recordsPerSecond: number;
  /** Microseconds of processor time for each record, all threads together; undefined where the system does not say. */
  readonly senderUs: number | undefined;
  readonly recipientUs: number | undefined;
}

/** One transfer into an empty recipient. */
async function transfer(
  { sender, recipient }: Pair,
  records: number,
  optionsOf: (node: NodeProcess) => readonly string[] = () => [],
): Promise<Transfer> {
  for (const { home } of [sender, recipient]) {
    await rm(home, { recursive: true });
    await cp(keptOf(home), home, { recursive: true });
  }
  await sender.start(optionsOf(sender));
  await recipient.start(optionsOf(recipient));
  const met = await recipient.logged(
    ({ event, connection }) => event === 'peer-status' && connection === 'greeting',
  );
  const since = [sender, recipient].map((node) => node.processorSeconds);
  const receipt = await sender.logged(isReceipt(records));
  const [senderUs, recipientUs] = [sender, recipient].map((node, index) => {
    const [before, after] = [since[index], node.processorSeconds];
    return before === undefined || after === undefined ? undefined : ((after - before) * 1e6) / records;
  });
  const elapsedMs = receipt.atMs - met.atMs;
  await requireAll(recipient, records);
  await Promise.all([recipient.stop(), sender.stop()]);
  return { recordsPerSecond: (records * 1_000) / elapsedMs, senderUs, recipientUs };
}

/** The least of all transfers: on a machine that does other things too, closer to what the work itself needs. */
function processorFigures(transfers: readonly Transfer[]): Figure[] {
  const least = (name: string, values: readonly (number | undefined)[]): Figure[] => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? [] : [{ name, value: Math.min(...known), unit: 'µs/record' }];
  };
  return [
    ...least(
      'processor time of the sender',
      transfers.map(({ senderUs }) => senderUs),
    ),
    ...least(
      'processor time of the recipient',
      transfers.map(({ recipientUs }) => recipientUs),
    ),
  ];
}

/** Figures of a transfer in which something was refused or is missing would be worth nothing. */
async function requireAll(recipient: NodeProcess, records: number): Promise<void> {
  const status = (await recipient.call('node.status', {})) as {
    readonly records: { readonly received: number; readonly quarantined: number };
    readonly peers: readonly { readonly in: { readonly size: number; readonly receiptSize: number } }[];
  };
  const { size, receiptSize } = status.peers[0]?.in ?? { size: 0, receiptSize: 0 };
  if (size !== records || receiptSize !== records || status.records.quarantined > 0) {
    throw new Error(`expected ${records} records at the recipient: ${JSON.stringify(status)}`);
  }
}

/**
 * Where the time goes: one more transfer, sampled, so slower. Of all threads together, from start to stop of each process;
 * what takes less than a microsecond of a record is left out.
 */
async function profile(pair: Pair, records: number): Promise<Figure[]> {
  const directoryOf = ({ home }: NodeProcess): string => join(dirname(home), `profile-${home.slice(-3)}`);
  for (const node of [pair.sender, pair.recipient]) await mkdir(directoryOf(node), { recursive: true });
  await transfer(pair, records, (node) => ['--cpu-prof', `--cpu-prof-dir=${directoryOf(node)}`]);
  const figures: Figure[] = [];
  for (const [name, node] of [
    ['sender', pair.sender],
    ['recipient', pair.recipient],
  ] as const) {
    const stages = [...(await stagesOf(directoryOf(node)))].sort(([, a], [, b]) => b - a);
    for (const [stage, seconds] of stages) {
      if (seconds * 1e6 < records) continue;
      figures.push({ name: `${name}: ${stage}`, value: (seconds * 1e6) / records, unit: 'µs/record' });
    }
  }
  return figures;
}
