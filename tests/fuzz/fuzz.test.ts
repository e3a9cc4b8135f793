import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { operations } from '@comity/conformance';
import { Fault } from '@comity/fault';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Json } from '../conformance/vectors/vector.ts';
import { until } from '../federation/deadline.ts';
import { scratchDirectory } from '../federation/scratch-directory.ts';
import { collectGarbage, examine } from './examine.ts';
import { type BlockReport, FuzzPool } from './pool.ts';
import { fuzzTargets, pastFindings, type Targets } from './targets.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

/** npm run fuzz goes on for as long as it is let. */
const SLICE = 3_000;
const BLOCK = 500;
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 32));

const MIB = 1024 * 1024;
/** Keeps what a planted target holds on to. */
const kept: Uint8Array[] = [];

const request = { op: 'planted', in: {} };
const planted = (run: () => void | Promise<void>): Targets => ({ corpus: new Map(), run: async () => run() });

describe('what the fuzzer sees', () => {
  test('an input that is accepted, and one that is refused twice alike, are no finding', async () => {
    expect(
      await examine(
        planted(() => {}),
        request,
      ),
    ).toEqual({ accepted: true });
    const refusal = planted(() => {
      throw new Fault('cbor.truncated', 'planted');
    });
    expect(await examine(refusal, request)).toEqual({ accepted: false });
  });

  test('an error that is no Fault', async () => {
    const crash = planted(() => {
      throw new TypeError('planted');
    });
    expect((await examine(crash, request)).trouble).toMatchObject({ kind: 'crash' });
  });

  test('another reason on repeat', async () => {
    let calls = 0;
    const unsteady = planted(() => {
      calls += 1;
      throw new Fault(calls === 1 ? 'cbor.truncated' : 'cbor.too-deep', 'planted');
    });
    expect((await examine(unsteady, request)).trouble).toEqual({
      kind: 'unsteady',
      detail: 'cbor.truncated, then cbor.too-deep',
    });
  });

  test('an input that takes more than 50 ms each time', async () => {
    const slow = planted(() => {
      const until = performance.now() + 60;
      while (performance.now() < until);
    });
    expect((await examine(slow, request)).trouble).toMatchObject({ kind: 'hang' });
  });

  test.each<[string, () => unknown]>([
    ['keeps a buffer', () => kept.push(new Uint8Array(80 * MIB))],
    ['takes a buffer and drops it', () => new Uint8Array(80 * MIB).fill(1).length],
    [
      'builds objects and drops them',
      () => Array.from({ length: 2_500_000 }, (_, index) => ({ index })).length,
    ],
  ])('an input that takes more than 64 MiB each time: it %s', async (_what, take) => {
    const large = planted(() => {
      take();
    });
    // What tests before have left is dropped here and not within an attempt, where it would hide what the attempt takes.
    collectGarbage();
    expect((await examine(large, request)).trouble).toMatchObject({
      kind: expect.stringMatching(/memory|hang/),
    });
    kept.length = 0;
  });

  test('what takes much memory once is no finding', async () => {
    let calls = 0;
    const once = planted(() => {
      calls += 1;
      if (calls === 1) kept.push(new Uint8Array(80 * MIB));
    });
    expect(await examine(once, request)).toEqual({ accepted: true });
    kept.length = 0;
  });
});

describe('a run', () => {
  test('goes past an input at which a thread hangs, and reports it', async () => {
    const reports: BlockReport[] = [];
    const pool = new FuzzPool(
      1,
      [
        { first: 0, count: 5 },
        { first: 5, count: 5 },
      ],
      (report) => reports.push(report),
      {
        stuckMs: 1_000,
        worker: new URL('./hanging.test-support.ts', import.meta.url),
      },
    );
    await pool.run(1, new AbortController().signal);
    expect(reports.flatMap(({ found }) => found)).toEqual([
      { kind: 'hang', detail: 'more than 1000 ms', seed: 1, index: 3 },
    ]);
    expect(reports.map(({ first, count }) => [first, count])).toEqual([
      [0, 4],
      [4, 1],
      [5, 5],
    ]);
  });

  test('that is killed goes on where it was', async () => {
    await using scratch = await scratchDirectory();
    const run = (inputs: number): ChildProcessByStdio<null, null, Readable> =>
      spawn(
        process.execPath,
        [
          '--conditions=source',
          'tests/fuzz/run.ts',
          '--threads=1',
          `--inputs=${inputs}`,
          `--state=${scratch.path}`,
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
    const state = scratch.at('seed-1.json');
    const first = run(1_000_000);
    await until('the first block of the run', () => existsSync(state));
    first.kill('SIGKILL');
    await once(first, 'close');
    const { done } = JSON.parse(readFileSync(state, 'utf8'));
    expect(done).toBeGreaterThan(0);

    const second = run(done + 100);
    let said = '';
    second.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(second, 'close');
    expect(said).toContain(`going on after ${done.toLocaleString('en')} inputs`);
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(state, 'utf8'))).toEqual({ done: done + 100 });
  });
});

describe('everything that reads foreign bytes', () => {
  let targets: Targets;

  beforeAll(async () => {
    targets = await fuzzTargets();
  });

  test('stands what was found once', async () => {
    for (const past of pastFindings())
      expect(await examine(targets, past), past.op).not.toHaveProperty('trouble');
  });

  test(`stands ${SLICE} changed documents, on a thread of its own (FUZZ_SEED=${SEED})`, async () => {
    const reports: BlockReport[] = [];
    const blocks = Array.from({ length: SLICE / BLOCK }, (_, index) => ({
      first: index * BLOCK,
      count: BLOCK,
    }));
    const pool = new FuzzPool(SEED, blocks, (report) => reports.push(report));
    await pool.run(1, new AbortController().signal);
    expect(reports.flatMap(({ found }) => found)).toEqual([]);
    expect(reports.reduce((sum, { count }) => sum + count, 0)).toBe(SLICE);
    expect(reports.reduce((sum, { accepted }) => sum + accepted, 0)).toBeGreaterThan(SLICE / 20);
  });

  test('stands inputs that are no input of anything', async () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.maxSafeNat(),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('hex')),
    );
    const anything = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 4 }),
      fc.dictionary(fc.string(), leaf, { maxKeys: 4 }),
    );
    const requests = fc.constantFrom(...Object.keys(operations)).chain((op) => {
      const members = Object.keys(targets.corpus.get(op)?.[0] ?? {});
      return fc
        .record(Object.fromEntries(members.map((name) => [name, anything])))
        .map((given) => ({ op, in: given as { [name: string]: Json } }));
    });
    await fc.assert(
      fc.asyncProperty(requests, async (each) => (await examine(targets, each)).trouble === undefined),
      { numRuns: 2_000 },
    );
  });
});
