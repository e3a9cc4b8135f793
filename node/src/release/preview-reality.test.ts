import { expect, test } from 'vitest';
import { KINDS, type Lived, liveThrough } from '../policy/lived-world.test-support.ts';

// Preview is what is sent, for every record and peer (DISCLOSURE §3): worlds of four states under random policies, with random
// records, terms, approvals, questions and hours. `npm run test:long` lives through many more (preview-reality.long.ts).

/** Worlds in which, between them, every kind of outcome and of event occurs. */
const WORLDS = [
  [4, 'policy'],
  [15, 'suspension'],
  [34, 'time'],
  [39, 'policy'],
] as const;
/** Records and peers compared, at least. */
const CASES = 260;

test('what was previewed is what came', async () => {
  const lived: Lived[] = [];
  for (const [seed, change] of WORLDS) lived.push(await liveThrough(seed, change));
  expect(lived.reduce((sum, { cases }) => sum + cases, 0)).toBeGreaterThan(CASES);
  // Worlds in which a kind never occurs would prove nothing of it.
  const seen = new Set(lived.flatMap(({ tally }) => [...tally.keys()]));
  expect(KINDS.filter((kind) => !seen.has(kind))).toEqual([]);
}, 400_000);
