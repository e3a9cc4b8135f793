// npm run fuzz [-- --inputs N] [--seed N] [--threads N] [--fresh] [--state FOLDER]: changed documents against everything that
// reads foreign bytes. Ctrl-C stops it; the next call with the same seed goes on where it stopped.

import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chanceOf } from '../conformance/differential.ts';
import { bentRequest } from '../conformance/mutation/bend-input.ts';
import { readArguments } from '../conformance/read-arguments.ts';
import { type Block, type Found, FuzzPool } from './pool.ts';
import { fuzzTargets } from './targets.ts';

const BLOCK = 2_000;
const REPORT_MS = 5_000;
const STATE = fileURLToPath(new URL('../../node_modules/.cache/comity-fuzz/', import.meta.url));

const USAGE = `Puts changed documents to everything that reads foreign bytes, until something crashes, hangs or takes too much memory.

  npm run fuzz [-- OPTIONS]

  --inputs N      how many inputs in all; 100000000 without it
  --seed N        another seed makes other inputs; 1 without it
  --threads N     as many threads; one for each core without it
  --state FOLDER  where the place and the findings are kept
  --fresh         begin again

Ctrl-C stops it; the same command goes on where it stopped. Exit code 0 where nothing was found, 1 where something was, 2 where
the command is not understood, 130 when stopped.
`;

const { values } = readArguments(USAGE, {
  inputs: { type: 'string', default: '100000000' },
  seed: { type: 'string', default: '1' },
  threads: { type: 'string', default: String(availableParallelism()) },
  state: { type: 'string', default: STATE },
  fresh: { type: 'boolean', default: false },
});
const inputs = wholeNumber('inputs', values.inputs);
const seed = wholeNumber('seed', values.seed);
const threads = Math.max(1, wholeNumber('threads', values.threads));
const stateFile = join(values.state, `seed-${seed}.json`);
const findingsFile = join(values.state, `seed-${seed}-findings.jsonl`);

/** Every input below this number is done. */
let done = values.fresh ? 0 : readDone();
const finished = new Map<number, number>();
const startedAt = performance.now();
let examined = 0;
let accepted = 0;
let findings = 0;
mkdirSync(values.state, { recursive: true });
if (done > 0) process.stderr.write(`going on after ${count(done)} inputs; --fresh begins again\n`);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const ticker = setInterval(report, REPORT_MS);
const { corpus } = await fuzzTargets();
const pool = new FuzzPool(seed, blocks(done, inputs), (block) => {
  examined += block.count;
  accepted += block.accepted;
  for (const found of block.found) keep(found);
  finished.set(block.first, block.count);
  for (let next = finished.get(done); next !== undefined; next = finished.get(done)) {
    finished.delete(done);
    done += next;
  }
  saveDone();
});
await pool.run(threads, stop.signal);
clearInterval(ticker);
report();
if (stop.signal.aborted) process.stderr.write('stopped; the same command goes on from here\n');
process.exitCode = findings > 0 ? 1 : stop.signal.aborted ? 130 : 0;

function* blocks(from: number, to: number): Iterable<Block> {
  for (let first = from; first < to; first += BLOCK) yield { first, count: Math.min(BLOCK, to - first) };
}

function keep(found: Found): void {
  findings += 1;
  // A thread that was stopped from outside could not send its input along; its number gives it again.
  const request = found.request ?? bentRequest(corpus, chanceOf(found.seed, found.index));
  appendFileSync(findingsFile, `${JSON.stringify({ ...found, request })}\n`);
  process.stderr.write(
    `FOUND ${found.kind} in ${request.op}, input ${found.index} of seed ${found.seed}: ${found.detail}\n`,
  );
}

function report(): void {
  const perSecond = examined / ((performance.now() - startedAt) / 1000);
  const share = examined === 0 ? 0 : (accepted / examined) * 100;
  process.stderr.write(
    `${count(done)} of ${count(inputs)} inputs, ${count(Math.round(perSecond))}/s, ${share.toFixed(1)} % accepted, ` +
      `${findings} found${findings > 0 ? ` (${findingsFile})` : ''}\n`,
  );
}

function readDone(): number {
  return existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')).done as number) : 0;
}

/** Renamed into place: a run that is killed while it writes loses nothing. */
function saveDone(): void {
  writeFileSync(`${stateFile}.new`, `${JSON.stringify({ done })}\n`);
  renameSync(`${stateFile}.new`, stateFile);
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} is a whole number, not ${JSON.stringify(text)}\n`);
  process.exit(2);
}

function count(value: number): string {
  return value.toLocaleString('en');
}
