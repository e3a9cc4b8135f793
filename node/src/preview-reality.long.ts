import { expect, test } from 'vitest';
import { liveThrough } from './lived-world.test-support.ts';

/** What has to have been seen: otherwise what was compared would prove little. */
const KINDS = [
  'release permit',
  'withhold no-permit',
  'withhold embargo',
  'hold approval-needed',
  'hold limit',
  'hold reciprocity',
  'came by approval',
  'handed on',
  'foretold',
  'answered',
];

test('what was previewed is what came, for ten thousand records and peers', async () => {
  let cases = 0;
  const seen = new Set<string>();
  for (let seed = 1; cases < 10_000; seed += 1) {
    const lived = await liveThrough(seed);
    cases += lived.cases;
    for (const what of lived.tally.keys()) seen.add(what);
  }
  for (const kind of KINDS) expect(seen).toContain(kind);
}, 3_600_000);
