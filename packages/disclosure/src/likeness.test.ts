import { signerFromSeed } from '@comity/ed25519';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';

import { type Case, compiled, decide, drawCase, drawPool, fateOf } from './cases.test-support.ts';
import { LikenessBook, runningEmbargoes } from './likeness.ts';
import { drawMerged, drawNarrowed, drawPolicy } from './questions.test-support.ts';
import { withoutPositions } from './shape.ts';
import { embargoesText, sketchOf } from './sketch.ts';
import { Draw, type SampleRecord } from './world.test-support.ts';

const seeds = fc.nat(0x7fff_ffff);
let pool: SampleRecord[];

beforeAll(async () => {
  pool = await drawPool(60, signerFromSeed(new Uint8Array(32).fill(7)));
});

/** By part that stands in no other: what is decided about it and what is inside, in one order. */
function fatesByRoot(given: Case): string[] {
  const decision = decide(given);
  const fates = new Map<string, string[]>();
  for (const [place, { digest, ancestors, pathText }] of given.view.parts.entries()) {
    const part = decision.parts[place];
    if (part === undefined) throw new Error('a part without a decision');
    // When an embargo ends depends on the record alone.
    const fate = fateOf({ ...part, ...(part.reason === 'embargo' && { fromSeconds: 0 }) });
    const root = ancestors[0] ?? digest;
    fates.set(root, [...(fates.get(root) ?? []), `${withoutPositions(pathText)} ${fate} ${part.rule}`]);
  }
  return [...fates.values()].map((list) => list.sort().join('\n'));
}

test('in likened contexts the same is decided about likened parts', () => {
  let again = 0;
  const fates = new Set<string>();
  fc.assert(
    fc.property(seeds, (seed) => {
      const draw = new Draw(seed);
      const { policy: drawnPolicy, recipient, situation: drawnSituation } = drawCase(pool, seed, false);
      // What is said of single records is no part of a likeness.
      const { account: _, approvals: __, consents: ___, ...situation } = drawnSituation;
      const { limits: _limits, reciprocity: _reciprocity, ...policy } = drawnPolicy;
      const policies = [compiled(policy), compiled(drawPolicy(draw))];
      const book = new LikenessBook(policies);
      const known = new Map<string, string>();
      for (const sample of pool) {
        const view = draw.once(2)
          ? sample.view
          : draw.once(2)
            ? drawNarrowed(draw, sample.view)
            : drawMerged(draw, sample.view);
        const { context, roots } = book.of(view, situation.atSeconds);
        const found = fatesByRoot({ sample, view, policy, recipient, situation });
        expect(roots.length).toBe(found.length);
        for (const [place, root] of roots.entries()) {
          const key = `${view.header.issuer} ${context.number} ${root.number}`;
          const before = known.get(key);
          if (before !== undefined) {
            again += 1;
            expect(found[place]).toBe(before);
          }
          known.set(key, found[place] as string);
          for (const line of (found[place] as string).split('\n')) fates.add(line.split(' ')[1] as string);
        }
      }
    }),
    { numRuns: 60, seed: 12 },
  );
  expect(again).toBeGreaterThan(2_000);
  for (const fate of ['release', 'embargo', 'approval-needed', 'no-permit', 'forbid'])
    expect(fates).toContain(fate);
});

test('what is played in an exercise is in another context than what is real, or played in another one', () => {
  const book = new LikenessBook([compiled(drawPolicy(new Draw(1)))]);
  const [{ view }] = pool as [SampleRecord];
  const { exercise: _, ...header } = view.header;
  const contextIn = (exercise: string | undefined) => {
    const played = exercise === undefined ? header : { ...header, exercise };
    const seen = Object.create(view, { header: { value: played } }) as typeof view;
    return book.of(seen, header.issuedAtSeconds).context;
  };
  const contexts = ['winter', 'summer', undefined].map(contextIn);
  expect(new Set(contexts.map(({ number }) => number)).size).toBe(3);
  expect(new Set(contexts.map(({ text }) => text)).size).toBe(3);
  expect(contextIn('winter')).toEqual(contexts[0]);
});

test('of what has the same sketch, and embargoes that stand alike, no policy tells one from the other, now or later', () => {
  let again = 0;
  let later = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const draw = new Draw(seed);
      const policies = [drawPolicy(draw), drawPolicy(draw)].map(compiled);
      const { situation } = drawCase(pool, seed, false);
      const { atSeconds } = situation;
      const book = new LikenessBook(policies);
      const known = new Map<string, string>();
      for (const sample of pool) {
        const view = draw.once(2) ? sample.view : drawNarrowed(draw, sample.view);
        // The same record at another time: its sketch does not say when it was issued.
        const shifted = Object.create(view, {
          header: { value: { ...view.header, issuedAtSeconds: view.header.issuedAtSeconds + draw.below(4) } },
        }) as typeof view;
        for (const each of [view, shifted]) {
          const sketch = sketchOf(each);
          if (sketch === undefined) throw new Error('no sketch');
          const embargoes = policies.flatMap(({ rules }) => rules.embargoes);
          const ends = policies.flatMap((policy) =>
            runningEmbargoes(each, policy, atSeconds).map(({ endSeconds }) => endSeconds),
          );
          const times = [atSeconds, ...new Set(ends.sort((a, b) => a - b))];
          const told = times.map((time) => {
            const { context, roots } = book.of(each, time);
            return `${context.number} ${roots.map(({ number }) => number).sort()}`;
          });
          const key = `${sketch.text} ${embargoesText(sketch, embargoes, atSeconds)}`;
          const before = known.get(key);
          if (before !== undefined) {
            again += 1;
            if (times.length > 1) later += 1;
            expect(told.join('\n')).toBe(before);
          }
          known.set(key, told.join('\n'));
        }
      }
    }),
    { numRuns: 40, seed: 13 },
  );
  expect(again).toBeGreaterThan(1_500);
  expect(later).toBeGreaterThan(100);
});
