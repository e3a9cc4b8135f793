// npm run test:long: a million changed documents, in parts, each with its own second implementation.

import { expect, test } from 'vitest';
import { compare } from './differential.ts';
import { DriverProcess } from './driver-process.ts';
import { corpusOf } from './mutation/bend-input.ts';
import { pythonDriver } from './python.ts';
import { vectorFiles } from './vector-files.ts';

const INPUTS = 1_000_000;
const PARTS = 10;
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2 ** 32));
const corpus = corpusOf(vectorFiles());

test.each(Array.from({ length: PARTS }, (_, part) => part))(
  `part %i of ${PARTS} of ${INPUTS} changed documents: two implementations agree (DIFFERENTIAL_SEED=${SEED})`,
  async (part) => {
    const driver = new DriverProcess(pythonDriver());
    const count = INPUTS / PARTS;
    const started = performance.now();
    const comparison = await compare(driver, corpus, { seed: SEED, first: part * count, count }, (done) => {
      if (done % 20_000 === 0) {
        const perSecond = Math.round((done / (performance.now() - started)) * 1000);
        process.stderr.write(`part ${part}: ${done} of ${count} compared, ${perSecond}/s\n`);
      }
    });
    await driver.close();
    expect(comparison.disagreements.slice(0, 20)).toEqual([]);
  },
  3_600_000,
);
