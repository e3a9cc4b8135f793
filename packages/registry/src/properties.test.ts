// For whatever states say in whatever order: the status is what a calendar that is turned day by day would show.

import { signerFromSeed } from '@comity/ed25519';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { normStatus } from './index.ts';
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

const ACTS = ['sign', 'ratify', 'accede', 'withdraw', 'reserve', 'endorse'] as const;
const LAST_DAY = 40;

interface Said {
  readonly by: number;
  readonly act: (typeof ACTS)[number];
  readonly onDay: number;
  readonly effectiveOnDay: number | undefined;
  readonly expiresOnDay: number | undefined;
  readonly retractedOnDay: number | undefined;
  readonly view: View;
  readonly retraction: View | undefined;
}

const NOTICE_DAYS = 5;
const about: { norms: readonly View[]; said: readonly Said[] } = { norms: [], said: [] };

/** A pool of signed records, drawn once: what is drawn anew for each run is which of them there are. */
beforeAll(async () => {
  const draw = drawing(20_260_101);
  const norms = await Promise.all(
    [0, 1, 2, 3].map((threshold) =>
      norm({ threshold, delayDays: threshold === 2 ? 3 : 0, noticePeriodDays: NOTICE_DAYS }),
    ),
  );
  const said: Said[] = [];
  for (let index = 0; index < 120; index += 1) {
    const onDay = draw(30);
    const plain = {
      by: draw(STATES.length),
      act: ACTS[draw(ACTS.length)] as (typeof ACTS)[number],
      onDay,
      effectiveOnDay: draw(3) === 0 ? draw(30) : undefined,
      expiresOnDay: draw(8) === 0 ? draw(35) : undefined,
      retractedOnDay: draw(4) === 0 ? draw(35) : undefined,
    };
    const { act, effectiveOnDay, expiresOnDay, by } = plain;
    const view = await commitment(
      'norm/treaty',
      { act, ...(effectiveOnDay !== undefined && { effectiveOnDay }) },
      { by, onDay, ...(expiresOnDay !== undefined && { expiresOnDay }) },
    );
    const undone =
      plain.retractedOnDay === undefined ? undefined : await retraction(view, plain.retractedOnDay);
    said.push({ ...plain, view, retraction: undone });
  }
  Object.assign(about, { norms, said });
});

const chosen = fc.record({
  threshold: fc.nat({ max: 3 }),
  indexes: fc.uniqueArray(fc.nat({ max: 119 }), { maxLength: 14 }),
  on: fc.nat({ max: LAST_DAY }),
});
type Chosen = typeof chosen extends fc.Arbitrary<infer T> ? T : never;

const normOf = ({ threshold }: Chosen): View => about.norms[threshold] as View;
const saidOf = ({ indexes }: Chosen): Said[] => indexes.map((index) => about.said[index] as Said);
const retractionsOf = (said: readonly Said[]): View[] =>
  said.map(({ retraction: undone }) => undone).filter((undone) => undone !== undefined);

const statusOf = (choice: Chosen, on = choice.on) =>
  normStatus(
    {
      norm: normOf(choice),
      commitments: saidOf(choice).map(({ view }) => view),
      retractions: retractionsOf(saidOf(choice)),
    },
    day(on),
  );

