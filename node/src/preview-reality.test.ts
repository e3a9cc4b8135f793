import { expect, test } from 'vitest';
import { liveThrough } from './lived-world.test-support.ts';

// Preview is what is sent, for every record and peer (DISCLOSURE §3): worlds of four states under random policies, with random
// records, terms, approvals, questions and hours. `npm run test:long` lives through many more (preview-reality.long.ts).

/** Records and peers compared, at least. */
const CASES = 100;

test('what was previewed is what came', async () => {
  let cases = 0;
  const seen = new Set<string>();
  for (let seed = 1; seed <= 3; seed += 1) {
    const lived = await liveThrough(seed);
    cases += lived.cases;
    for (const what of lived.tally.keys()) seen.add(what);
  }
  expect(cases).toBeGreaterThan(CASES);
  // A world in which nothing is ever released would prove nothing.
  expect(seen).toContain('release permit');
  expect(seen).toContain('withhold no-permit');
}, 120_000);
