// npm run test:long: a hundred thousand orders in which records come to a node, and go.

import { toHex } from '@comity/digest';
import { signerFromSeed } from '@comity/ed25519';
import { expect, test } from 'vitest';
import { happenings, liveThrough, saidByStates } from './arrivals.test-support.ts';
import { Registry, registryEntry } from './index.ts';
import { drawing, idOf, signWith } from './issued.test-support.ts';

const SHUFFLES = 100_000;

signWith(signerFromSeed(new Uint8Array(32).fill(3)));

test(`${SHUFFLES} shuffles of the same records have one digest, whichever of them are recalled`, async () => {
  const views = await saidByStates();
  const draw = drawing(20_261_128);
  const numbers: Iterator<number> = { next: () => ({ value: draw(2 ** 30) }) };
  const digests = new Map<string, string>();
  for (let shuffle = 0; shuffle < SHUFFLES; shuffle += 1) {
    const recalled = new Set(views.filter(() => draw(8) === 0).map(idOf));
    const registry = new Registry();
    const held = liveThrough(registry, happenings(views, recalled, numbers));
    const key = [...recalled].sort().join();
    let expected = digests.get(key);
    if (expected === undefined) {
      const anew = new Registry();
      for (const view of held.values()) anew.put(registryEntry(view));
      expected = toHex(anew.digest);
      digests.set(key, expected);
    }
    if (toHex(registry.digest) !== expected) expect.fail(`shuffle ${shuffle}, recalled: ${key}`);
  }
  expect(digests.size).toBeGreaterThan(1_000);
}, 3_600_000);
