// Whatever originators and others say, in whatever order it arrives: what is allowed is what a calendar shows that is turned
// day by day.

import { signerFromSeed } from '@comity/ed25519';
import { narrowView, type View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Consent, consentsOf } from './index.ts';
import {
  day,
  drawing,
  idOf,
  issued,
  releaseGrant,
  retraction,
  STATES,
  signWith,
} from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(3)));

const LAST_DAY = 45;
const POOL = 160;
const PARTS = ['1a', '2b', '3c'].map((byte) => byte.repeat(32));
const PURPOSES = ['incident-response', 'public-security'];

interface Said {
  readonly by: number;
  readonly decision: 'grant' | 'refuse' | 'revoke';
  readonly ofShared: boolean;
  readonly exercise: string | undefined;
  readonly parts: 'all' | readonly string[];
  readonly holder: number;
  readonly thirdParty: number;
  readonly purposes: readonly string[];
  readonly onDay: number;
  readonly fromDay: number;
  readonly untilDay: number;
  readonly expiresOnDay: number | undefined;
  readonly retractedOnDay: number | undefined;
  readonly view: View;
  readonly retraction: View | undefined;
}

const pool: { shared: View | undefined; said: readonly Said[] } = { shared: undefined, said: [] };

/** Records signed once: what is drawn anew for each run is which of them there are. */
beforeAll(async () => {
  const draw = drawing(20_261_124);
  const shared = await issued('incident', { stage: 'final' });
  const another = await issued('incident', { stage: 'final' });
  const said: Said[] = [];
  for (let index = 0; index < POOL; index += 1) {
    const onDay = draw(30);
    const named = PARTS.filter(() => draw(2) === 0);
    const plain = {
      by: draw(8) === 0 ? 1 + draw(2) : 0,
      decision: (['grant', 'grant', 'grant', 'revoke', 'revoke', 'refuse'] as const)[
        draw(6)
      ] as Said['decision'],
      ofShared: draw(10) > 0,
      exercise: draw(12) === 0 ? 'winter' : undefined,
      parts: named.length === 0 ? ('all' as const) : named,
      holder: 1 + draw(2),
      thirdParty: draw(10) === 0 ? 1 : 3,
      purposes: [PURPOSES, ...PURPOSES.map((purpose) => [purpose])][draw(3)] as readonly string[],
      onDay,
      fromDay: draw(30),
      untilDay: draw(45),
      expiresOnDay: draw(10) === 0 ? draw(40) : undefined,
      retractedOnDay: draw(6) === 0 ? draw(40) : undefined,
    };
    const { by, exercise, expiresOnDay, retractedOnDay, ofShared } = plain;
    const view = await releaseGrant(
      { ...plain, about: ofShared ? shared : another },
      {
        ...{ by, onDay },
        ...(exercise !== undefined && { exercise }),
        ...(expiresOnDay !== undefined && { expiresOnDay }),
      },
    );
    const inExercise = exercise === undefined ? {} : { exercise };
    const undone =
      retractedOnDay === undefined ? undefined : await retraction(view, retractedOnDay, inExercise);
    said.push({ ...plain, view, retraction: undone });
  }
  Object.assign(pool, { shared, said });
});

const chosen = fc.uniqueArray(fc.nat({ max: POOL - 1 }), { maxLength: 20 });
const saidOf = (indexes: readonly number[]): Said[] => indexes.map((index) => pool.said[index] as Said);
const viewsOf = (said: readonly Said[]): View[] => said.map(({ view }) => view);
const retractionsOf = (said: readonly Said[]): View[] =>
  said.flatMap(({ retraction: undone }) => (undone === undefined ? [] : [undone]));

function found(grants: readonly View[], retractions: readonly View[]) {
  const { header } = pool.shared as View;
  return consentsOf({ grants, retractions, recordOf: (id) => (id === header.id ? header : undefined) });
}

const foundOf = (said: readonly Said[]) => found(viewsOf(said), retractionsOf(said));

/** What may be handed on when, one word for each day, part, holder and purpose; the third party is always the fourth state. */
function allowed(consents: readonly Consent[]): Set<string> {
  const words = new Set<string>();
  for (const { parts, holder, purposes, fromSeconds, untilSeconds } of consents) {
    for (let now = 0; now <= LAST_DAY; now += 1) {
      if (day(now) < fromSeconds || day(now) >= untilSeconds) continue;
      for (const purpose of purposes) {
        for (const part of parts === 'all' ? PARTS : parts) words.add(`${now} ${part} ${holder} ${purpose}`);
      }
    }
  }
  return words;
}

