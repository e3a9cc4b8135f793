// npm run test:long: a million decisions compared with the oracle and with their traces.

import { signerFromSeed } from '@comity/ed25519';
import { beforeAll, expect, test } from 'vitest';

import { disagreement, drawCase, drawPool, REASONS } from './cases.test-support.ts';
import { ALL_TYPES, type SampleRecord } from './world.test-support.ts';

const DECISIONS = 1_000_000;
const PARTS = 20;
const SEED = Number(process.env.DISCLOSURE_SEED ?? Math.floor(Math.random() * 2 ** 31));
let pool: SampleRecord[];

beforeAll(async () => {
  const signer = signerFromSeed(new Uint8Array(32).fill(7));
  pool = [...(await drawPool(480, signer)), ...(await drawPool(480, signer, ALL_TYPES))];
}, 60_000);

test.each(Array.from({ length: PARTS }, (_, part) => part))(
  `part %i of ${PARTS} of ${DECISIONS} decisions: what the oracle says, and what their traces say (DISCLOSURE_SEED=${SEED})`,
  (part) => {
    const seen = new Map<string, number>();
    for (let index = 0; index < DECISIONS / PARTS; index += 1) {
      const seed = (SEED + part * (DECISIONS / PARTS) + index) % 2 ** 31;
      expect(disagreement(drawCase(pool, seed, true), seen), `seed ${seed}`).toBeUndefined();
    }
    for (const reason of REASONS) expect(seen.get(reason), reason).toBeGreaterThan(10);
  },
  3_600_000,
);
