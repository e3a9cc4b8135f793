// npm run test:long: ten thousand records and peers, previewed and compared with what came.

import { expect, test } from 'vitest';
import { KINDS, liveThrough } from '../policy/lived-world.test-support.ts';

const CASES = 10_000;
/** Two sequences of worlds, which live side by side. */
const SEQUENCES = [1, 2];
const FIRST = Number(process.env.PREVIEW_SEED ?? 1);

test.concurrent.each(SEQUENCES)(
  `what was previewed is what came, sequence %i of ${SEQUENCES.length} of ${CASES} records and peers (PREVIEW_SEED=${FIRST})`,
  async (sequence) => {
    let cases = 0;
    const seen = new Map<string, number>();
    for (let seed = FIRST + sequence - 1; cases < CASES / SEQUENCES.length; seed += SEQUENCES.length) {
      const lived = await liveThrough(seed).catch((cause: unknown) => {
        throw new Error(`the world of seed ${seed}`, { cause });
      });
      cases += lived.cases;
      for (const [what, times] of lived.tally) seen.set(what, (seen.get(what) ?? 0) + times);
    }
    process.stderr.write(`${cases} compared: ${JSON.stringify(Object.fromEntries(seen))}\n`);
    expect([...KINDS, 'hold part-held'].filter((kind) => !seen.has(kind))).toEqual([]);
  },
  3_600_000,
);
