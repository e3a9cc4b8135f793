import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { compare } from './differential.ts';
import { DriverProcess } from './driver-process.ts';
import { corpusOf } from './mutation/bend-input.ts';
import { pythonDriver } from './python.ts';
import { runVectors } from './run-vectors.ts';
import { vectorFiles } from './vector-files.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

/** npm run test:long compares many more (differential.long.ts). */
const SLICE = 4_000;
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2 ** 32));
const files = vectorFiles();

describe('the implementation in Python, written from the chapters', () => {
  let driver: DriverProcess;

  beforeAll(() => {
    driver = new DriverProcess(pythonDriver());
  });

  afterAll(() => driver.close());

  test('passes every vector, with its code', async () => {
    const outcomes = await runVectors(driver, files);
    expect(outcomes.length).toBeGreaterThanOrEqual(400);
    const others = outcomes.filter(({ result }) => result !== 'pass');
    expect(others.map(({ path, vector, answer }) => ({ path, comment: vector.comment, answer }))).toEqual([]);
  });

  test(`agrees on ${SLICE} changed documents (DIFFERENTIAL_SEED=${SEED})`, async () => {
    const comparison = await compare(driver, corpusOf(files), { seed: SEED, first: 0, count: SLICE });
    expect(comparison.disagreements).toEqual([]);
    // Changes that nobody refuses, and refusals of many kinds: otherwise only the first checks were compared.
    expect(comparison.accepted).toBeGreaterThan(SLICE / 20);
    expect(comparison.verdicts.size).toBeGreaterThan(100);
  });
});