describe('the status of a norm', () => {
  test('does not depend on the order of records, on how often they came, or on how their parts were split', () => {
    fc.assert(
      fc.property(chosen, fc.infiniteStream(fc.nat()), (choice, numbers) => {
        const shuffled = arriving(numbers);
        const said = saidOf(choice);
        const found = normStatus(
          {
            norm: normOf(choice),
            commitments: shuffled(said.map(({ view }) => view)),
            retractions: shuffled(retractionsOf(said)),
          },
          day(choice.on),
        );
        expect(found).toEqual(statusOf(choice));
      }),
    );
  });

  test('is what a calendar shows that is turned day by day', () => {
    fc.assert(
      fc.property(chosen, (choice) => {
        const { states, inForce, inForceFromSeconds } = statusOf(choice);
        const shown = new Map(
          states.map(({ state, standing, sinceSeconds }) => [
            STATES.indexOf(state),
            { standing, sinceSeconds },
          ]),
        );
        const calendar = turnedTo(choice.on, choice.threshold, saidOf(choice));
        expect({ inForce, inForceFromSeconds, shown: [...shown] }).toEqual({
          inForce: calendar.inForceFrom !== undefined && calendar.inForceFrom <= choice.on,
          inForceFromSeconds: calendar.inForceFrom === undefined ? undefined : day(calendar.inForceFrom),
          shown: calendar.standings,
        });
      }),
      { numRuns: 400 },
    );
  });

  test('never goes out of force where no record speaks of an earlier day', () => {
    fc.assert(
      fc.property(chosen, (choice) => {
        const indexes = choice.indexes.filter(
          (index) => (about.said[index] as Said).effectiveOnDay === undefined,
        );
        const now = statusOf({ ...choice, indexes });
        const later = statusOf({ ...choice, indexes }, LAST_DAY);
        if (now.inForceFromSeconds !== undefined)
          expect(later.inForceFromSeconds).toBe(now.inForceFromSeconds);
      }),
    );
  });

  test('what is issued later is named, and changes nothing else', () => {
    fc.assert(
      fc.property(chosen, (choice) => {
        const before = choice.indexes.filter((index) => (about.said[index] as Said).onDay <= choice.on);
        const [all, known] = [statusOf(choice), statusOf({ ...choice, indexes: before })];
        expect({ ...all, ignored: [] }).toEqual({ ...known, ignored: [] });
        const later = all.ignored.filter(({ reason }) => reason === 'issued-later').map(({ id }) => id);
        const commitments = saidOf(choice).filter(({ onDay }) => onDay > choice.on);
        for (const { view } of commitments) expect(later).toContain(idOf(view));
      }),
    );
  });

  test('each record counts or is named as ignored', () => {
    fc.assert(
      fc.property(chosen, (choice) => {
        const { states, ignored } = statusOf(choice);
        const counted = states.flatMap(({ acts, pending }) => [...acts, ...pending].map(({ id }) => id));
        const seen = [...counted, ...ignored.map(({ id }) => id)];
        for (const { view } of saidOf(choice)) expect(seen.filter((id) => id === idOf(view))).toHaveLength(1);
      }),
    );
  });
});

interface Calendar {
  readonly inForceFrom: number | undefined;
  /** In the order of the states; those of whom something counts. */
  readonly standings: readonly (readonly [number, { standing: string; sinceSeconds: number | undefined }])[];
}

/** Record-types.md §8 by its words, a day at a time, from what was drawn and not from records. */
function turnedTo(today: number, threshold: number, said: readonly Said[]): Calendar {
  const counting = said.filter((each) => {
    if (each.act === 'endorse' || each.onDay > today) return false;
    const ends = [each.retractedOnDay, each.expiresOnDay].filter((end) => end !== undefined && end <= today);
    if (ends.length === 0) return true;
    const lasts = ['ratify', 'accede', 'withdraw'].includes(each.act);
    return lasts && effectOf(each) <= Math.min(...(ends as number[]));
  });
  const consentSince = new Map<number, number>();
  const leftOn = new Map<number, number>();
  const signedOn = new Map<number, number>();
  let reached = threshold === 0 ? 0 : undefined;
  for (let now = 0; now <= today; now += 1) {
    const effects = counting
      .filter((each) => effectOf(each) === now)
      .sort((a, b) => a.onDay - b.onDay || (idOf(a.view) < idOf(b.view) ? -1 : 1));
    for (const { by, act } of effects) {
      if (act === 'sign' && !signedOn.has(by)) signedOn.set(by, now);
      if ((act === 'ratify' || act === 'accede') && !consentSince.has(by)) consentSince.set(by, now);
      if (act === 'withdraw' && consentSince.delete(by)) leftOn.set(by, now);
    }
    if (reached === undefined && consentSince.size >= threshold) reached = now;
  }
  const inForceFrom = reached === undefined ? undefined : reached + (threshold === 2 ? 3 : 0);
  const inForce = inForceFrom !== undefined && inForceFrom <= today;
  const states = [...new Set(counting.map(({ by }) => by))].sort((a, b) => a - b);
  return {
    inForceFrom,
    standings: states.map((by) => {
      const since = consentSince.get(by);
      const at = (standing: string, on: number | undefined) =>
        [by, { standing, sinceSeconds: on === undefined ? undefined : day(on) }] as const;
      if (since !== undefined)
        return inForce ? at('bound', Math.max(since, inForceFrom)) : at('consented', since);
      if (leftOn.has(by)) return at('withdrawn', leftOn.get(by));
      return signedOn.has(by) ? at('signed', signedOn.get(by)) : at('none', undefined);
    }),
  };
}

function effectOf({ act, onDay, effectiveOnDay }: Said): number {
  const stated = effectiveOnDay ?? onDay;
  return act === 'withdraw' ? Math.max(stated, onDay + NOTICE_DAYS) : stated;
}
