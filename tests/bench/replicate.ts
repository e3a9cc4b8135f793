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
    const rates: number[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
      rates.push(await transfer(pair, records));
      run.note(`replicate: ${Math.round(rates.at(-1) ?? 0)} records/s`);
    }
    const ceiling = figureNamed(await run.figures(limit), 'verifications').value;
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

/** One transfer into an empty recipient, in records a second. */
async function transfer(
  { sender, recipient }: Pair,
  records: number,
  optionsOf: (node: NodeProcess) => readonly string[] = () => [],
): Promise<number> {
  for (const { home } of [sender, recipient]) {
    await rm(home, { recursive: true });
    await cp(keptOf(home), home, { recursive: true });
  }
  await sender.start(optionsOf(sender));
  await recipient.start(optionsOf(recipient));
  const met = recipient.logged(
    ({ event, connection }) => event === 'peer-status' && connection === 'greeting',
  );
  const receipt = await sender.logged(isReceipt(records));
  const elapsedMs = receipt.atMs - (await met).atMs;
  await requireAll(recipient, records);
  await Promise.all([recipient.stop(), sender.stop()]);
  return (records * 1_000) / elapsedMs;
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

/** Where the time goes: one more transfer, sampled, so slower; microseconds of processor time for each record. */
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
      figures.push({ name: `${name}: ${stage}`, value: (seconds * 1e6) / records, unit: 'µs/record' });
    }
  }
  return figures;
}
