// npm run bench [-- NAME …] [--json] [--scale N]: measures on this machine, in this run, and says what was asked.

import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Bench, Figure, Run } from './bench.ts';
import { decide } from './decide.ts';
import { diff } from './diff.ts';
import { dossier } from './dossier.ts';
import { latency } from './latency.ts';
import { limit } from './limit.ts';
import { pending } from './pending.ts';
import { question } from './question.ts';
import { reconnect } from './reconnect.ts';
import { registry } from './registry.ts';
import { replicate } from './replicate.ts';

const BENCHES: readonly Bench[] = [
  limit,
  replicate,
  decide,
  diff,
  pending,
  latency,
  question,
  reconnect,
  dossier,
  registry,
];

class Measurement implements Run {
  readonly scale: number;
  readonly #figures = new Map<Bench, Promise<readonly Figure[]>>();

  constructor(scale: number) {
    this.scale = scale;
  }

  figures(bench: Bench): Promise<readonly Figure[]> {
    const measured = this.#figures.get(bench) ?? bench.run(this);
    this.#figures.set(bench, measured);
    return measured;
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}

function chosen(names: readonly string[]): readonly Bench[] {
  const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `Unknown: ${unknown.join(', ')}. There are: ${BENCHES.map(({ name }) => name).join(', ')}\n`,
    );
    process.exit(2);
  }
  return names.length === 0 ? BENCHES : BENCHES.filter(({ name }) => names.includes(name));
}

function textOf({ name, question }: Bench, figures: readonly Figure[]): string {
  const width = Math.max(...figures.map((figure) => figure.name.length));
  const lines = figures.map((figure) => {
    const value = figure.value.toLocaleString('en', { maximumFractionDigits: figure.value < 100 ? 2 : 0 });
    const target = figure.target === undefined ? '' : `   (${figure.target})`;
    return `  ${figure.name.padEnd(width)}  ${value.padStart(12)} ${figure.unit}${target}`;
  });
  return `${name}: ${question}\n${lines.join('\n')}\n\n`;
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, scale: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const scale = Number(values.scale);
if (!(scale > 0)) {
  process.stderr.write('--scale is a number above 0\n');
  process.exit(2);
}
const measurement = new Measurement(scale);
const results: object[] = [];
for (const bench of chosen(positionals)) {
  try {
    const figures = await measurement.figures(bench);
    results.push({ name: bench.name, question: bench.question, figures });
    if (!values.json) process.stdout.write(textOf(bench, figures));
  } catch (error) {
    // The others may still have something to say; that one could not run is what the exit code says.
    process.exitCode = 1;
    process.stderr.write(
      `${bench.name} could not run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}
if (values.json)
  process.stdout.write(`${JSON.stringify({ version: 1, scale, benches: results }, null, 2)}\n`);