/** Record-types.md §15 by its words, from what was drawn and not from records. */
function turnedDayByDay(said: readonly Said[]): Set<string> {
  const words = new Set<string>();
  const heard = said.filter(({ by, ofShared, exercise }) => by === 0 && ofShared && exercise === undefined);
  const grants = heard.filter(
    ({ decision, holder, thirdParty }) => decision === 'grant' && holder !== thirdParty,
  );
  for (const grant of grants) {
    const ends = [grant.untilDay, grant.expiresOnDay, grant.retractedOnDay].filter(
      (end) => end !== undefined,
    );
    const revocations = heard.filter(
      ({ decision, holder, thirdParty, onDay }) =>
        decision === 'revoke' &&
        holder === grant.holder &&
        thirdParty === grant.thirdParty &&
        onDay >= grant.onDay,
    );
    for (let now = Math.max(grant.fromDay, grant.onDay); now < Math.min(...ends); now += 1) {
      const sofar = revocations.filter(({ onDay }) => onDay <= now);
      const left = PARTS.filter((part) =>
        grant.parts === 'all'
          ? sofar.length === 0
          : grant.parts.includes(part) &&
            sofar.every(({ parts }) => parts !== 'all' && !parts.includes(part)),
      );
      for (const part of left) {
        for (const purpose of grant.purposes) words.add(`${now} ${part} ${STATES[grant.holder]} ${purpose}`);
      }
    }
  }
  return words;
}

describe('consents', () => {
  test('are what a calendar shows that is turned day by day', () => {
    let spoken = 0;
    fc.assert(
      fc.property(chosen, (indexes) => {
        const said = saidOf(indexes);
        const words = allowed(foundOf(said).consents);
        expect(words).toEqual(turnedDayByDay(said));
        if (words.size > 0) spoken += 1;
      }),
      { numRuns: 500, seed: 4 },
    );
    expect(spoken).toBeGreaterThan(200);
  });

  test('do not depend on the order of records, on how often they came, or on how their parts were split', () => {
    fc.assert(
      fc.property(chosen, fc.infiniteStream(fc.nat()), (indexes, numbers) => {
        const next = (max: number): number => Number(numbers.next().value) % max;
        const pieces = (view: View): View[] => {
          const roots = view.parts.map(({ digest }) => digest);
          const cut = next(roots.length);
          return [roots.slice(0, cut), roots.slice(cut)].map((kept) => narrowView(view, new Set(kept)));
        };
        const shuffled = (views: readonly View[]): View[] =>
          [...views, ...views.slice(0, next(4))]
            .flatMap(pieces)
            .map((view) => ({ view, at: next(1_000_000) }))
            .sort((a, b) => a.at - b.at)
            .map(({ view }) => view);
        const said = saidOf(indexes);
        expect(found(shuffled(viewsOf(said)), shuffled(retractionsOf(said)))).toEqual(foundOf(said));
      }),
      { seed: 4 },
    );
  });

  test('are not more by anything that another state says, and not fewer', () => {
    fc.assert(
      fc.property(chosen, (indexes) => {
        const said = saidOf(indexes);
        const own = said.filter(({ by }) => by === 0);
        expect(foundOf(said).consents).toEqual(foundOf(own).consents);
      }),
      { seed: 4 },
    );
  });

  test('are never more by a revocation, a retraction or a refusal', () => {
    fc.assert(
      fc.property(chosen, fc.nat({ max: POOL - 1 }), (indexes, more) => {
        const said = saidOf(indexes);
        const [added] = saidOf([more]) as [Said];
        const before = allowed(foundOf(said).consents);
        const retractions = [...retractionsOf(said), ...retractionsOf([added])];
        const grants = added.decision === 'grant' ? viewsOf(said) : viewsOf([...said, added]);
        for (const word of allowed(found(grants, retractions).consents)) expect(before).toContain(word);
      }),
      { seed: 4 },
    );
  });

  test('are never more where less is shown, as long as a revocation shows that it is one', () => {
    fc.assert(
      fc.property(chosen, fc.infiniteStream(fc.nat({ max: 7 })), (indexes, numbers) => {
        const said = saidOf(indexes);
        const narrowed = said.map(({ view, decision }) => {
          const kept = view.parts.filter(
            ({ path: [name] }) =>
              (decision === 'revoke' && name === 'decision') || numbers.next().value !== 0,
          );
          return narrowView(view, new Set(kept.map(({ digest }) => digest)));
        });
        const before = allowed(foundOf(said).consents);
        for (const word of allowed(found(narrowed, retractionsOf(said)).consents))
          expect(before).toContain(word);
      }),
      { seed: 4 },
    );
  });

  test('each grant of the originator is a consent or is named with a reason', () => {
    fc.assert(
      fc.property(chosen, (indexes) => {
        const said = saidOf(indexes);
        const { consents, ignored } = foundOf(said);
        const counted = new Set(consents.map(({ grant }) => grant));
        const named = ignored.map(({ id }) => id);
        for (const { view, decision } of said) {
          if (decision !== 'grant') continue;
          expect([counted.has(idOf(view)), named.includes(idOf(view))].filter(Boolean)).toHaveLength(1);
        }
      }),
      { seed: 4 },
    );
  });
});
