// For whatever two states say in whatever order: what is between them is one and the same.

import { signerFromSeed } from '@comity/ed25519';
import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Between, whatBinds } from './index.ts';
import {
  arriving,
  commitment,
  day,
  drawing,
  idOf,
  norm,
  retraction,
  STATES,
  signWith,
} from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(3)));

const [arcadia, borealis] = STATES as [StateId, StateId];
const PROVISIONS = ['p1', 'p2'];

const pool = {
  norm: undefined as View | undefined,
  commitments: [] as View[],
  retractions: [] as View[],
  /** Ids of those commitments that are reservations. */
  reservations: new Set<string>(),
};

/** Three states sign, consent, reserve, object, narrow, take back and leave over three years. */
beforeAll(async () => {
  const draw = drawing(20_260_102);
  const about = await norm({ threshold: 1, noticePeriodDays: 5 });
  const reservations: View[] = [];
  const say = async (act: string, more: object, options: object = {}): Promise<View> => {
    const provisions = draw(2) === 0 ? undefined : [PROVISIONS[draw(2)] as string];
    const fields = { act, ...(provisions !== undefined && { provisions }), ...more };
    const view = await commitment(about, fields, { by: draw(3), onDay: draw(1_000), ...options });
    pool.commitments.push(view);
    if (draw(5) === 0) pool.retractions.push(await retraction(view, draw(1_000)));
    return view;
  };
  for (let index = 0; index < 20; index += 1)
    reservations.push(await say('reserve', {}, { onDay: draw(300) }));
  const one = (): View => reservations[draw(reservations.length)] as View;
  for (let index = 0; index < 10; index += 1) {
    const wide = one();
    const by = STATES.indexOf(wide.header.issuer);
    reservations.push(await say('reserve', {}, { by, supersedes: [wide] }));
  }
  for (let index = 0; index < 40; index += 1) {
    const options = { onDay: draw(500) };
    await say('object', { toReservation: one(), ...(draw(2) === 0 && { opposesEntry: true }) }, options);
  }
  for (let index = 0; index < 24; index += 1) {
    // Consents on early days, so that there is something between most pairs.
    const onDay = draw(300);
    await say('ratify', { provisions: undefined, ...(draw(3) === 0 && { confirms: [one()] }) }, { onDay });
  }
  for (let index = 0; index < 8; index += 1) await say('sign', { provisions: undefined });
  for (let index = 0; index < 4; index += 1) await say('withdraw', { provisions: undefined });
  for (let index = 0; index < 8; index += 1) await say('interpret', {});
  pool.norm = about;
  pool.reservations = new Set(reservations.map(idOf));
});

const chosen = fc.record({
  indexes: fc.uniqueArray(fc.nat({ max: 113 }), { maxLength: 40, size: 'max' }),
  on: fc.nat({ max: 1_500 }),
});
type Chosen = typeof chosen extends fc.Arbitrary<infer T> ? T : never;

const saidOf = ({ indexes }: Chosen): View[] => indexes.map((index) => pool.commitments[index] as View);

function between(
  on: number,
  commitments: readonly View[],
  retractions: readonly View[] = pool.retractions,
  [one, other]: readonly [StateId, StateId] = [arcadia, borealis],
): Between {
  return whatBinds({ norm: pool.norm as View, commitments, retractions }, one, other, day(on));
}

describe('what is between two states', () => {
  test('does not depend on the order of records, on how often they came, on how their parts were split, or on who asks', () => {
    fc.assert(
      fc.property(chosen, fc.infiniteStream(fc.nat()), (choice, numbers) => {
        const shuffled = arriving(numbers);
        const found = between(choice.on, shuffled(saidOf(choice)), shuffled(pool.retractions), [
          borealis,
          arcadia,
        ]);
        expect(found).toEqual(between(choice.on, saidOf(choice)));
      }),
    );
  });

  test('what is issued later changes nothing', () => {
    fc.assert(
      fc.property(chosen, (choice) => {
        const before = saidOf(choice).filter(({ header }) => header.issuedAtSeconds <= day(choice.on));
        expect(between(choice.on, before)).toEqual(between(choice.on, saidOf(choice)));
      }),
    );
  });

  test('a reservation of a third state changes nothing between two others', () => {
    const third = STATES[2] as StateId;
    fc.assert(
      fc.property(chosen, (choice) => {
        const said = saidOf(choice);
        const without = said.filter(
          ({ header }) => header.issuer !== third || !pool.reservations.has(header.id),
        );
        expect(between(choice.on, without)).toEqual(between(choice.on, said));
      }),
    );
  });

  test('every effect has its reason', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(chosen, (choice) => {
        const { treaty } = between(choice.on, saidOf(choice));
        seen.add(treaty?.relation ?? '');
        expect(treaty?.relation === 'entry-opposed').toBe((treaty?.opposedBy.length ?? 0) > 0);
        for (const { binds, reservations } of treaty?.provisions ?? []) {
          seen.add(binds);
          const outcomes = reservations.map(({ outcome }) => outcome);
          if (binds === 'excluded') expect(outcomes).toContain('objected');
          if (binds === 'open') expect(outcomes).toContain('open');
          if (binds === 'modified') expect(outcomes).toContain('accepted');
          for (const { outcome, objections, sinceSeconds, untilSeconds } of reservations) {
            seen.add(outcome);
            expect(objections.length > 0).toBe(outcome === 'objected' || outcome === 'late-opposed');
            expect(sinceSeconds !== undefined && sinceSeconds <= day(choice.on)).toBe(outcome === 'accepted');
            expect(untilSeconds !== undefined && untilSeconds > day(choice.on)).toBe(
              outcome === 'open' || outcome === 'late-open',
            );
          }
        }
      }),
      { numRuns: 1_000, seed: 7 },
    );
    // The pool is rich enough to say something.
    for (const word of [
      'bound',
      'entry-opposed',
      'not-both-bound',
      'applies',
      'modified',
      'open',
      'excluded',
    ]) {
      expect(seen).toContain(word);
    }
    for (const word of ['accepted', 'objected', 'unconfirmed', 'late-open', 'late-opposed']) {
      expect(seen).toContain(word);
    }
  });
});
